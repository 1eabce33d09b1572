/**
 * What a check is made of. The questions follow from the use case and the plan alone, so the same lines stand in every
 * verdict of a use case; only the answers look at what was measured.
 */
import type { Environment, Measurement } from '../measurement/types.ts';
import type { Plan } from '../plan/types.ts';
import type { Requirements } from '../requirements/types.ts';
import type { VerdictLine } from './types.ts';

export interface Subject {
  readonly requirements: Requirements;
  readonly plan: Plan;
  readonly measurement: Measurement;
  readonly environment: Environment;
}

export type Answer = Pick<VerdictLine, 'found' | 'margin' | 'outcome' | 'reason'>;

export interface Question extends Omit<VerdictLine, keyof Answer> {
  /** May throw on a damaged measurement; the line is then inconclusive. */
  readonly answer: () => Answer;
}

export type Check = (subject: Subject) => readonly Question[];

/** An answer without a finding. */
export function undecided(reason: string): Answer {
  return { found: null, margin: null, outcome: 'inconclusive', reason };
}

/** required / found of an upper bound; null for a bound or a finding of zero, where no ratio is finite. */
export function upperMargin(required: number, found: number): number | null {
  return finiteRatio(required, found);
}

/** found / required of a lower bound; null as above. */
export function lowerMargin(required: number, found: number): number | null {
  return finiteRatio(found, required);
}

function finiteRatio(numerator: number, denominator: number): number | null {
  const ratio = numerator / denominator;
  return Number.isFinite(ratio) && ratio > 0 ? ratio : null;
}
