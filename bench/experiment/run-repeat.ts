/** One repeat of one cell on connections that are open already: figures, and what speaks against them. */
import { type EffectiveSettings, effectiveSettings, effectiveTopic } from '../../lib/experiment/effective.ts';
import type { Cell, CellFigures, Repeat } from '../../lib/experiment/types.ts';
import type { GroupIntegrity, TopicIntegrity } from '../../lib/measurement/types.ts';
import type { TopicPlan } from '../../lib/plan/types.ts';
import type { ConsumerTuning } from '../drivers/driver.ts';
import { driverByName } from '../drivers/index.ts';
import { openLoad } from '../load/open-load.ts';
import type { PartitionerName } from '../load/partitioner.ts';
import type { LoadShape } from '../load/shape.ts';
import type { LoadSession, LoadSpec, PhaseResult } from '../load/types.ts';
import type { OnProgress } from '../progress.ts';
import { watchBrokerCpu } from '../prove/broker-cpu.ts';
import { loadTopicOf } from '../prove/phases.ts';
import { readingGroups } from '../prove/reading-groups.ts';
import { readBytesOnDisk } from '../target/log-dirs.ts';
import type { RunCluster } from '../target/run-cluster.ts';
import type { ExperimentLengths } from './types.ts';

export interface OpenCell {
  readonly cell: Cell;
  readonly effective: EffectiveSettings;
  readonly clusterTopic: string;
  readonly session: LoadSession;
}

const drainMaxMs = 10_000;

export async function openCell(
  cell: Cell,
  topic: TopicPlan,
  clusterTopic: string,
  load: Omit<LoadSpec, 'topics'>,
): Promise<OpenCell> {
  const effective = effectiveSettings(topic, load.driver.name, cell.settings);
  const loadTopic = loadTopicOf(
    effectiveTopic(topic, effective),
    (name) => nameOnCluster(clusterTopic, topic, name),
    () => {},
  );
  const stated = cellGroups(topic, clusterTopic, effective).map((name) => ({ name, clusterGroup: name, members: 1 }));
  const session = await openLoad({
    ...load,
    driver: driverByName(effective.driver),
    topics: [
      {
        ...loadTopic,
        ...(effective.groups === null ? {} : { groups: stated }),
        consumer: effective.consumer as ConsumerTuning,
        shape: shapeOf(effective, load.shape),
      },
    ],
  });
  return { cell, effective, clusterTopic, session };
}

function shapeOf({ partitioner, entropy }: EffectiveSettings, shape: LoadShape = {}): LoadShape {
  return {
    ...shape,
    ...(partitioner === null ? {} : { partitioner: partitioner as PartitionerName }),
    ...(entropy === null ? {} : { entropy }),
  };
}

/** The name of a cell's topic, behind the run's prefix. */
export function cellName(index: number): string {
  return `cell-${index}`;
}

/** The name on the cluster of the cell's topic, and of its groups: those of different cells share nothing. */
export function nameOnCluster(clusterTopic: string, topic: TopicPlan, name: string): string {
  return name === topic.name ? clusterTopic : `${clusterTopic}-${name}`;
}

/** The groups of a cell on the cluster: as many as it states, else those that read the topic of the plan. */
export function cellGroups(topic: TopicPlan, clusterTopic: string, { groups }: EffectiveSettings): readonly string[] {
  return groups === null
    ? readingGroups(topic).map(({ name }) => nameOnCluster(clusterTopic, topic, name))
    : Array.from({ length: groups }, (_, index) => `${clusterTopic}-reader-${index}`);
}

