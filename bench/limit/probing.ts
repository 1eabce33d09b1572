/** Carries a search for a limit out on an open session: one phase a probe, until there is an answer or the time is up. */
import { causeOf } from '../../lib/measurement/limit/cause.ts';
import {
  geometricSearch,
  nextStep,
  type Outcome,
  type SearchStep,
  unresolved,
} from '../../lib/measurement/limit/search.ts';
import { missesOf } from '../../lib/measurement/limit/sustained.ts';
import type { LimitAnswer, LimitMeasurement, LimitObjectives, LimitProbe } from '../../lib/measurement/limit/types.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { formatRate } from '../../lib/units.ts';
import type { LoadSession, PhaseResult } from '../load/types.ts';
import type { OnProgress } from '../progress.ts';
import type { PhaseLengths } from '../prove/phases.ts';
import { networkShare, type StatedNetwork } from './network.ts';
import type { ResourceWatch } from './resources.ts';
import { type LimitSettings, lengthsOf, lengthsWithin, objectivesOf, peakOf, shareOut } from './settings.ts';

export interface LimitSearch {
  readonly session: Pick<LoadSession, 'run'>;
  readonly plan: Plan;
  readonly settings: LimitSettings;
  readonly resources: ResourceWatch;
  /** A bandwidth that the brokers are known to have; null: none, or their use of it is among the resources. */
  readonly network: StatedNetwork | null;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** After each probe, so that a search that is cut short keeps what it has. */
  readonly onProbe: (soFar: LimitMeasurement) => void;
  /** Asked before each probe; false ends the search, as when a broker was lost. */
  readonly mayGoOn: () => boolean;
}

/** Behind by this much, a rate is given up: at least so long, and several times what the objective allows. */
const hopelessBehindMs = 1_000;
const hopelessObjectives = 4;

type ProbeStep = Extract<SearchStep, { kind: 'probe' }>;

/** Rejects with the signal's reason when aborted. */
export async function findLimit(search: LimitSearch): Promise<LimitMeasurement> {
  const spec = geometricSearch(search.settings);
  const objectives = objectivesOf(search.plan);
  const probes: LimitProbe[] = [];
  const outcomes: Outcome[] = [];
  let loadMs = 0;
  for (;;) {
    const step = nextStep(spec, outcomes);
    if (step.kind === 'answer') return measurementOf(search, probes, step.answer, loadMs);
    const usual = lengthsOf(step.purpose, probes.length === 0);
    const lengths = lengthsWithin(usual, search.settings.budgetMs - loadMs);
    if (lengths === null || !search.mayGoOn()) return measurementOf(search, probes, unresolved(spec, outcomes), loadMs);
    search.onProgress({
      stage: `${step.purpose} ${formatRate(step.ratePerSec)}`,
      detail: describeLast(probes),
      fraction: Math.min(1, loadMs / search.settings.budgetMs),
    });
    const beganMs = performance.now();
    const probe = await runProbe(search, step, objectives, lengths);
    loadMs += performance.now() - beganMs;
    // A broker or a worker was lost meanwhile: the probe says nothing of the whole cluster under the whole load. Nor does one
    // whose records were waited for less than usual.
    if (!search.mayGoOn() || (lengths.drainMaxMs < usual.drainMaxMs && isCutOff(probe)))
      return measurementOf(search, probes, unresolved(spec, outcomes), loadMs);
    probes.push(probe);
    outcomes.push({ index: step.index, sustained: probe.sustained });
    search.onProbe(measurementOf(search, probes, unresolved(spec, outcomes), loadMs));
  }
}

async function runProbe(
  search: LimitSearch,
  step: ProbeStep,
  objectives: LimitObjectives,
  lengths: PhaseLengths,
): Promise<LimitProbe> {
  const { session, plan, signal } = search;
  const result = await session.run({
    ...lengths,
    ratePerSec: shareOut(plan, step.ratePerSec),
    hopelessBehindMs: Math.max(hopelessBehindMs, hopelessObjectives * (objectives.publishP99Ms ?? 0)),
    stage: step.purpose,
    signal,
    onProgress: () => {},
  });
  const misses = missesOf(result, objectives);
  return { ...probeOf(step, result, search), sustained: misses.length === 0, misses };
}

/** Records were not acknowledged or not read when the waiting ended, of a rate that was not hopeless anyway. */
function isCutOff({ cutShort, topics }: LimitProbe): boolean {
  return (
    !cutShort &&
    topics.some(
      ({ failed, unsent, groups }) => failed + unsent > 0 || groups.some(({ drainedMs }) => drainedMs === null),
    )
  );
}

function probeOf(
  { purpose, ratePerSec }: ProbeStep,
  { startedAt, warmUpMs, measuredMs, cutShort, steady, topics, generator, series }: PhaseResult,
  { plan, resources, network }: LimitSearch,
): Omit<LimitProbe, 'sustained' | 'misses'> {
  const fromMs = Date.parse(startedAt) - performance.timeOrigin;
  return {
    purpose,
    ratePerSec,
    startedAt,
    warmUpMs,
    measuredMs,
    cutShort,
    steady,
    topics,
    generator,
    series,
    resources: {
      ...resources.between(fromMs, fromMs + measuredMs),
      ...(network === null ? {} : { networkUsed: networkShare(network, plan, { measuredMs, topics }) }),
    },
  };
}

function measurementOf(
  { plan, settings }: LimitSearch,
  probes: readonly LimitProbe[],
  answer: LimitAnswer,
  loadMs: number,
): LimitMeasurement {
  const { fromPerSec, toPerSec, resolution, budgetMs } = settings;
  return {
    range: { fromPerSec, toPerSec, resolution },
    objectives: objectivesOf(plan),
    peakPerSec: peakOf(plan),
    probes: [...probes],
    answer,
    cause: causeOf(probes),
    loadMs,
    budgetMs,
  };
}

function describeLast(probes: readonly LimitProbe[]): string {
  const last = probes.at(-1);
  if (last === undefined) return '';
  return `${formatRate(last.ratePerSec)} ${last.sustained ? 'held' : `not held: ${last.misses[0] ?? ''}`}`;
}
