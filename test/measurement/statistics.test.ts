import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSteady, median, medianInterval } from '../../lib/measurement/statistics.ts';

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 15 });

describe('median', () => {
  it.each([
    [[], null],
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 2, 3], 2.5],
  ])('of %j is %j', (values, expected) => expect(median(values)).toBe(expected));
});

describe('medianInterval', () => {
  it('is null of nothing and a point for equal values', () => {
    expect(medianInterval([], 1)).toBeNull();
    expect(medianInterval([7, 7, 7], 1)).toEqual({ median: 7, low: 7, high: 7, confidence: 0.95 });
  });

  it('holds the median, stays within the samples, and repeats with its seed', () => {
    fc.assert(
      fc.property(numbers, fc.integer(), (values, seed) => {
        const interval = medianInterval(values, seed);
        if (interval === null) throw new Error('no interval');
        expect(interval.low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(interval.high).toBeLessThanOrEqual(Math.max(...values));
        expect(interval.low).toBeLessThanOrEqual(interval.median);
        expect(interval.high).toBeGreaterThanOrEqual(interval.median);
        expect(medianInterval(values, seed)).toEqual(interval);
      }),
      { numRuns: 25 },
    );
  });

  it('narrows with more samples of the same spread', () => {
    const width = (count: number): number => {
      const interval = medianInterval(
        Array.from({ length: count }, (_, index) => (index * 37) % 100),
        1,
      );
      return interval === null ? Number.NaN : interval.high - interval.low;
    };
    expect(width(100)).toBeLessThan(width(7));
  });
});

describe('isSteady', () => {
  const second = (acknowledged: number, p99Ms: number | null) => ({ offered: 1000, acknowledged, p99Ms });

  it('needs three whole seconds', () => {
    expect(isSteady([])).toBe(false);
    expect(isSteady([second(1000, 5), second(1000, 5)])).toBe(false);
    expect(isSteady([second(1000, 5), second(1000, 5), second(1000, 5)])).toBe(true);
  });

  it.each([
    ['falls behind', [second(1000, 5), second(900, 5), second(1000, 5)]],
    ['still catches up', [second(1000, 5), second(1000, 5), second(1100, 5)]],
    ['p99 still falls', [second(1000, 40), second(1000, 20), second(1000, 10)]],
    ['a second without an acknowledgement', [second(1000, 5), second(1000, 5), second(0, null)]],
  ])('is not steady: %s', (_, samples) => expect(isSteady(samples)).toBe(false));

  it('looks at the last three seconds only, and is not upset by counting a few records', () => {
    expect(isSteady([second(0, null), second(400, 300), second(990, 5), second(1010, 6), second(1000, 9)])).toBe(true);
    const slow = [9, 11, 10].map((acknowledged) => ({ offered: 10, acknowledged, p99Ms: 3 }));
    expect(isSteady(slow)).toBe(true);
  });
});
