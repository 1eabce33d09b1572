import { describe, expect, it } from 'vitest';
import { lengthsOf, limitSettings, peakOf, shareOut } from '../../../bench/limit/settings.ts';
import { probePurposes } from '../../../lib/measurement/limit/types.ts';
import { examplePlan } from '../example-plan.ts';

const plan = examplePlan();
const left = { fromPerSec: null, toPerSec: null, budgetMs: null, resolution: null };

describe('the settings of a search', () => {
  it('begin at the peak, a tenth of it is the lowest rate, and two minutes are enough', () => {
    const settings = limitSettings(plan, left);
    expect(settings.startPerSec).toBe(peakOf(plan));
    expect(settings.fromPerSec).toBe(Math.max(50, peakOf(plan) / 10));
    expect(settings).toMatchObject({ toPerSec: 1_000_000, budgetMs: 120_000, resolution: 0.05 });
  });

  it('take a range that does not hold the peak', () => {
    expect(limitSettings(plan, { ...left, fromPerSec: 20_000, toPerSec: 40_000 }).startPerSec).toBe(20_000);
    expect(limitSettings(plan, { ...left, fromPerSec: 60, toPerSec: 70 }).startPerSec).toBe(70);
  });

  it('begin lower when the highest rate given asks for it', () => {
    expect(limitSettings(plan, { ...left, toPerSec: 60 })).toMatchObject({ fromPerSec: 60, toPerSec: 60 });
  });

  it.each([
    [{ fromPerSec: 0 }, /--from: expected 50\/s to 10,000,000\/s, got 0\/s: fewer give too few samples/],
    [{ fromPerSec: 49 }, /--from: .*got 49\/s/],
    [{ toPerSec: 1e12 }, /--to: .*no generator on one machine makes more/],
    [{ fromPerSec: 200, toPerSec: 100 }, /--from 200\/s is above --to 100\/s/],
    [{ fromPerSec: Number.NaN }, /--from/],
    [{ budgetMs: 5_000 }, /--time: expected 20 s to 1 h, got 5 s/],
    [{ resolution: 0 }, /--resolution: expected 1% to 50%, got 0%/],
  ])('refuse %j', (given, expected) => {
    expect(() => limitSettings(plan, { ...left, ...given })).toThrow(expected);
  });

  it('tell all faults at once', () => {
    expect(() => limitSettings(plan, { fromPerSec: 0, toPerSec: 1e12, budgetMs: 1, resolution: 2 })).toThrow(
      /--from[\s\S]*--to[\s\S]*--time[\s\S]*--resolution/,
    );
  });
});

it('each topic has its share of the rate by its peak', () => {
  const shares = shareOut(plan, 3_000);
  expect(Object.values(shares).reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(3_000, 6);
  for (const { name, load } of plan.topics)
    expect(shares[name]).toBeCloseTo((3_000 * load.peakPerSec) / peakOf(plan), 6);
});

it('only the ramp is short, and the first probe warms cold brokers up', () => {
  for (const purpose of probePurposes) {
    expect(lengthsOf(purpose, true).warmUpMaxMs).toBeGreaterThan(lengthsOf(purpose, false).warmUpMaxMs);
    if (purpose !== 'ramp')
      expect(lengthsOf(purpose, false).measureMs).toBeGreaterThan(lengthsOf('ramp', false).measureMs);
  }
});
