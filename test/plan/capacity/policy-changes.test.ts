import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../lib/plan/capacity/policy.ts';
import { changedPolicy } from '../../../lib/plan/capacity/policy-changes.ts';
import { planUseCase } from '../../../lib/plan/plan.ts';
import { perSec, topicOf, useCaseOf } from '../use-cases.ts';

describe('a changed policy', () => {
  it('replaces what is named and keeps the rest', () => {
    expect(changedPolicy('comfortableBrokers=60, priceTolerance=20%,cpu=50%/80%,network=0.7')).toEqual({
      ...defaultPolicy,
      comfortableBrokers: 60,
      priceTolerance: 0.2,
      cpu: { normal: 0.5, degraded: 0.8, reason: 'as asked for' },
      network: { normal: 0.7, degraded: 0.7, reason: 'as asked for' },
    });
    expect(changedPolicy('priceTolerance=0%').priceTolerance).toBe(0);
  });

  it.each([
    ['comfortBrokers=3', /did you mean comfortableBrokers\?/],
    ['cpu=120%', /cpu=60% or cpu=60%\/90%/],
    ['cpu=90%/60%', /after the loss no less/],
    ['volumeFill=0%', /a share such as volumeFill=60%/],
    ['comfortableBrokers=-1', /a whole number such as comfortableBrokers=30/],
    ['', /nothing: expected the name of a figure/],
    ['toString=1', /expected the name of a figure/],
  ])('%s is refused', (text, reason) => {
    expect(() => changedPolicy(text)).toThrow(expect.objectContaining({ code: 'USAGE', exitCode: 64 }));
    expect(() => changedPolicy(text)).toThrow(reason);
  });

  it('tells all faults at once', () => {
    expect(() => changedPolicy('cpu=2,nothing=1')).toThrow(/cpu=2.*; "nothing=1"/s);
  });
});

/** 300 MB/s: enough that the cheapest is many small brokers. */
const large = useCaseOf(
  [
    topicOf({
      message: { sizeBytes: 1000 },
      produce: { ratePerSec: perSec(200_000), peakPerSec: perSec(300_000) },
      retention: { timeMs: 86_400_000 },
      consumers: [{ service: 'reader', ratePerSec: perSec(10_000), catchUp: null }],
    }),
  ],
  { brokers: null, survive: 'zone' },
);

describe('the tie-breaks', () => {
  it('are stated in the plan with the figures that were used', () => {
    const why = (policy?: string) =>
      planUseCase(large, policy === undefined ? {} : { policy: changedPolicy(policy) }).cluster.why.find(
        ({ figure }) => figure === 'instanceType',
      )?.formula;
    expect(why()).toMatch(/at most 30 brokers; within 10 %/);
    expect(why('comfortableBrokers=60,priceTolerance=0%')).toMatch(/at most 60 brokers; within 0 %/);
  });

  it('move the choice: a higher tolerance never takes more brokers', () => {
    const brokers = (tolerance: string): number =>
      planUseCase(large, { policy: changedPolicy(`comfortableBrokers=60,priceTolerance=${tolerance}`) }).cluster
        .brokers;
    const counts = ['0%', '10%', '50%', '100%'].map(brokers);
    expect(counts.toSorted((a, b) => b - a)).toEqual(counts);
    expect(counts.at(-1)).toBeLessThan(counts[0] ?? 0);
  });
});
