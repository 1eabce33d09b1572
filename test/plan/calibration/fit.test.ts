import { describe, expect, it } from 'vitest';
import { fitCosts } from '../../../lib/plan/calibration/fit.ts';
import { coresFor } from '../../../lib/plan/calibration/predict.ts';
import type { CpuCosts } from '../../../lib/plan/calibration/types.ts';
import { workKinds } from '../../../lib/plan/calibration/types.ts';
import { costs, observations, trueCosts, works } from './calibrations.ts';

function fitted(of: Parameters<typeof fitCosts>[0]): CpuCosts {
  const found = fitCosts(of);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

describe('fitCosts', () => {
  it('finds the costs that made the observations', () => {
    const found = fitted(observations());
    for (const kind of workKinds) expect(found.costs[kind].coreSeconds, kind).toBeCloseTo(trueCosts[kind], 7);
    expect(found.error.worst).toBeLessThan(1e-6);
  });

  it('keeps the truth within its intervals when measurements scatter, and says how far predictions are off', () => {
    const repeats = [0, 1, 2].flatMap((round) => observations((index) => 1 + 0.05 * Math.sin(7 * index + 3 * round)));
    const found = fitted(repeats);
    for (const kind of workKinds) {
      expect(found.costs[kind].low, kind).toBeLessThanOrEqual(trueCosts[kind]);
      expect(found.costs[kind].high, kind).toBeGreaterThanOrEqual(trueCosts[kind]);
    }
    expect(found.error.median).toBeGreaterThan(0.01);
    expect(found.error.worst).toBeLessThan(0.15);
  });

  it('lets no work give cores back', () => {
    const odd = works.map((work, index) => ({
      from: String(index),
      work,
      cores: Math.max(0.01, coresFor(costs, work) - 0.012 * work.replicatedMB),
      disk: null,
    }));
    const found = fitted([...odd, ...odd]);
    for (const kind of workKinds) expect(found.costs[kind].coreSeconds, kind).toBeGreaterThanOrEqual(0);
    expect(found.costs.replicatedMB.coreSeconds).toBe(0);
  });

  it('counts one wild observation in its error', () => {
    expect(fitted(observations((index) => (index === 4 ? 2 : 1))).error.worst).toBeGreaterThan(0.3);
  });

  it.each([
    ['nothing', [], /no observation has the brokers' CPU/],
    [
      'an existing cluster',
      observations().map((each) => ({ ...each, cores: null })),
      /no observation has the brokers' CPU/,
    ],
    ['too few', observations().slice(0, 9), /9 observations .* at least 10 are needed/],
    [
      'one load again and again',
      Array.from({ length: 20 }, () => observations()[4]).flatMap((each) => (each === undefined ? [] : [each])),
      /nothing tells its kinds apart/,
    ],
    [
      'loads that nobody read',
      observations().map((each) => ({ ...each, work: { ...each.work, consumedMB: 0, consumedBatch: 0 } })),
      /nothing was measured with MB consumed, a batch consumed/,
    ],
  ])('of %s says what is missing', (_, given, reason) => {
    expect(fitCosts(given)).toMatch(reason);
  });
});
