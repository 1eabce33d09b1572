/** Does a setting make a difference? Judged round by round, since cells of one round met the same host. */
import { medianInterval } from '../measurement/statistics.ts';
import type { Comparison, Figure, Repeat } from './types.ts';

/** Stricter than a single test's 95 %: an experiment compares many cells in many figures. */
const confidence = 0.99;
/** Fewer rounds cannot decide at this confidence even when all agree: 2 x 0.5^7 is 1.6 %. */
export const leastRounds = 8;

/** Two cells that differ in the setting in question and in nothing else. */
export interface Pair {
  readonly cell: string;
  readonly against: string;
}

/**
 * The ratio of a figure under one setting to that under another: the median over the rounds of the ratio within each round
 * (the geometric mean over the pairs, where other factors vary too), with its bootstrap interval. `higher` or `lower` only
 * when the interval excludes 1 and the sign test over the rounds agrees (exact, two-sided; Dixon and Mood 1946): with few
 * rounds the bootstrap alone is too sure. Repeats with doubts are left out.
 */
export function compare(
  repeats: readonly Repeat[],
  figure: Figure,
  pairs: readonly Pair[],
  seed: number,
): Pick<Comparison, 'ratio' | 'outcome'> {
  const ratios = ratiosByRound(repeats, figure, pairs);
  const ratio = medianInterval(ratios, seed, confidence);
  if (ratio === null || ratios.length < leastRounds) return { ratio, outcome: 'unknown' };
  const isDecided = signTest(ratios) <= 1 - confidence;
  const outcome = isDecided && ratio.low > 1 ? 'higher' : isDecided && ratio.high < 1 ? 'lower' : 'equal';
  return { ratio, outcome };
}

function ratiosByRound(repeats: readonly Repeat[], figure: Figure, pairs: readonly Pair[]): readonly number[] {
  const logs = new Map<number, number[]>();
  for (const { cell, against } of pairs) {
    const rounds = roundsOf(repeats, figure, against);
    for (const [round, value] of roundsOf(repeats, figure, cell)) {
      const other = rounds.get(round);
      if (other === undefined || other <= 0 || value <= 0) continue;
      logs.set(round, [...(logs.get(round) ?? []), Math.log(value / other)]);
    }
  }
  return [...logs.values()].map((values) => Math.exp(values.reduce((sum, log) => sum + log, 0) / values.length));
}

/** Probability of a split over 1 at least this uneven when either side is as likely; ties count for neither. */
function signTest(ratios: readonly number[]): number {
  const above = ratios.filter((ratio) => ratio > 1).length;
  const below = ratios.filter((ratio) => ratio < 1).length;
  const trials = above + below;
  let ways = 1;
  let sum = 0;
  for (let fewer = 0; fewer <= Math.min(above, below); fewer += 1) {
    sum += ways;
    ways = (ways * (trials - fewer)) / (fewer + 1);
  }
  return Math.min(1, (2 * sum) / 2 ** trials);
}

function roundsOf(repeats: readonly Repeat[], figure: Figure, cell: string): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const repeat of repeats) {
    const value = repeat.figures[figure];
    if (repeat.cell === cell && repeat.doubts.length === 0 && value !== null) found.set(repeat.round, value);
  }
  return found;
}
