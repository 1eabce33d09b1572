/** Outcomes form a scale: one that is not met outweighs any that is inconclusive, which outweighs any that is met. */
import type { Outcome } from './types.ts';

const severity: Readonly<Record<Outcome, number>> = { met: 0, inconclusive: 1, notMet: 2 };

/** The worst outcome; of nothing: inconclusive, since no data is never a pass. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome {
  const [first, ...rest] = outcomes;
  if (first === undefined) return 'inconclusive';
  return rest.reduce((worst, outcome) => (isWorse(outcome, worst) ? outcome : worst), first);
}

function isWorse(outcome: Outcome, than: Outcome): boolean {
  return severity[outcome] > severity[than];
}
