/** Growth over 36 months: partitions are counted in doubles where that is safe, so they are held against exact fractions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterLoads } from '../../lib/plan/capacity/cluster-load.ts';
import { grownDemand } from '../../lib/plan/capacity/demand.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import { add, ceil, divide, multiply, one, type Rational, rational } from '../../lib/rational.ts';
import { demandWith, topicDemandOf } from './capacity/demands.ts';
import { perSec, topicOf, useCaseOf } from './use-cases.ts';

const exactPartitions = (peak: Rational, thread: Rational, growth: Rational, month: number): number => {
  const factor = Array.from({ length: month }, () => add(one, growth)).reduce((a, b) => multiply(a, b), one);
  return Math.max(1, Number(ceil(divide(multiply(peak, factor), thread))));
};

function partitionsOf(peak: Rational, thread: Rational, growth: Rational): readonly number[] {
  const topic = topicOf({
    produce: { ratePerSec: peak, peakPerSec: peak, growthPerMonth: growth },
    consumers: [{ service: 'reader', ratePerSec: thread, catchUp: null }],
  });
  return planUseCase(useCaseOf([topic])).growth.map(({ topics }) => topics[0]?.partitions ?? 0);
}

const months = [0, 1, 12, 35, 36];
const fraction = (max: number) =>
  fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max: 100 })).map(([a, b]) => rational(a, b));

describe('partitions in the months to come', () => {
  it('are those of exact fractions', () => {
    const growth = fc.integer({ min: 0, max: 100 }).map((percent) => rational(percent, 100));
    fc.assert(
      fc.property(fraction(1_000_000), fraction(10_000), growth, (peak, thread, rate) => {
        const found = partitionsOf(peak, thread, rate);
        for (const month of months)
          expect(found[month], `month ${month}`).toBe(exactPartitions(peak, thread, rate, month));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['doubling meets whole numbers', rational(1000), rational(100), rational(1)],
    ['no growth stays on one', rational(1000), rational(100), rational(0)],
    ['a third a month comes back to whole numbers', rational(729), rational(1), rational(1, 3)],
    ['a hair above a whole number', rational(1_000_000_001, 1000), rational(100_000, 1000), rational(0)],
  ])('also where a double could slip: %s', (_what, peak, thread, rate) => {
    const found = partitionsOf(peak, thread, rate);
    for (const month of [0, 1, 2, 3, 4, 5, 6, 12])
      expect(found[month]).toBe(exactPartitions(peak, thread, rate, month));
  });
});

describe('retained bytes in the months to come', () => {
  it('are those of exact fractions, to the byte', () => {
    const growth = fc.integer({ min: 0, max: 100 }).map((percent) => rational(percent, 100));
    fc.assert(
      fc.property(fraction(100_000), growth, fc.integer({ min: 600, max: 8_640_000 }), (rate, percent, seconds) => {
        const topic = topicOf({
          produce: { ratePerSec: rate, peakPerSec: rate, growthPerMonth: percent },
          retention: { timeMs: seconds * 1000 },
        });
        const found = planUseCase(useCaseOf([topic])).growth;
        const base = multiply(rate, rational(200), rational(seconds), rational(3));
        for (const month of months) {
          const factor = Array.from({ length: month }, () => add(one, percent)).reduce((a, b) => multiply(a, b), one);
          expect(found[month]?.retainedBytes, `month ${month}`).toBe(Number(ceil(multiply(base, factor))));
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('what grows with the rate', () => {
  const loadIn = (month: number, change: Parameters<typeof topicDemandOf>[1]) =>
    clusterLoads(grownDemand(demandWith([topicDemandOf(10, { growthPerMonth: 1, ...change })]), month))(3);

  it('segments that bytes fill, not those that age closes: 48 x 2 of 30 partitions in 3 replicas, with the open ones', () => {
    const offsets = 50 * 3;
    expect(loadIn(0, { segmentsBySize: 48, segmentsByAge: 10 }).segments).toBe(90 * 49 + offsets);
    expect(loadIn(1, { segmentsBySize: 48, segmentsByAge: 10 }).segments).toBe(90 * 97 + offsets);
    expect(loadIn(1, { segmentsBySize: 4, segmentsByAge: 10 }).segments).toBe(90 * 11 + offsets);
    expect(loadIn(1, { segmentsBySize: 48, segmentsByAge: 0, compact: true }).segments).toBe(90 * 49 + offsets);
  });

  it('threads, up to one a partition for each group', () => {
    expect(loadIn(1, { consumerThreads: 12 }).consumerThreads).toBe(24);
    expect(loadIn(2, { consumerThreads: 12 }).consumerThreads).toBe(30);
  });

  it('on EC2 the memory maps run out in a month that is told, with what to raise', () => {
    const requirements = useCaseOf(
      [
        topicOf({
          message: { sizeBytes: 1000 },
          produce: { ratePerSec: perSec(20_000), peakPerSec: perSec(20_000), growthPerMonth: rational(1, 5) },
          retention: { timeMs: 30 * 86_400_000 },
          consumers: [],
        }),
      ],
      { target: 'ec2', brokers: null },
    );
    const { growth } = planUseCase(requirements);
    const told = growth.flatMap(({ limitsReached }) => limitsReached.filter((text) => text.startsWith('mapAreas')));
    expect(told).toEqual([expect.stringMatching(/: raise vm\.max_map_count$/)]);
    expect(growth.at(-1)?.utilisation.mapAreas).toBeGreaterThan(growth[0]?.utilisation.mapAreas ?? Number.NaN);
  });

  it('on Serverless quotas, for which no broker can be added', () => {
    const requirements = useCaseOf([topicOf({ produce: { growthPerMonth: rational(1, 2) } })], {
      target: 'msk-serverless',
      brokers: null,
    });
    const told = planUseCase(requirements).growth.flatMap(({ limitsReached }) => limitsReached);
    expect(told.filter((text) => text.startsWith('ingress'))).toEqual([
      expect.stringMatching(/: another target, or more than one cluster$/),
    ]);
    expect(told.join()).not.toMatch(/larger type|more brokers/);
  });
});
