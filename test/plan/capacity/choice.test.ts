import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../lib/plan/capacity/candidate.ts';
import { choose } from '../../../lib/plan/capacity/choice.ts';
import { defaultPolicy } from '../../../lib/plan/capacity/policy.ts';
import type { ResourceUse } from '../../../lib/plan/capacity/resources.ts';
import { sizeTarget } from '../../../lib/plan/capacity/size.ts';
import { demandWith, sizingOf, topicDemandOf } from './demands.ts';

const used = (utilisation: number): ResourceUse => ({
  resource: 'ingress',
  used: utilisation * 100,
  limit: 100,
  capacity: 100,
  unit: 'bytes/s',
  utilisation,
  evidence: 'published',
  formula: '',
  source: 'mskLimits',
});

function candidate(option: string, brokers: number, usd: number | null, change: Partial<Candidate> = {}): Candidate {
  const uses = [used(0.5)];
  return {
    option,
    instanceType: option,
    brokers,
    vcpu: brokers * 2,
    volume: null,
    normal: uses,
    degraded: uses,
    faults: [],
    gaps: [],
    cost: { monthlyUsd: usd, items: [], pricesAsOf: null, region: null, reason: usd === null ? 'no price' : null },
    knownUsd: usd,
    under: () => ({ normal: uses, degraded: uses }),
    ...change,
  };
}

const chosenOf = (...candidates: Candidate[]): string | undefined => choose(candidates, defaultPolicy).chosen?.option;
const reasonOf = (option: string, ...candidates: Candidate[]): string | undefined =>
  choose(candidates, defaultPolicy).rejected.find((rejected) => rejected.option === option)?.reason;

describe('the choice', () => {
  it('is the cheapest', () => {
    expect(chosenOf(candidate('a', 3, 1000), candidate('b', 3, 900))).toBe('b');
  });

  it('takes fewer brokers for up to 10 % more', () => {
    expect(chosenOf(candidate('54 small', 30, 1000), candidate('6 large', 6, 1100))).toBe('6 large');
    expect(chosenOf(candidate('54 small', 30, 1000), candidate('6 large', 6, 1101))).toBe('54 small');
  });

  it('leaves more than 30 brokers to the case that nothing else fits', () => {
    expect(chosenOf(candidate('many', 54, 1000), candidate('few', 6, 5000))).toBe('few');
    expect(chosenOf(candidate('many', 54, 1000), candidate('few', 6, 5000, { faults: ['no'] }))).toBe('many');
    expect(reasonOf('many', candidate('many', 54, 1000), candidate('few', 6, 5000))).toContain('more than the 30');
  });

  it('never takes a bill with an item that has no price before a whole one, but among its like', () => {
    const partly = (option: string, usd: number) =>
      candidate(option, 3, usd, { cost: { ...candidate('', 3, null).cost, reason: 'lacks gp3MiBpsMonth' } });
    expect(chosenOf(partly('part', 100), candidate('whole', 3, 900))).toBe('whole');
    expect(reasonOf('part', partly('part', 100), candidate('whole', 3, 900))).toBe(
      'its cost is unknown: lacks gp3MiBpsMonth; all other items cost 100 USD a month',
    );
    const gapsOf = (usd: number) =>
      choose([partly('part', usd), candidate('whole', 3, 900)], defaultPolicy).chosen?.gaps;
    expect(gapsOf(100)).toEqual([
      'part may be cheaper, but its cost is unknown: lacks gp3MiBpsMonth; all other items cost 100 USD a month',
    ]);
    expect(gapsOf(900)).toEqual([]);
    expect(chosenOf(partly('a', 100), partly('b', 5000))).toBe('a');
    expect(reasonOf('b', partly('a', 100), partly('b', 5000))).toBe(
      'by the items that have a price 4,900 USD a month dearer',
    );
  });

  it('among equals takes the headroom, then the newer generation', () => {
    const roomy = { normal: [used(0.2)], degraded: [used(0.2)] };
    expect(chosenOf(candidate('old', 3, 900, roomy), candidate('new', 3, 900))).toBe('old');
    expect(chosenOf(candidate('old', 3, 900), candidate('new', 3, 900))).toBe('new');
  });

  it('is none when nothing fits', () => {
    expect(choose([candidate('a', 3, 1, { faults: ['too small'] })], defaultPolicy)).toEqual({
      chosen: null,
      rejected: [{ option: 'a', reason: 'too small' }],
    });
    expect(choose([], defaultPolicy)).toEqual({ chosen: null, rejected: [] });
  });

  it('can be adjusted', () => {
    const cheapest = { ...defaultPolicy, priceTolerance: 0, comfortableBrokers: 60 };
    const { chosen } = choose([candidate('54 small', 54, 1000), candidate('6 large', 6, 1010)], cheapest);
    expect(chosen?.option).toBe('54 small');
  });
});

describe('a reason against', () => {
  const best = candidate('best', 3, 1000);

  it.each([
    ['dearer', candidate('x', 3, 3250), '2,250 USD a month dearer'],
    ['cheaper with more brokers', candidate('x', 6, 950), '50 USD a month cheaper, but 6 brokers to run in place of 3'],
    ['without a price', candidate('x', 3, null), 'its cost is unknown: no price'],
    [
      'too small',
      candidate('x', 3, 1, { faults: ['cpu 130 %', 'ingress 110 %', 'egress 105 %'] }),
      'cpu 130 %; ingress 110 %',
    ],
  ])('one %s', (_case, other, reason) => {
    expect(reasonOf('x', best, other)).toBe(reason);
  });

  it('is given for every candidate not chosen, in a real sizing', () => {
    const { candidates, rejected, chosen } = sizeTarget('msk', sizingOf(demandWith([topicDemandOf(100)])));
    expect(chosen).not.toBeNull();
    expect(rejected).toHaveLength(candidates.length - 1);
    for (const { reason } of rejected) expect(reason.length).toBeGreaterThan(5);
  });

  it('does not pick dozens of small brokers for a heavy load', () => {
    const { chosen } = sizeTarget('msk', sizingOf(demandWith([topicDemandOf(250)])));
    expect(chosen?.brokers).toBeLessThanOrEqual(12);
  });
});
