/** A whole drill: starts its own cluster, injects the faults one after the other, ends it, gives the report. */
import { cpus, release } from 'node:os';
import { HeadroomError } from '../../lib/errors.ts';
import type { FaultId } from '../../lib/metrics/faults.ts';
import { alerts } from '../../lib/metrics.ts';
import type { Fault } from '../faults/fault.ts';
import { faultOf, faults } from '../faults/index.ts';
import type { FaultWorld } from '../faults/world.ts';
import { AlertWatch } from './alert-watch.ts';
import { worstOf } from './merge.ts';
import { type FaultRun, runFault, untilLateOnesClear } from './run-drill.ts';
import { startWorld, type WorldOptions } from './start-world.ts';
import type { BlockResult, DrillReport, FaultResult, PanelQuery } from './types.ts';

export interface DrillOptions extends Omit<WorldOptions, 'needs'> {
  /** All when left out. */
  readonly only?: readonly FaultId[];
  readonly panelQueries: readonly PanelQuery[];
  /** Runs the shell blocks of pages while their fault is there; given by who knows the pages. */
  readonly runBlocks: (world: FaultWorld, alerts: readonly string[], fault: FaultId) => Promise<readonly BlockResult[]>;
  /** Told after each fault, the latest one last: what was found so far survives an interruption. */
  readonly onResult: (report: DrillReport) => Promise<void>;
}

/** Cold brokers are slow, and Prometheus knows nothing yet: longer than the rules over silence wait. */
const [calmMs, calmWithinMs] = [15_000, 240_000];

/** Errors: those of starting a local cluster, RESOURCE_MISSING without Prometheus, INTERRUPTED; nothing is left running. */
export async function runDrill(options: DrillOptions): Promise<DrillReport> {
  const startedAt = new Date();
  const { signal, timeDivisor, panelQueries, onProgress } = options;
  const chosen: readonly Fault[] = options.only === undefined ? faults : options.only.map(faultOf);
  const needs = new Set(chosen.flatMap((fault) => fault.needs ?? []));
  const { world, stop } = await startWorld({ ...options, needs });
  const watch = new AlertWatch(world.prometheusUrl);
  try {
    const run: FaultRun = {
      ...{ world, watch, timeDivisor, panelQueries, onProgress, signal },
      runBlocks: async (ids, fault) => await options.runBlocks(world, ids, fault),
    };
    onProgress({
      stage: 'preparing the drill',
      detail: 'waiting until Prometheus sees all and is calm',
      fraction: null,
    });
    await watch.untilSteady(() => [...watch.firing()].join() === 'Watchdog', calmMs, calmWithinMs, signal);
    const results: (() => FaultResult)[] = [];
    const report = (): DrillReport => reportOf(options, world, { startedAt, found: results.map((result) => result()) });
    for (const fault of chosen) {
      results.push(await runFault(fault, run).catch((error: unknown) => failed(fault, error, signal)));
      await options.onResult(report());
    }
    await untilLateOnesClear(chosen, run);
    return report();
  } finally {
    await watch.stop();
    await stop();
  }
}

function reportOf(
  { timeDivisor, ratePerSec, panelQueries }: DrillOptions,
  { cluster }: FaultWorld,
  { startedAt, found }: { readonly startedAt: Date; readonly found: readonly FaultResult[] },
): DrillReport {
  return {
    schemaVersion: 1,
    startedAt: startedAt.toISOString(),
    minutes: Math.round((Date.now() - startedAt.getTime()) / 6_000) / 10,
    ...{ timeDivisor, kafkaVersion: cluster.kafkaVersion, brokers: cluster.brokers.length, ratePerSec },
    machine: `${cpus().length} cores, Linux ${release()}`,
    outcome: worstOf(found),
    faults: found,
    notDrilled: alerts.flatMap(({ id, drill }) =>
      'notDrilled' in drill ? [{ alert: id, reason: drill.notDrilled }] : [],
    ),
    emptyPanels: [...new Set(panelQueries.map(({ panel }) => panel))].filter(
      (panel) => !found.some(({ panels }) => panels.includes(panel)),
    ),
  };
}

/** A fault that could not be injected or healed ends itself, not the drill; an interruption ends all. */
function failed(fault: Fault, error: unknown, signal: AbortSignal): () => FaultResult {
  if (signal.aborted) throw error instanceof HeadroomError ? error : new HeadroomError('INTERRUPTED', 'interrupted');
  const message = error instanceof Error ? error.message : String(error);
  return () => ({
    ...{
      fault: fault.id,
      at: new Date().toISOString(),
      outcome: 'inconclusive',
      reasons: [message],
      evidence: null,
      alerts: [],
    },
    ...{ consequences: [], unexpectedPages: [], panels: [], blocks: [] },
  });
}
