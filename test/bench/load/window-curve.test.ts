import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalProcesses, createArrivals } from '../../../bench/load/arrivals.ts';
import { openLoad } from '../../../bench/load/open-load.ts';
import { firstNotDue, goOnWith, slotMs } from '../../../bench/load/pacer.ts';
import { createRateCurve } from '../../../bench/load/rate-curve.ts';
import type { PhaseSpec } from '../../../bench/load/types.ts';
import { curveRange, describeCurve, fitCurve, type WindowCurve, writeCurve } from '../../../bench/load/window-curve.ts';
import { loadTopic, phaseSpec } from './load-topic.ts';
import { createMemoryDriver } from './memory-driver.ts';

const ramp: WindowCurve = {
  name: 'ramp:1:3',
  points: [
    { at: 0, rate: 1 },
    { at: 1, rate: 3 },
  ],
};

/** Any unit of time, any unit of rate, times without load, steps. */
const curves = fc
  .record({
    beginsAt: fc.constantFrom(0, 1_764_000_000),
    parts: fc.array(
      fc.record({
        length: fc.oneof(fc.constant(0), fc.double({ min: 0.5, max: 3_600, noNaN: true })),
        rate: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1e6, noNaN: true })),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  })
  .map(({ beginsAt, parts }): WindowCurve => {
    let at = beginsAt;
    const points = parts.map(({ length, rate }) => {
      at += length;
      return { at, rate };
    });
    // So that it has a length and a rate whatever comes before.
    return { name: 'any', points: [...points, { at: at + 1, rate: 5 }] };
  });

describe('a curve fitted to a window', () => {
  it('is as long as the window, and its mean is the rate of the phase', () => {
    fc.assert(
      fc.property(
        curves,
        fc.integer({ min: 2_000, max: 600_000 }),
        fc.double({ min: 0.1, max: 1e5, noNaN: true }),
        (curve, windowMs, perSec) => {
          const points = fitCurve(curve, windowMs, perSec);
          expect(points[0]?.atMs).toBe(0);
          expect(points.at(-1)?.atMs).toBeCloseTo(windowMs, 6);
          const due = createRateCurve(points).dueBy(windowMs);
          expect(due / ((perSec * windowMs) / 1000)).toBeCloseTo(1, 9);
          const { lowest, highest } = curveRange(curve);
          for (const point of points) {
            expect(point.perSec).toBeGreaterThanOrEqual(lowest * perSec * (1 - 1e-9));
            expect(point.perSec).toBeLessThanOrEqual(highest * perSec * (1 + 1e-9));
          }
        },
      ),
    );
  });

  it('says how far it goes, and is written so that it can be asked for again', () => {
    expect(describeCurve(ramp)).toBe('ramp:1:3: 0.50 to 1.50 x the average rate');
    expect(writeCurve(ramp)).toBe('seconds,rate\n0,1\n1,3\n');
  });

  it('is none without a length or a rate', () => {
    for (const points of [[], ramp.points.slice(0, 1), ramp.points.map(({ at }) => ({ at, rate: 0 }))]) {
      expect(() => fitCurve({ name: 'none', points }, 1_000, 1)).toThrow(RangeError);
    }
  });
});

describe.each(arrivalProcesses)('slots of %s arrivals that go on along a curve', (process) => {
  it('are due exactly when their time has come, before, at and after the change', () => {
    const times = fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(curves, times, fc.double({ min: 0.5, max: 2_000, noNaN: true }), (curve, at, perSec) => {
        const [startMs = 0, warmUpMs = 0, elapsedMs = 0] = at;
        const fromMs = startMs + warmUpMs;
        const first = { startMs, ratePerSec: perSec, firstId: 77 };
        const arrivals = createArrivals({ process, rate: fitCurve(curve, 10_000, perSec) }, 3);
        const schedule = goOnWith(first, fromMs, arrivals);
        for (const nowMs of [startMs + elapsedMs, fromMs, fromMs + elapsedMs]) {
          const id = firstNotDue(schedule, nowMs);
          expect(slotMs(schedule, id)).toBeGreaterThan(nowMs - 1e-6);
          if (id > 77) expect(slotMs(schedule, id - 1)).toBeLessThanOrEqual(nowMs + 1e-6);
        }
        // What was due before the change stays where it was.
        const before = firstNotDue(first, fromMs);
        for (const id of [77, before - 1]) {
          if (id >= 77 && id < before) expect(slotMs(schedule, id)).toBeCloseTo(slotMs(first, id), 6);
        }
        expect(slotMs(schedule, before)).toBeGreaterThanOrEqual(fromMs - 1e-6);
      }),
      { numRuns: 60 },
    );
  });
});

async function run(phase: Partial<PhaseSpec>) {
  const session = await openLoad({
    target: { bootstrap: ['memory:1'], clientId: 'test' },
    driver: createMemoryDriver(),
    topics: [loadTopic()],
    seed: 7,
    onIncident: () => {},
  });
  const result = await session.run(phaseSpec(phase));
  await session.close();
  return result;
}

it('a load follows it from the beginning of the window, however long the warm-up took, and its mean is the rate', async () => {
  const { topics, series } = await run({ curve: ramp, warmUpMinMs: 137, warmUpMaxMs: 137, measureMs: 3_000 });
  const [topic] = topics;
  expect(topic?.offeredPerSec).toBeCloseTo(1_000, 0);
  expect(topic).toMatchObject({ acknowledged: topic?.scheduled, groups: [{ received: topic?.scheduled }] });
  // The integral of each second of a line from 500/s to 1,500/s.
  const offered = series.map((second) => second.offered);
  for (const [second, due] of [667, 1_000, 1_333].entries())
    expect(Math.abs((offered[second] ?? 0) - due)).toBeLessThan(3);
});
