/**
 * The use case itself: all producers and all consumer groups at the average rate, then at the peak rate.
 * One session for both, so consumers keep their assignments and the ids are checked over everything that was sent.
 */
import { settingsAt } from '../../lib/experiment/settings.ts';
import type { PhaseMeasurement, TopicIntegrity } from '../../lib/measurement/types.ts';
import type { TopicPlan } from '../../lib/plan/types.ts';
import type { ConsumerTuning } from '../drivers/driver.ts';
import { maxProducersPerTopic } from '../load/driven-plan.ts';
import { openLoad } from '../load/open-load.ts';
import type { LoadTopic, PhaseResult } from '../load/types.ts';
import type { WindowCurve } from '../load/window-curve.ts';
import type { RecordSearch } from '../privacy/search.ts';
import { type BrokerCpuWatch, type ReadCpuSeconds, watchBrokerCpu } from './broker-cpu.ts';
import type { ScenarioContext } from './context.ts';
import { readingGroups } from './reading-groups.ts';

/** Members of one group that one harness process runs; more would measure the harness, not the cluster. */
export const maxMembersPerGroup = 12;

export interface PhaseLengths {
  readonly measureMs: number;
  readonly warmUpMinMs: number;
  readonly warmUpMaxMs: number;
  readonly drainMaxMs: number;
}

export type PhaseName = PhaseMeasurement['phase'];

export interface PhasesSpec {
  readonly topics: readonly TopicPlan[];
  /** Name on the cluster of a topic or a group of the plan. */
  readonly nameOnCluster: (name: string) => string;
  readonly lengths: Readonly<Record<PhaseName, PhaseLengths>>;
  /** Of the average phase; the peak is driven as it is stated. */
  readonly curve?: WindowCurve | undefined;
  /** For private values, in every record read; null: there are none. */
  readonly search: RecordSearch | null;
  readonly brokerCpuSeconds: ReadCpuSeconds;
  /** Called after each phase, so that a run that is cut short keeps what it has. */
  readonly onMeasured: (phase: PhaseMeasurement, integrity: readonly TopicIntegrity[]) => void;
  /** Asked before each phase; false ends the phases early. */
  readonly mayStart: (phase: PhaseName) => boolean;
}

export async function runPhases(context: ScenarioContext, spec: PhasesSpec): Promise<void> {
  const { search } = spec;
  const session = await (context.open ?? openLoad)({
    ...context.load,
    signal: context.signal,
    topics: spec.topics.map((topic) => loadTopicOf(topic, spec.nameOnCluster, context.onNote)),
    ...(search === null ? {} : { onValue: (_, value) => search.look(value), onSearched: (count) => search.add(count) }),
  });
  const cpu = watchBrokerCpu(spec.brokerCpuSeconds);
  try {
    for (const phase of ['average', 'peak'] as const) {
      if (!spec.mayStart(phase)) return;
      const result = await session.run({
        ...spec.lengths[phase],
        ratePerSec: ratesOf(spec.topics, phase),
        ...(phase === 'average' && spec.curve !== undefined ? { curve: spec.curve } : {}),
        stage: phase,
        signal: context.signal,
        onProgress: context.onProgress,
      });
      spec.onMeasured(phaseMeasurement(phase, result, cpu), session.integrity());
    }
  } finally {
    cpu.stop();
    await session.close();
  }
}

/**
 * Every group that reads the topic with as many members as it needs threads, capped, and fetching as planned. Producers are
 * capped where they are opened. Both caps are noted.
 */
export function loadTopicOf(
  plan: TopicPlan,
  nameOnCluster: (name: string) => string,
  onNote: (note: string) => void,
): LoadTopic {
  if (plan.groups.length === 0) {
    onNote(`${plan.name} has no consumers: a group of Headroom's own read it back, to check what was written`);
  }
  const groups = readingGroups(plan).map(({ name, threads }) => {
    const members = Math.min(threads, maxMembersPerGroup);
    if (members < threads) {
      onNote(
        `${name} ran with ${members} members instead of the ${threads} threads planned: the most one harness runs`,
      );
    }
    return { name, clusterGroup: nameOnCluster(name), members };
  });
  const { producers } = plan.load;
  if (producers > maxProducersPerTopic) {
    onNote(
      `${plan.name} was written by ${maxProducersPerTopic} producer clients instead of the ${producers} planned, at the same rate: the most one harness opens; each sends more, so batches fill faster`,
    );
  }
  const consumer = settingsAt('consumer', plan.consumer) as ConsumerTuning;
  return { plan, clusterTopic: nameOnCluster(plan.name), groups, consumer };
}

function ratesOf(topics: readonly TopicPlan[], phase: PhaseName): Record<string, number> {
  return Object.fromEntries(
    topics.map(({ name, load }) => [name, phase === 'average' ? load.averagePerSec : load.peakPerSec]),
  );
}

function phaseMeasurement(phase: PhaseName, result: PhaseResult, cpu: BrokerCpuWatch): PhaseMeasurement {
  const { startedAt, measuredMs, warmUpMs, steady, topics, generator, series } = result;
  const fromMs = Date.parse(startedAt) - performance.timeOrigin;
  const brokerCpu = cpu.coresBetween(fromMs, fromMs + measuredMs);
  return { phase, startedAt, measuredMs, warmUpMs, steady, topics, generator, series, brokerCpu };
}
