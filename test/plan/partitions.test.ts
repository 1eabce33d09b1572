import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planPartitions } from '../../lib/plan/partitions.ts';
import { rational } from '../../lib/rational.ts';
import type { ConsumerRequirement } from '../../lib/requirements/types.ts';
import { perSec, topicOf } from './use-cases.ts';

const hourMs = 3_600_000;

function consumer(service: string, ratePerSec: number, catchUp: ConsumerRequirement['catchUp'] = null) {
  return { service, ratePerSec: perSec(ratePerSec), catchUp };
}

describe('planPartitions', () => {
  it.each([
    ['peak / rate, rounded up', [consumer('a', 100)], 10],
    ['one more for the smallest remainder', [consumer('a', 999)], 2],
    ['the slowest consumer decides', [consumer('a', 100), consumer('b', 30)], 34],
    ['one without consumers', [], 1],
    ['one for a consumer that is faster than the peak', [consumer('a', 5000)], 1],
    // (200 + 200 x 1 h / 10 min) / 100 = 14
    ['catching up decides', [consumer('a', 100, { outageMs: hourMs, withinMs: hourMs / 6 })], 14],
    ['the peak decides over a slow catch-up', [consumer('a', 100, { outageMs: hourMs, withinMs: hourMs })], 10],
  ])('%s', (_, consumers, partitions) => {
    expect(planPartitions(topicOf({ consumers }), 'msk').partitions).toBe(partitions);
  });

  it('counts exactly where a float does not', () => {
    // 0.3 / 0.1 is 2.9999999999999996 in floats, 1.1 / 0.1 is 11.000000000000002.
    const tenth = { service: 'a', ratePerSec: rational(1, 10), catchUp: null };
    for (const tenths of [3, 11, 7, 12_345_679]) {
      const topic = topicOf({ consumers: [tenth], produce: { peakPerSec: rational(tenths, 10) } });
      expect(planPartitions(topic, 'msk').partitions).toBe(tenths);
    }
  });

  it('gives each group the threads it needs, and no more than there are partitions', () => {
    const { groups, partitions } = planPartitions(
      topicOf({ consumers: [consumer('lecture', 100), consumer('search', 250)] }),
      'msk',
    );
    expect(groups.map(({ name, threads }) => [name, threads])).toEqual([
      ['CGR-lecture-categoryChanged', 10],
      ['CGR-search-categoryChanged', 4],
    ]);
    expect(partitions).toBe(10);
  });

  it.each([
    // 100,000/s x 1000 B = 100 MB/s
    ['msk', 0, 1],
    ['msk-express', 0, 7],
    ['msk-serverless', 0, 20],
    ['msk-serverless', 2, 20],
    ['msk-serverless', 5, 50],
  ] as const)('%s with %d fast groups caps a partition: %d', (target, groups, partitions) => {
    const topic = topicOf({
      consumers: Array.from({ length: groups }, (_, index) => consumer(`s${index}`, 100_000)),
      message: { sizeBytes: 1000 },
      produce: { peakPerSec: perSec(100_000) },
    });
    expect(planPartitions(topic, target).partitions).toBe(partitions);
    const reused = planPartitions({ ...topic, reuse: ['replay', 'newConsumers'] }, target).partitions;
    expect(reused).toBe(target === 'msk-serverless' ? Math.max(20, 10 * (groups + 1)) : partitions);
  });

  it('counts compressed bytes against the caps of a partition', () => {
    const topic = topicOf({
      consumers: [],
      message: { sizeBytes: 1000, compression: 'zstd', ratio: rational(1, 4) },
      produce: { peakPerSec: perSec(100_000) },
    });
    expect(planPartitions(topic, 'msk-serverless').partitions).toBe(5);
  });

  it('is never below any bound and meets one of them', () => {
    const rate = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(rate, fc.array(rate, { minLength: 1, maxLength: 5 }), (peak, rates) => {
        const { partitions } = planPartitions(
          topicOf({
            produce: { peakPerSec: perSec(peak) },
            consumers: rates.map((each, index) => consumer(`s${index}`, each)),
          }),
          'msk',
        );
        const slowest = Math.min(...rates);
        expect(partitions * slowest).toBeGreaterThanOrEqual(peak);
        expect((partitions - 1) * slowest).toBeLessThan(peak);
      }),
    );
  });
});
