import { describe, expect, it } from 'vitest';
import { lagPerSec, msUntilLag } from '../../../lib/plan/clients/lag.ts';
import { planUseCase } from '../../../lib/plan/plan.ts';
import { dayMs, perSec, type TopicChange, topicOf, useCaseOf } from '../use-cases.ts';

describe('the published sums of lag', () => {
  it('grows by rate - min(consumers, partitions) x rate of one', () => {
    expect(lagPerSec(1000, { threads: 7, partitions: 10, ratePerThread: 100 })).toBe(300);
    expect(lagPerSec(1000, { threads: 12, partitions: 8, ratePerThread: 100 })).toBe(200);
  });

  it('overflows after (highest - lag) / growth, and never where it does not grow', () => {
    expect(msUntilLag(5000 - 2000, 300)).toBe(10_000);
    expect(msUntilLag(5000, 0)).toBeNull();
    expect(msUntilLag(5000, -100)).toBeNull();
  });
});

describe('threads that are too few', () => {
  const warned = (threads: number, change: TopicChange = {}) => {
    const consumers = [{ service: 'lecture', ratePerSec: perSec(100), catchUp: null, threads }];
    return planUseCase(useCaseOf([topicOf({ consumers, ...change })])).warnings;
  };

  it('are told with the time until the lag is beyond what is asked for: 7 of 10 threads, 5,000 records', () => {
    const [warning] = warned(7);
    expect(warning?.code).toBe('CONSUMERS_TOO_FEW');
    expect(warning?.message).toContain(
      'at peak the lag grows by 300/s and is beyond the 5,000 asked for after 16.67 s',
    );
  });

  it('lose records where they are slower than the average: 1 thread of 100/s for 200/s kept 5 days, after 10 days', () => {
    const [warning] = warned(1);
    expect(warning?.code).toBe('RECORDS_EXPIRE_UNREAD');
    expect(warning?.message).toContain('the lag grows by 100/s, and after 10 d records are deleted');
  });

  it('lose nothing of a topic that deletes nothing by age', () => {
    const kept = { cleanup: 'compact', timeMs: null, keys: 1000 } as const;
    expect(warned(1, { retention: kept }).map(({ code }) => code)).toEqual(['CONSUMERS_TOO_FEW']);
  });

  it('may be too few for the catch-up alone', () => {
    const catchUp = { outageMs: dayMs, withinMs: dayMs / 24 };
    const consumers = [{ service: 'lecture', ratePerSec: perSec(100), catchUp, threads: 10 }];
    const [warning] = planUseCase(useCaseOf([topicOf({ consumers })])).warnings;
    expect(warning?.message).toContain('it does not catch up in the time asked for');
  });
});
