/** How a search for a limit is carried out: its range, its time, the lengths of its probes. */
import { HeadroomError } from '../../lib/errors.ts';
import { leastSamples } from '../../lib/measurement/limit/sustained.ts';
import type { LimitObjectives, ProbePurpose } from '../../lib/measurement/limit/types.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { formatDurationMs, formatRate } from '../../lib/units.ts';
import type { PhaseLengths } from '../prove/phases.ts';

export interface LimitSettings {
  /** Of all topics together. */
  readonly fromPerSec: number;
  readonly toPerSec: number;
  /** Where the ramp begins. */
  readonly startPerSec: number;
  readonly resolution: number;
  /** Load, warm-ups and draining together. */
  readonly budgetMs: number;
}

/** What one process makes at most, whatever the records are. */
export const highestPerSec = 1e7;
export const defaultBudgetMs = 120_000;
export const shortestBudgetMs = 20_000;
export const longestBudgetMs = 3_600_000;
export const defaultResolution = 0.05;
const achievedRatio = 0.995;
const defaultToPerSec = 1e6;
/** A range below and above the peak in which most clusters have their limit. */
const belowPeak = 10;

const rampLengths: PhaseLengths = { warmUpMinMs: 1_000, warmUpMaxMs: 1_200, measureMs: 2_000, drainMaxMs: 10_000 };
/** The steady-state test needs three whole seconds. */
const decidingLengths: PhaseLengths = { warmUpMinMs: 1_000, warmUpMaxMs: 3_200, measureMs: 3_000, drainMaxMs: 10_000 };
/** Cold brokers. */
const firstWarmUpMaxMs = 8_000;
/** A probe whose records are waited for less than this would fail for want of time. */
const leastDrainMs = 1_000;
/** Until the load begins, which several workers agree on in advance, and between its looks at the clock. */
const overheadMs = 1_000;
/** A probe at the lowest rate must have samples enough for a p99. */
const lowestPerSec = Math.ceil((leastSamples * 1000) / rampLengths.measureMs);

/** `ratePerSec` options are null where the user gave none. Throws USAGE with every fault. */
export function limitSettings(
  plan: Plan,
  given: {
    readonly fromPerSec: number | null;
    readonly toPerSec: number | null;
    readonly budgetMs: number | null;
    readonly resolution: number | null;
  },
): LimitSettings {
  const peakPerSec = peakOf(plan);
  const usualFromPerSec = Math.max(lowestPerSec, Math.min(peakPerSec, defaultToPerSec) / belowPeak);
  const fromPerSec =
    given.fromPerSec ?? Math.min(usualFromPerSec, Math.max(lowestPerSec, given.toPerSec ?? Number.POSITIVE_INFINITY));
  const toPerSec = given.toPerSec ?? Math.min(highestPerSec, Math.max(defaultToPerSec, peakPerSec, 2 * fromPerSec));
  const budgetMs = given.budgetMs ?? defaultBudgetMs;
  const resolution = given.resolution ?? defaultResolution;
  const faults = [
    ...rateFaults('--from', fromPerSec),
    ...rateFaults('--to', toPerSec),
    ...(fromPerSec > toPerSec
      ? [`--from ${formatRate(fromPerSec)} is above --to ${formatRate(toPerSec)}: the lower rate comes first`]
      : []),
    ...(budgetMs >= shortestBudgetMs && budgetMs <= longestBudgetMs
      ? []
      : [
          `--time: expected ${formatDurationMs(shortestBudgetMs)} to ${formatDurationMs(longestBudgetMs)}, got ${formatDurationMs(budgetMs)}`,
        ]),
    ...(resolution >= 0.01 && resolution <= 0.5 ? [] : [`--resolution: expected 1% to 50%, got ${resolution * 100}%`]),
  ];
  if (faults.length > 0) {
    throw new HeadroomError('USAGE', faults.join('\n'), {
      hint: `for instance --from ${formatRate(lowestPerSec).replaceAll(',', '')} --to 100000/s --time 2min`,
    });
  }
  return {
    fromPerSec,
    toPerSec,
    startPerSec: Math.min(toPerSec, Math.max(fromPerSec, peakPerSec)),
    resolution,
    budgetMs,
  };
}

function rateFaults(option: string, ratePerSec: number): string[] {
  if (ratePerSec >= lowestPerSec && ratePerSec <= highestPerSec) return [];
  const why =
    ratePerSec > highestPerSec
      ? 'no generator on one machine makes more'
      : `fewer give too few samples for a p99 in ${formatDurationMs(rampLengths.measureMs)}`;
  return [
    `${option}: expected ${formatRate(lowestPerSec)} to ${formatRate(highestPerSec)}, got ${formatRate(ratePerSec)}: ${why}`,
  ];
}

/** The peaks of all topics together. */
export function peakOf(plan: Plan): number {
  return plan.topics.reduce((sum, { load }) => sum + load.peakPerSec, 0);
}

/** Each topic's part of a rate, by its peak. */
export function shareOut(plan: Plan, ratePerSec: number): Readonly<Record<string, number>> {
  const peakPerSec = peakOf(plan);
  return Object.fromEntries(plan.topics.map(({ name, load }) => [name, (ratePerSec * load.peakPerSec) / peakPerSec]));
}

export function objectivesOf({ slo }: Plan): LimitObjectives {
  const { publishP99Ms, endToEndP99Ms, lagMaxRecords } = slo;
  return { achievedRatio, publishP99Ms, endToEndP99Ms, lagMaxRecords };
}

/** The ramp only brackets the limit; what decides is measured longer. */
export function lengthsOf(purpose: ProbePurpose, isFirst: boolean): PhaseLengths {
  const lengths = purpose === 'ramp' ? rampLengths : decidingLengths;
  return isFirst ? { ...lengths, warmUpMaxMs: firstWarmUpMaxMs } : lengths;
}

/**
 * The same within the time that is left: only the drain may be shorter. Null: no room for the probe. What is under way is
 * waited for first and the groups after it, each for `drainMaxMs` at most.
 */
export function lengthsWithin(lengths: PhaseLengths, leftMs: number): PhaseLengths | null {
  const waitMs = leftMs - overheadMs - lengths.warmUpMaxMs - lengths.measureMs;
  const drainMaxMs = Math.min(lengths.drainMaxMs, waitMs / 2);
  return drainMaxMs < leastDrainMs ? null : { ...lengths, drainMaxMs };
}
