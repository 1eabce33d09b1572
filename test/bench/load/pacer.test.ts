import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstNotDue, nextOfProducer, type Schedule, slotMs } from '../../../bench/load/pacer.ts';

const schedules = fc.record({
  startMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  ratePerSec: fc.double({ min: 0.1, max: 1e6, noNaN: true }),
  firstId: fc.nat(1e9),
});

describe('slots', () => {
  it('follow from the number of the record, so a long run does not drift', () => {
    const schedule: Schedule = { startMs: 100, ratePerSec: 3, firstId: 5 };
    expect(slotMs(schedule, 5)).toBe(100);
    expect(slotMs(schedule, 5 + 3_000_000)).toBe(100 + 1_000_000_000);
  });

  it('are due exactly when their time has come', () => {
    fc.assert(
      fc.property(schedules, fc.double({ min: 0, max: 1e5, noNaN: true }), (schedule, elapsedMs) => {
        const nowMs = schedule.startMs + elapsedMs;
        const id = firstNotDue(schedule, nowMs);
        expect(slotMs(schedule, id)).toBeGreaterThan(nowMs);
        if (id > schedule.firstId) expect(slotMs(schedule, id - 1)).toBeLessThanOrEqual(nowMs);
      }),
    );
  });

  it('are none before the start and none at rate 0', () => {
    expect(firstNotDue({ startMs: 100, ratePerSec: 1000, firstId: 7 }, 99.9)).toBe(7);
    expect(firstNotDue({ startMs: 100, ratePerSec: 0, firstId: 7 }, 1e9)).toBe(7);
    expect(firstNotDue({ startMs: 100, ratePerSec: 1000, firstId: 7 }, 100)).toBe(8);
  });
});

describe('producers', () => {
  it('take turns without leaving a record out', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 12 }), (fromId, producers) => {
        const next = Array.from({ length: producers }, (_, producer) => nextOfProducer(fromId, producer, producers));
        expect([...next].sort((a, b) => a - b)).toEqual(next.map((_, index) => fromId + index));
        for (const [producer, id] of next.entries()) expect(id % producers).toBe(producer);
      }),
    );
  });
});
