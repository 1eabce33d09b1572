import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalProcesses, createArrivals } from '../../../bench/load/arrivals.ts';
import { createRateCurve, type RatePoint } from '../../../bench/load/rate-curve.ts';

const curves = fc
  .array(
    fc.record({
      lengthMs: fc.nat(5_000),
      perSec: fc.oneof(fc.constant(0), fc.double({ min: 1, max: 5_000, noNaN: true })),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((steps): readonly RatePoint[] => {
    let atMs = 0;
    return steps.map(({ lengthMs, perSec }) => {
      atMs += lengthMs;
      return { atMs, perSec };
    });
  });

describe('a rate curve', () => {
  it('of one point is that rate, to the last digit', () => {
    const { whenDue, dueBy } = createRateCurve([{ atMs: 0, perSec: 3 }]);
    expect(whenDue(3_000_000)).toBe(1_000_000_000);
    expect(dueBy(1_000)).toBe(3);
  });

  it('has a ramp, steps and times without load', () => {
    const ramp = createRateCurve([
      { atMs: 0, perSec: 0 },
      { atMs: 10_000, perSec: 1_000 },
    ]);
    expect(ramp.dueBy(10_000)).toBeCloseTo(5_000, 6);
    expect(ramp.whenDue(1_250)).toBeCloseTo(5_000, 6);
    const steps = createRateCurve([
      { atMs: 1_000, perSec: 100 },
      { atMs: 1_000, perSec: 0 },
      { atMs: 3_000, perSec: 0 },
      { atMs: 3_000, perSec: 500 },
    ]);
    expect(steps.dueBy(2_500)).toBeCloseTo(100, 6);
    expect(steps.whenDue(101)).toBeCloseTo(3_002, 6);
  });

  it('says when what is due by a time is due', () => {
    fc.assert(
      fc.property(curves, fc.double({ min: 1, max: 30_000, noNaN: true }), (points, atMs) => {
        const { dueBy, whenDue } = createRateCurve(points);
        const due = dueBy(atMs);
        if (due === 0) return;
        const when = whenDue(due * (1 - 1e-9));
        expect(when).toBeLessThanOrEqual(atMs + 1e-3);
        expect(dueBy(when)).toBeCloseTo(due, 2);
      }),
    );
  });

  it('refuses what is no curve', () => {
    expect(() => createRateCurve([])).toThrow(/at least one point/);
    expect(() => createRateCurve([{ atMs: 0, perSec: -1 }])).toThrow(/-1\/s is not a rate/);
    expect(() => createRateCurve([{ atMs: 0, perSec: Number.NaN }])).toThrow(/NaN\/s is not a rate/);
    expect(() =>
      createRateCurve([
        { atMs: 5, perSec: 1 },
        { atMs: 4, perSec: 1 },
      ]),
    ).toThrow(/goes back at 4 ms/);
  });
});

describe.each(arrivalProcesses)('%s arrivals', (process) => {
  it('are due exactly when their time has come, on any curve', () => {
    fc.assert(
      fc.property(curves, fc.nat(1e6), fc.double({ min: 0, max: 30_000, noNaN: true }), (rate, seed, elapsedMs) => {
        const { atMs, countBy } = createArrivals({ process, rate }, seed);
        const count = countBy(elapsedMs);
        expect(atMs(count)).toBeGreaterThan(elapsedMs);
        if (count > 0) expect(atMs(count - 1)).toBeLessThanOrEqual(elapsedMs);
      }),
      { numRuns: 60 },
    );
  });

  it('are the same in whatever order they are asked for', () => {
    const spec = { process, rate: [{ atMs: 0, perSec: 1_000 }] };
    const forward = createArrivals(spec, 7);
    const times = Array.from({ length: 400 }, (_, index) => forward.atMs(index * 1_000));
    const backward = createArrivals(spec, 7);
    expect(times.map((_, index) => backward.atMs((399 - index) * 1_000)).toReversed()).toEqual(times);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('never come at rate 0', () => {
    const { atMs, countBy } = createArrivals({ process, rate: [{ atMs: 0, perSec: 0 }] }, 1);
    expect(atMs(0)).toBe(Number.POSITIVE_INFINITY);
    expect(countBy(1e9)).toBe(0);
  });
});

it('random arrivals have the rate, and the spread of a Poisson process', () => {
  const { countBy } = createArrivals({ process: 'poisson', rate: [{ atMs: 0, perSec: 1_000 }] }, 42);
  const perWindow = Array.from({ length: 2_000 }, (_, at) => countBy((at + 1) * 100) - countBy(at * 100));
  const mean = perWindow.reduce((sum, count) => sum + count, 0) / perWindow.length;
  const variance = perWindow.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (perWindow.length - 1);
  // Both are 100; four standard errors of 2,000 windows.
  expect(Math.abs(mean - 100)).toBeLessThan(4 * Math.sqrt(100 / 2_000));
  expect(Math.abs(variance / 100 - 1)).toBeLessThan(4 * Math.sqrt(2 / 2_000));
});
