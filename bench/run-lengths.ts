/** How long the parts of a run take. The whole load of the course example stays within 90 s. */
import { tradeOffModes } from '../lib/measurement/types.ts';
import type { LimitSettings } from './limit/settings.ts';
import type { PhaseLengths, PhaseName } from './prove/phases.ts';

export interface RunLengths {
  readonly phases: Readonly<Record<PhaseName, PhaseLengths>>;
  /** Null: leave the trade-off out. */
  readonly tradeOff: { readonly repeats: number; readonly repeatMs: number; readonly warmUpMs: number } | null;
  /** False: leave the retention on disk out. */
  readonly retention: boolean;
  /** Topics whose groups drain a backlog. Left out: none. */
  readonly catchUp?: { readonly topics: readonly string[]; readonly fillMs: number; readonly drainMaxMs: number };
  /** Search for the limit instead of everything else. */
  readonly limit?: LimitSettings;
}

const averageMeasureMs = 5_000;
const peakMeasureMs = 6_000;
const warmUpMinMs = 3_000;
/** Three cold brokers beside the load on two cores take a while to become steady. */
const warmUpMaxMs = 8_500;
const drainMaxMs = 15_000;
/** Only for the time left, not limits. */
const usualDrainMs = 1_000;
const connectMs = 2_000;
const retentionMs = 11_500;
/** The load goes on for all of the second, so that a group that caught up stays so. */
const catchUpLengths = { fillMs: 4_000, drainMaxMs: 8_000 };

/** `measureMs` sets the measured window of both phases; null leaves the defaults of 5 s and 6 s. */
export function runLengths(options: {
  readonly measureMs: number | null;
  readonly tradeOff: boolean;
  readonly retention: boolean;
  /** Topics whose groups drain a backlog; left out: none. */
  readonly catchUp?: readonly string[];
}): RunLengths {
  const warmUpAndDrain = { warmUpMinMs, warmUpMaxMs, drainMaxMs };
  return {
    phases: {
      average: { ...warmUpAndDrain, measureMs: options.measureMs ?? averageMeasureMs },
      peak: { ...warmUpAndDrain, measureMs: options.measureMs ?? peakMeasureMs },
    },
    tradeOff: options.tradeOff ? { repeats: 3, repeatMs: 4_000, warmUpMs: 300 } : null,
    retention: options.retention,
    ...(options.catchUp === undefined ? {} : { catchUp: { ...catchUpLengths, topics: options.catchUp } }),
  };
}

/** A run that searches for a limit and does nothing else. */
export function limitLengths(limit: LimitSettings): RunLengths {
  return { ...runLengths({ measureMs: null, tradeOff: false, retention: false }), limit };
}

/** What a run is made of and how long each part is expected to take, for the time left. */
export function expectedStages(
  lengths: RunLengths,
  target: 'local' | 'existing',
): readonly { readonly stage: string; readonly expectedMs: number }[] {
  const around = (stages: readonly { readonly stage: string; readonly expectedMs: number }[]) => [
    { stage: 'host noise', expectedMs: 1_000 },
    ...(target === 'local' ? [{ stage: 'local cluster', expectedMs: 9_000 }] : []),
    ...stages,
    { stage: 'clean-up', expectedMs: 4_000 },
  ];
  if (lengths.limit !== undefined) return around([{ stage: 'limit', expectedMs: connectMs + lengths.limit.budgetMs }]);
  const { average, peak } = lengths.phases;
  const phaseMs = (phase: PhaseLengths): number => phase.warmUpMinMs + phase.measureMs + usualDrainMs;
  const { tradeOff } = lengths;
  return around([
    { stage: 'average', expectedMs: connectMs + phaseMs(average) },
    { stage: 'peak', expectedMs: phaseMs(peak) },
    ...(tradeOff === null
      ? []
      : [
          {
            stage: 'trade-off',
            expectedMs: connectMs + tradeOffModes.length * tradeOff.repeats * (tradeOff.warmUpMs + tradeOff.repeatMs),
          },
        ]),
    ...(lengths.retention ? [{ stage: 'retention', expectedMs: retentionMs }] : []),
    ...(lengths.catchUp === undefined ? [] : [{ stage: 'catch-up', expectedMs: expectedCatchUpMs(lengths.catchUp) }]),
  ]);
}

function expectedCatchUpMs({ topics, fillMs, drainMaxMs }: NonNullable<RunLengths['catchUp']>): number {
  return topics.length * (connectMs + fillMs + drainMaxMs);
}
