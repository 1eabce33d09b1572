/** All exercises on one cluster of their own, under load; gives the report. */
import { cpus, release } from 'node:os';
import type { FaultWorld } from '../../faults/world.ts';
import { mergeResults, timeOf } from '../merge.ts';
import type { RunnableBlock } from '../run-blocks.ts';
import { startWorld, type WorldOptions } from '../start-world.ts';
import type { BlockResult, DrillOutcome } from '../types.ts';
import { actionExercises } from './actions.ts';
import { startBrokerHost } from './broker-host.ts';
import { type ExerciseResult, type Names, runExercise } from './exercise.ts';
import { otherExercises } from './other-actions.ts';
import { procedureExercises } from './procedures.ts';

export const exercises = [...procedureExercises, ...actionExercises, ...otherExercises];

export interface ExerciseReport {
  readonly schemaVersion: 1;
  readonly startedAt: string;
  readonly minutes: number;
  readonly kafkaVersion: string;
  readonly brokers: number;
  readonly ratePerSec: number;
  readonly machine: string;
  readonly outcome: DrillOutcome;
  readonly pages: readonly ExerciseResult[];
}

export interface ExercisesOptions extends Omit<WorldOptions, 'needs' | 'timeDivisor'> {
  readonly timeDivisor: number;
  /** All when left out. */
  readonly only?: readonly string[];
  readonly blocksOf: (page: string) => readonly RunnableBlock[];
  readonly ownNames: (world: FaultWorld) => Promise<Names>;
  readonly runBlock: (block: RunnableBlock, names: Names, dir: string) => Promise<BlockResult>;
  /** Told after each page, the latest one last. */
  readonly onResult: (report: ExerciseReport) => Promise<void>;
}

export async function runExercises(options: ExercisesOptions): Promise<ExerciseReport> {
  const startedAt = new Date();
  const { signal, ratePerSec, onProgress } = options;
  const chosen = exercises.filter(({ page }) => options.only?.includes(page) ?? true);
  const { world, stop } = await startWorld({ ...options, needs: new Set(['securedListeners', 'authorizer']) });
  const host = await startBrokerHost(world.cluster);
  const pages: ExerciseResult[] = [];
  const report = (): ExerciseReport => ({
    ...{ schemaVersion: 1, startedAt: startedAt.toISOString(), ratePerSec },
    minutes: Math.round((Date.now() - startedAt.getTime()) / 6_000) / 10,
    ...{ kafkaVersion: world.cluster.kafkaVersion, brokers: world.cluster.brokers.length },
    machine: `${cpus().length} cores, Linux ${release()}`,
    outcome: pages.every(({ outcome }) => outcome === 'met') ? 'met' : 'notMet',
    pages,
  });
  try {
    for (const exercise of chosen) {
      onProgress({ stage: exercise.page, detail: 'its blocks', fraction: pages.length / chosen.length });
      const result = await runExercise(exercise, {
        ...{ world, blocks: options.blocksOf(exercise.page), signal, runBlock: options.runBlock },
        ownNames: async () => ({ ...(await options.ownNames(world)), PATH: `${host.bin}:${process.env.PATH}` }),
      });
      pages.push(result);
      await options.onResult(report());
    }
    return report();
  } finally {
    await host.stop();
    await stop();
  }
}

/** Pages that were exercised again replace their earlier results. */
export function mergeExercises(earlier: ExerciseReport, later: ExerciseReport): ExerciseReport {
  const order = exercises.map(({ page }) => page);
  const pages = mergeResults(earlier.pages, later.pages, ({ page }) => page, order);
  return {
    ...later,
    ...timeOf(earlier, later),
    outcome: pages.every(({ outcome }) => outcome === 'met') ? 'met' : 'notMet',
    pages,
  };
}
