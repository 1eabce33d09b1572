/** Injects fault by fault, waits for the alerts that name it, heals, waits until they are clear. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultId } from '../../lib/metrics/faults.ts';
import { alertsIn } from '../../lib/metrics/prometheus-rules.ts';
import type { Alert } from '../../lib/metrics/types.ts';
import { untilWhole } from '../faults/cluster-view.ts';
import type { ActiveFault, Fault } from '../faults/fault.ts';
import type { FaultWorld } from '../faults/world.ts';
import { throwIfInterrupted } from '../local/interrupted.ts';
import { instant } from '../monitoring/prometheus-api.ts';
import type { OnProgress } from '../progress.ts';
import type { AlertWatch } from './alert-watch.ts';
import { longestSec } from './durations.ts';
import { alwaysFiring, judge, notInjected, type Observed, pages } from './judge.ts';
import type { BlockResult, FaultResult, PanelQuery } from './types.ts';

export interface FaultRun {
  readonly world: FaultWorld;
  readonly watch: AlertWatch;
  readonly timeDivisor: number;
  readonly panelQueries: readonly PanelQuery[];
  /** Runs the shell blocks of the pages of these alerts while the fault is there. */
  readonly runBlocks: (alerts: readonly string[], fault: FaultId) => Promise<readonly BlockResult[]>;
  /** Alerts that must fire; those that name the fault when left out. */
  readonly expected?: readonly string[];
  /**
   * How long more than its own durations a rule may take: brokers that start, sessions that end, averages that move slowly.
   *
   * @default 180
   */
  readonly settleSec?: number;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

const defaultSettleSec = 180;
const wholeWithinMs = 120_000;
const evidenceWithinMs = 60_000;
/** Before the first and between two faults: nothing is left over from the last one. */
const [quietMs, quietWithinMs] = [6_000, 120_000];
const controlMs = 30_000;
/** What takes longer to clear is awaited at the end of the drill, while other faults go on. */
const lateAfterSec = 300;

/** The alerts a fault is meant to make fire under the profile `local`. */
export function alertsOf(fault: FaultId): readonly (Alert & { readonly condition: string })[] {
  return alertsIn('local').filter(({ drill }) => 'fault' in drill && drill.fault === fault);
}

/** Gives the result as of the moment it is asked for: what clears late is clear at the end of the drill. */
export async function runFault(fault: Fault, run: FaultRun): Promise<() => FaultResult> {
  const { world, watch, signal, onProgress } = run;
  const expected =
    run.expected === undefined ? alertsOf(fault.id) : alertsIn('local').filter(({ id }) => run.expected?.includes(id));
  const impossible = fault.probe(world);
  if (impossible !== null) return () => notInjected(fault, expected, impossible);
  onProgress({ stage: fault.id, detail: 'waiting until what could disturb is clear', fraction: null });
  const disturbing = new Set([...expected.map(({ id }) => id), ...pages]);
  const isQuiet = () => [...watch.firing()].every((id) => id === alwaysFiring || !disturbing.has(id));
  await watch.untilSteady(isQuiet, quietMs, quietWithinMs, signal);
  const left = new Set(watch.firing());
  const [at, injectedMs] = [new Date().toISOString(), performance.now()];
  let active: ActiveFault | null = null;
  let healingMs = injectedMs;
  try {
    onProgress({ stage: fault.id, detail: 'injecting', fraction: null });
    world.load.markFault(fault.id);
    active = await fault.inject(world);
    const found = await observe(fault, active, expected, run);
    healingMs = performance.now();
    onProgress({ stage: fault.id, detail: 'healing', fraction: null });
    const { heal } = active;
    active = null;
    await heal();
    world.load.markFault(null);
    const missing = await untilWhole(world.cluster, wholeWithinMs, signal);
    await untilClear(expected, left, run);
    const times = { at, injectedMs, healingMs };
    const endedMs = performance.now();
    return () => {
      const firings = watch.since(injectedMs).filter(({ fromMs }) => fromMs <= endedMs);
      return judge(fault, expected, { ...found, missing, left, times, firings });
    };
  } finally {
    // Ctrl-C and errors heal, too, but do not wait for the cluster, which ends; what fails must not hide what happened.
    world.load.markFault(null);
    await active?.heal().catch(() => {});
  }
}

/** While the fault is there. */
async function observe(
  fault: Fault,
  active: ActiveFault,
  expected: readonly (Alert & { readonly condition: string })[],
  { world, watch, timeDivisor, settleSec, panelQueries, runBlocks, onProgress, signal }: FaultRun,
): Promise<Observed> {
  onProgress({ stage: fault.id, detail: `waiting for ${expected.map(({ id }) => id).join(', ')}`, fraction: null });
  const boundMs = boundOf(expected, { timeDivisor, settleSec });
  if (fault.id === 'nothing') await sleep(controlMs, undefined, { signal });
  const since = performance.now();
  await watch.until(
    () => expected.every(({ id }) => watch.firing().has(id) || watch.since(since).some(({ alert }) => alert === id)),
    boundMs,
    signal,
  );
  const evidence = await untilEvident(active, signal);
  const panels = await panelsWithData(world.prometheusUrl, panelQueries);
  throwIfInterrupted(signal);
  const blocks = await runBlocks(
    expected.map(({ id }) => id),
    fault.id,
  );
  return { evidence, panels, blocks };
}

async function untilEvident(active: ActiveFault, signal: AbortSignal): Promise<string | null> {
  const untilMs = performance.now() + evidenceWithinMs;
  for (;;) {
    const evidence = await active.evidence();
    if (evidence !== null || performance.now() > untilMs) return evidence;
    await sleep(500, undefined, { signal });
  }
}

async function panelsWithData(url: string, queries: readonly PanelQuery[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { panel, expression } of queries) {
    const samples = await instant(url, expression).catch(() => []);
    if (samples.some(({ value }) => Number.isFinite(value))) found.push(panel);
  }
  return found;
}

async function untilClear(expected: readonly Alert[], left: ReadonlySet<string>, run: FaultRun): Promise<void> {
  const { watch, timeDivisor, signal, onProgress } = run;
  const clearing = expected.filter(
    (each) => each.id !== alwaysFiring && !left.has(each.id) && longestSec(each) / timeDivisor <= lateAfterSec,
  );
  onProgress({ stage: 'healed', detail: 'waiting until the alerts are clear', fraction: null });
  const boundMs = boundOf(clearing, run);
  await watch.until(() => clearing.every(({ id }) => !watch.firing().has(id)), boundMs, signal);
}

/** Waits until the alerts that clear late are clear, too. */
export async function untilLateOnesClear(faults: readonly Fault[], run: FaultRun): Promise<void> {
  const late = faults
    .flatMap(({ id }) => alertsOf(id))
    .filter((each) => longestSec(each) / run.timeDivisor > lateAfterSec);
  run.onProgress({
    stage: 'healed',
    detail: `waiting until ${late.map(({ id }) => id).join(', ')} clears`,
    fraction: null,
  });
  const boundMs = boundOf(late, run);
  await run.watch.until(() => late.every(({ id }) => !run.watch.firing().has(id)), boundMs, run.signal);
}

function boundOf(alerts: readonly Alert[], run: { timeDivisor: number; settleSec?: number | undefined }): number {
  const longest = Math.max(0, ...alerts.map(longestSec)) / run.timeDivisor;
  return (longest + (run.settleSec ?? defaultSettleSec)) * 1000;
}
