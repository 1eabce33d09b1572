/** Statistics over repeats and over seconds. Randomness comes from a seed, so a result can be computed again. */
import { createRandom } from '../random.ts';
import type { Interval } from './types.ts';

const defaultConfidence = 0.95;
const resamples = 2_000;

/** The middle value, or the mean of the two middle values; null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (upper === undefined) return null;
  const lower = sorted.length % 2 === 1 ? upper : (sorted[sorted.length / 2 - 1] ?? upper);
  return (lower + upper) / 2;
}

/**
 * Median with its percentile-bootstrap interval (Efron 1979): the medians of 2,000 resamples with replacement, cut at
 * (1 - confidence) / 2 on both sides. With few repeats it spans all of them, which is the honest answer. Null of nothing.
 */
export function medianInterval(
  values: readonly number[],
  seed: number,
  confidence = defaultConfidence,
): Interval | null {
  const centre = median(values);
  if (centre === null) return null;
  const random = createRandom(seed);
  const medians: number[] = [];
  for (let round = 0; round < resamples; round += 1) {
    const sample = values.map(() => values[Math.floor(random() * values.length)] ?? centre);
    medians.push(median(sample) ?? centre);
  }
  medians.sort((a, b) => a - b);
  const cut = (1 - confidence) / 2;
  const at = (share: number): number => medians[Math.round(share * (medians.length - 1))] ?? centre;
  return { median: centre, low: at(cut), high: at(1 - cut), confidence };
}

/** One second of a warm-up. `p99Ms` is null when nothing was acknowledged in it. */
export interface SecondSample {
  readonly offered: number;
  readonly acknowledged: number;
  readonly p99Ms: number | null;
}

/** The steady-state rule, so that it can be printed beside the result. */
export const steadyRule = { seconds: 3, rateTolerance: 0.05, p99Ratio: 1.5, p99SlackMs: 2 } as const;

/**
 * Steady: over the last 3 whole seconds, acknowledgements kept pace with what was offered (each second within 5 % or 2 records)
 * and p99 did not move (highest <= 1.5 x lowest + 2 ms). A second without any acknowledgement is not steady.
 */
export function isSteady(samples: readonly SecondSample[]): boolean {
  const last = samples.slice(-steadyRule.seconds);
  if (last.length < steadyRule.seconds) return false;
  const p99s: number[] = [];
  for (const { offered, acknowledged, p99Ms } of last) {
    if (p99Ms === null) return false;
    if (Math.abs(acknowledged - offered) > Math.max(2, steadyRule.rateTolerance * offered)) return false;
    p99s.push(p99Ms);
  }
  return Math.max(...p99s) <= steadyRule.p99Ratio * Math.min(...p99s) + steadyRule.p99SlackMs;
}
