/**
 * The search for the highest sustained rate, as a function of what has been tried: no state, no clock, so the same outcomes
 * always lead to the same next step. A geometric ramp to the first rate that fails, then bisection, then a confirmation.
 *
 * One bad second must not decide: a rate fails when it failed in two of at most three tries. A single pass stands until the
 * confirmation, which by the same rule may take it back; the search then goes on below.
 */
import type { LimitAnswer, ProbePurpose } from './types.ts';

export interface SearchSpec {
  /** Rising; the answer is one of them. */
  readonly ratesPerSec: readonly number[];
  /** Where the ramp begins. */
  readonly startIndex: number;
  /** Steps of the ramp, in places of `ratesPerSec`. */
  readonly jump: number;
}

export interface Outcome {
  readonly index: number;
  readonly sustained: boolean;
}

export type SearchStep =
  | { readonly kind: 'probe'; readonly index: number; readonly ratePerSec: number; readonly purpose: ProbePurpose }
  | { readonly kind: 'answer'; readonly answer: LimitAnswer };

/** Passes that an answer needs. */
const confirmedPasses = 2;
/** Factor between two rates of the ramp. */
const rampFactor = 2;

/**
 * Rates from `fromPerSec` to `toPerSec`, both included, and `startPerSec` itself, where the ramp begins; no neighbours are
 * further apart than `resolution` (0.05 = 5 %). `startPerSec` must lie in the range.
 */
export function geometricSearch(range: {
  readonly fromPerSec: number;
  readonly toPerSec: number;
  readonly startPerSec: number;
  readonly resolution: number;
}): SearchSpec {
  const { fromPerSec, toPerSec, startPerSec, resolution } = range;
  const below = geometricSteps(fromPerSec, startPerSec, resolution);
  return {
    ratesPerSec: [...below, startPerSec, ...geometricSteps(toPerSec, startPerSec, resolution).toReversed()],
    startIndex: below.length,
    jump: Math.max(1, Math.floor(Math.log(rampFactor) / Math.log1p(resolution))),
  };
}

/** In equal ratios from `end` towards `start`, which is left out. */
function geometricSteps(end: number, start: number, resolution: number): readonly number[] {
  // The small step down keeps a range of exactly one resolution at one step.
  const gaps = Math.ceil(Math.abs(Math.log(end / start)) / Math.log1p(resolution) - 1e-9);
  return Array.from({ length: gaps }, (_, step) => end * (start / end) ** (step / gaps));
}

/** What to do after these outcomes. Throws RangeError when there are no rates. */
export function nextStep(spec: SearchSpec, outcomes: readonly Outcome[]): SearchStep {
  const { startIndex, jump } = spec;
  const tally = new Tally(outcomes);
  const { doubtful, low, high } = tally;
  const top = spec.ratesPerSec.length - 1;
  if (doubtful !== null) return probe(spec, doubtful, 'repeat');
  if (low === null && high === null) return probe(spec, startIndex, 'ramp');
  if (low === null) {
    if (high === 0) return { kind: 'answer', answer: { kind: 'none', belowPerSec: rateOf(spec, 0) } };
    return probe(spec, Math.max(0, (high ?? 0) - jump), 'ramp');
  }
  if (high === null && low < top) return probe(spec, Math.min(top, low + jump), 'ramp');
  if (high !== null && high - low > 1) return probe(spec, Math.floor((low + high) / 2), 'bisection');
  if (tally.passesAt(low) < confirmedPasses) return probe(spec, low, 'confirmation');
  const ratePerSec = rateOf(spec, low);
  return {
    kind: 'answer',
    answer:
      high === null ? { kind: 'atOrAbove', ratePerSec } : { kind: 'rate', ratePerSec, highPerSec: rateOf(spec, high) },
  };
}

/** What is known when the search has to end before it has an answer. */
export function unresolved(spec: SearchSpec, outcomes: readonly Outcome[]): LimitAnswer {
  const { low, high } = new Tally(outcomes);
  return {
    kind: 'unresolved',
    lowPerSec: low === null ? null : rateOf(spec, low),
    highPerSec: high === null ? null : rateOf(spec, high),
  };
}

function probe(spec: SearchSpec, index: number, purpose: ProbePurpose): SearchStep {
  return { kind: 'probe', index, ratePerSec: rateOf(spec, index), purpose };
}

function rateOf({ ratesPerSec }: SearchSpec, index: number): number {
  const rate = ratesPerSec[index];
  if (rate === undefined) throw new RangeError(`no rate ${index} of ${ratesPerSec.length}`);
  return rate;
}

/** Passes and failures by rate, and the bracket they leave. */
class Tally {
  /** The rate that has to be tried again before anything is concluded from it; null when there is none. */
  readonly doubtful: number | null;
  /** The lowest rate that failed; null: none did. */
  readonly high: number | null;
  /** The highest rate below it that was sustained; null: none was. */
  readonly low: number | null;
  readonly #passes = new Map<number, number>();
  readonly #failures = new Map<number, number>();

  constructor(outcomes: readonly Outcome[]) {
    for (const { index, sustained } of outcomes) {
      const counts = sustained ? this.#passes : this.#failures;
      counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    const tried = [...new Set(outcomes.map(({ index }) => index))];
    this.doubtful = tried.find((index) => this.#isDoubtful(index)) ?? null;
    this.high = extreme(
      tried.filter((index) => this.#hasFailed(index)),
      Math.min,
    );
    const below = this.high ?? Number.POSITIVE_INFINITY;
    this.low = extreme(
      tried.filter((index) => index < below && this.passesAt(index) > this.#failuresAt(index)),
      Math.max,
    );
  }

  passesAt(index: number): number {
    return this.#passes.get(index) ?? 0;
  }

  #failuresAt(index: number): number {
    return this.#failures.get(index) ?? 0;
  }

  #hasFailed(index: number): boolean {
    return this.#failuresAt(index) >= 2 && this.#failuresAt(index) > this.passesAt(index);
  }

  #isDoubtful(index: number): boolean {
    return this.#failuresAt(index) >= this.passesAt(index) && !this.#hasFailed(index);
  }
}

function extreme(values: readonly number[], of: (...values: number[]) => number): number | null {
  return values.length === 0 ? null : of(...values);
}
