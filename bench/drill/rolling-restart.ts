/** A rolling restart under load with the rules as they are: nobody may be paged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { alertsIn } from '../../lib/metrics/prometheus-rules.ts';
import { missingIn, untilWhole } from '../faults/cluster-view.ts';
import type { FaultWorld } from '../faults/world.ts';
import { killBroker, restartBroker } from '../local/local-cluster.ts';
import { AlertWatch } from './alert-watch.ts';
import { startWorld, type WorldOptions } from './start-world.ts';
import type { BlockResult, DrillOutcome } from './types.ts';

export interface RollingRestartReport {
  readonly schemaVersion: 1;
  readonly startedAt: string;
  readonly kafkaVersion: string;
  readonly ratePerSec: number;
  readonly outcome: DrillOutcome;
  readonly reasons: readonly string[];
  readonly steps: readonly RestartStep[];
  /** Watched after the last broker was back, seconds. */
  readonly watchedSec: number;
  /** What fired at some time, the watchdog left out. */
  readonly fired: readonly string[];
  /** Records over the whole run: acknowledged, of unknown outcome, acknowledged and never read. */
  readonly acknowledged: number;
  readonly unknown: number;
  readonly lost: number;
  readonly blocks: readonly BlockResult[];
}

export interface RestartStep {
  readonly broker: number;
  readonly stoppedAfterSec: number;
  /** Until it served again. */
  readonly servingAfterSec: number;
  /** Until every replica was in sync. */
  readonly wholeAfterSec: number;
}

/** Longer than `for` of a stalled group and of offline partitions: what the restart left behind had time to page. */
const watchedAfterSec = 240;
const wholeWithinMs = 300_000;

/** Orderly: SIGTERM, start, wait until every replica is in sync, next; as `runbooks/procedure-rolling-restart.md` has it. */
export interface RollingRestartOptions extends Omit<WorldOptions, 'timeDivisor' | 'needs'> {
  /** Runs the blocks of the procedure's page when the brokers are back; those on a broker's host this run stands for. */
  readonly runPage: (world: FaultWorld) => Promise<readonly BlockResult[]>;
}

export async function runRollingRestart(options: RollingRestartOptions): Promise<RollingRestartReport> {
  const startedAt = new Date().toISOString();
  const { signal, onProgress } = options;
  const { world, stop } = await startWorld({ ...options, timeDivisor: 1, needs: new Set() });
  const watch = new AlertWatch(world.prometheusUrl);
  try {
    onProgress({ stage: 'rolling restart', detail: 'load and rules settle', fraction: null });
    await untilWhole(world.cluster, wholeWithinMs, signal);
    await sleep(settleMs, undefined, { signal });
    const fromMs = performance.now();
    const steps: RestartStep[] = [];
    const reasons: string[] = [];
    for (const { id } of world.cluster.brokers) {
      onProgress({ stage: 'rolling restart', detail: `broker ${id}`, fraction: steps.length / 3 });
      const beganMs = performance.now();
      await killBroker(world.cluster, id, 'SIGTERM');
      const stoppedAfterSec = secondsSince(beganMs);
      await restartBroker(world.cluster, id, signal);
      const servingAfterSec = secondsSince(beganMs);
      const missing = await untilWhole(world.cluster, wholeWithinMs, signal);
      if (missing !== null) reasons.push(`after the restart of broker ${id}: ${missing}`);
      steps.push({ broker: id, stoppedAfterSec, servingAfterSec, wholeAfterSec: secondsSince(beganMs) });
    }
    const blocks = await options.runPage(world);
    onProgress({ stage: 'rolling restart', detail: `watching for ${watchedAfterSec} s more`, fraction: 1 });
    await sleep(watchedAfterSec * 1000, undefined, { signal });
    const fired = [...new Set(watch.since(fromMs).map(({ alert }) => alert))].filter((id) => id !== 'Watchdog');
    const pages = alertsIn('local').filter(({ id, severity }) => severity === 'page' && fired.includes(id));
    reasons.push(...pages.map(({ id }) => `${id} would have paged somebody`));
    const left = await missingIn(world.cluster);
    if (left !== null) reasons.push(left);
    const isWatched = watch.since(fromMs).some(({ alert }) => alert === 'Watchdog');
    if (!isWatched) reasons.push('the watchdog did not fire, so silence proves nothing');
    const [load] = world.load.integrity();
    return {
      ...{ schemaVersion: 1, startedAt, kafkaVersion: world.cluster.kafkaVersion, ratePerSec: options.ratePerSec },
      outcome: !isWatched ? 'inconclusive' : reasons.length === 0 ? 'met' : 'notMet',
      ...{ reasons, steps, watchedSec: watchedAfterSec, fired },
      acknowledged: load?.acknowledged ?? 0,
      unknown: load?.unknown ?? 0,
      lost: Math.max(0, ...(load?.groups ?? []).map(({ lost }) => lost)),
      blocks,
    };
  } finally {
    await watch.stop();
    await stop();
  }
}

/** The first minute of a group and of cold brokers is no restart. */
const settleMs = 60_000;

function secondsSince(ms: number): number {
  return Math.round((performance.now() - ms) / 100) / 10;
}
