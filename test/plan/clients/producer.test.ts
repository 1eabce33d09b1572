import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTopic } from '../../../lib/plan/topics.ts';
import type { ProducerConfig } from '../../../lib/plan/types.ts';
import type { Slo } from '../../../lib/requirements/types.ts';
import { perSec, type TopicChange, topicOf, useCaseOf } from '../use-cases.ts';

const mebibyte = 1_048_576;

function producer(topic: TopicChange = {}, slo: Partial<Slo> = {}): ProducerConfig {
  const useCase = useCaseOf([topicOf(topic)]);
  return planTopic(topicOf(topic), { ...useCase, slo: { ...useCase.slo, ...slo } }).producer;
}

const rates = (perSecond: number) => ({
  ratePerSec: perSec(perSecond),
  peakPerSec: perSec(perSecond),
});

describe('batch.size and buffer.memory', () => {
  it('stay at the defaults where these are enough', () => {
    expect(producer()).toMatchObject({ 'batch.size': 16_384, 'buffer.memory': 32 * mebibyte, 'linger.ms': 5 });
  });

  it('give room to what arrives while five batches are under way: Little’s law', () => {
    // 100 MB/s without a key from one producer, 45 ms to acknowledge: 9 ms x 100 MB/s = 0.9 MB, more than is allowed.
    const fast = producer({ message: { key: null, sizeBytes: 1000 }, produce: { ...rates(100_000), producers: 1 } });
    expect(fast['batch.size']).toBe(mebibyte / 2);
    // The same over 10 producers: 10 MB/s x 9 ms x 2 and a record, up to a power of 2.
    const shared = producer({ message: { key: null, sizeBytes: 1000 }, produce: { ...rates(100_000), producers: 10 } });
    expect(shared['batch.size']).toBe(2 ** Math.ceil(Math.log2(2 * 10_700_000 * 0.009)));
    // Two seconds of a failover and more of 10 MB/s, and an open batch.
    expect(Number(shared['buffer.memory'])).toBeGreaterThan(9 * 10_000_000);
    expect(Number(shared['buffer.memory']) % mebibyte).toBe(0);
    expect(fast['buffer.memory']).toBe(512 * mebibyte);
  });

  it('never shrink for a higher rate, and batches by size never close before linger at an even rate', () => {
    const rate = fc.integer({ min: 1, max: 200_000 });
    fc.assert(
      fc.property(rate, rate, fc.boolean(), (few, more, keyed) => {
        const message = { key: keyed ? 'id' : null };
        const [small, large] = [few, few + more].map((each) => producer({ message, produce: rates(each) }));
        for (const setting of ['batch.size', 'buffer.memory'] as const)
          expect(Number(large?.[setting])).toBeGreaterThanOrEqual(Number(small?.[setting]));
        const recordsOfLinger = 1 + (few / 4) * 0.005;
        if (small?.['batch.size'] !== mebibyte / 2 && !keyed)
          expect(Number(small?.['batch.size'])).toBeGreaterThan(61 + recordsOfLinger * 210);
      }),
      { numRuns: 60 },
    );
  });

  it('take a time to acknowledge that is assumed, and say so, where publish p99 is not asked for', () => {
    const useCase = useCaseOf([topicOf()]);
    const { why } = planTopic(topicOf(), { ...useCase, slo: { ...useCase.slo, publishP99Ms: null } });
    expect(why.find(({ figure }) => figure === 'producer.batch.size')?.inputs.ackMs).toBe('100, assumed');
  });
});