export async function runRepeat(
  { cell, effective, clusterTopic, session }: OpenCell,
  round: number,
  run: {
    readonly cluster: RunCluster;
    readonly topicName: string;
    readonly lengths: ExperimentLengths;
    readonly signal: AbortSignal;
    readonly onProgress: OnProgress;
  },
): Promise<Repeat> {
  const { cluster, lengths, signal, onProgress } = run;
  const onDisk = async () =>
    (await readBytesOnDisk(cluster.admin, [{ name: clusterTopic, partitions: effective.partitions }])).get(
      clusterTopic,
    ) ?? 0;
  const before = { bytes: await onDisk(), integrity: session.integrity()[0] };
  const cpu = watchBrokerCpu(() => cluster.brokerCpuSeconds());
  try {
    const result = await session.run({
      ratePerSec: { [run.topicName]: effective.ratePerSec },
      measureMs: lengths.measureMs,
      warmUpMinMs: lengths.warmUpMs,
      warmUpMaxMs: lengths.warmUpMs,
      drainMaxMs,
      stage: cell.id,
      signal,
      onProgress,
    });
    const after = { bytes: await onDisk(), integrity: session.integrity()[0] };
    const fromMs = Date.parse(result.startedAt) - performance.timeOrigin;
    const cores = cpu.coresBetween(fromMs, fromMs + result.measuredMs);
    const figures = figuresOf(result, { before, after, replicas: effective.replicationFactor, cores });
    return { cell: cell.id, round, figures, doubts: await doubtsOf(result, cluster) };
  } finally {
    cpu.stop();
  }
}

interface Moment {
  readonly bytes: number;
  readonly integrity: TopicIntegrity | undefined;
}

function figuresOf(
  { topics, generator }: PhaseResult,
  seen: {
    readonly before: Moment;
    readonly after: Moment;
    readonly replicas: number;
    readonly cores: readonly { readonly cores: number }[] | null;
  },
): CellFigures {
  const [topic] = topics;
  if (topic === undefined) throw new RangeError('a repeat without its topic');
  const [group] = topic.groups;
  const more = (count: (integrity: TopicIntegrity) => number): number | null =>
    seen.after.integrity === undefined
      ? null
      : count(seen.after.integrity) - (seen.before.integrity === undefined ? 0 : count(seen.before.integrity));
  // Where nobody reads, nobody sees what is lost.
  const seenByGroups = (count: (group: GroupIntegrity) => number): number | null =>
    topic.groups.length === 0 ? null : more(({ groups }) => groups.reduce((sum, each) => sum + count(each), 0));
  const written = more(({ acknowledged }) => acknowledged) ?? 0;
  const bytes = seen.after.bytes - seen.before.bytes;
  const diskBytesPerRecord = written > 0 && bytes > 0 ? bytes / written : null;
  const brokerCores = seen.cores?.reduce((sum, { cores }) => sum + cores, 0) ?? null;
  return {
    recordsPerSec: topic.achievedPerSec,
    publishP50Ms: topic.publish.p50Ms,
    publishP99Ms: topic.publish.p99Ms,
    endToEndP50Ms: group?.endToEnd.p50Ms ?? null,
    endToEndP99Ms: group?.endToEnd.p99Ms ?? null,
    clientCpuMicrosPerRecord: generator.cpuMicrosPerRecord,
    brokerCpuMicrosPerRecord:
      brokerCores === null || topic.achievedPerSec <= 0 ? null : (brokerCores * 1e6) / topic.achievedPerSec,
    recordsPerBatch: topic.recordsPerBatch,
    // Brokers store batches as they were sent, unless the topic sets a compression of its own.
    wireBytesPerRecord: diskBytesPerRecord === null ? null : diskBytesPerRecord / seen.replicas,
    diskBytesPerRecord,
    lostRecords: seenByGroups(({ lost }) => lost),
    duplicateRecords: seenByGroups(({ duplicates }) => duplicates),
    reorderedRecords: seenByGroups(({ orderInversions }) => orderInversions),
  };
}

async function doubtsOf({ generator, topics, cutShort }: PhaseResult, cluster: RunCluster): Promise<readonly string[]> {
  const alive = await cluster.aliveBrokers().catch(() => new Set<number>());
  const gone = cluster.brokers.filter(({ id }) => !alive.has(id)).map(({ id }) => id);
  return [
    ...(generator.wasTheLimit ? [`the harness was the limit: ${generator.reason}`] : []),
    ...(cutShort ? ['the repeat ended early, hopelessly behind'] : []),
    ...(topics.every(({ acknowledged }) => acknowledged === 0) ? ['no record was acknowledged'] : []),
    ...(gone.length > 0 ? [`broker ${gone.join(', ')} was lost`] : []),
  ];
}
