import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worstOutcome } from '../../lib/verdict/merge.ts';
import type { Outcome } from '../../lib/verdict/types.ts';

const outcome = fc.constantFrom<Outcome>('met', 'notMet', 'inconclusive');
const some = fc.array(outcome, { minLength: 1 });

describe('the worst outcome', () => {
  it.each<[Outcome[], Outcome]>([
    [[], 'inconclusive'],
    [['met'], 'met'],
    [['met', 'inconclusive'], 'inconclusive'],
    [['inconclusive', 'notMet', 'met'], 'notMet'],
  ])('of %j is %s', (outcomes, worst) => {
    expect(worstOutcome(outcomes)).toBe(worst);
  });

  it('does not depend on order', () => {
    fc.assert(fc.property(some, (outcomes) => worstOutcome(outcomes) === worstOutcome([...outcomes].reverse())));
  });

  it('does not depend on grouping', () => {
    fc.assert(
      fc.property(
        some,
        some,
        (a, b) => worstOutcome([...a, ...b]) === worstOutcome([worstOutcome(a), worstOutcome(b)]),
      ),
    );
  });
});
