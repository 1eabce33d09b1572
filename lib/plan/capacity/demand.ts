/** What the use case asks of any cluster, as it crosses the wire: record and batch overhead included, rates as doubles. */
import { toNumber } from '../../rational.ts';
import type { Requirements, TopicRequirement } from '../../requirements/types.ts';
import { predictBatches } from '../disk/batches.ts';
import { logDefaults } from '../disk/log-defaults.ts';
import { batchingOf } from '../disk/topic-disk.ts';
import { egressBytesPerSec, ingressBytesPerSec } from '../traffic.ts';
import type { TopicPlan } from '../types.ts';

export interface TopicDemand {
  readonly name: string;
  readonly replicas: number;
  readonly partitions: number;
  readonly compact: boolean;
  /** Null for a compacted topic without a time. */
  readonly retentionMs: number | null;
  /** From producers, without replication. */
  readonly averageInBytesPerSec: number;
  readonly peakInBytesPerSec: number;
  readonly averageOutBytesPerSec: number;
  /** To groups at the higher of peak and catch-up, and to a replaying reader. */
  readonly peakOutBytesPerSec: number;
  /** The part of it that is too old for the page cache. */
  readonly coldReadBytesPerSec: number;
  /** At peak without record overhead, as partitions are counted; what the partitions share. */
  readonly payloadInBytesPerSec: number;
  readonly payloadOutBytesPerSec: number;
  /** The users' formula, all replicas. */
  readonly retainedBytes: number;
  /** What the disks will hold, all replicas. */
  readonly onDiskBytes: number;
  /** One copy of the records that must outlive the loss named in `survive`. */
  readonly guaranteedBytes: number;
  readonly producers: number;
  readonly consumerThreads: number;
  readonly groups: number;
  /** Produce requests at most: a producer sends at most one to a broker in each linger time. */
  readonly lingerMs: number;
  readonly peakRecordsPerSec: number;
  /** One partition's part of a produce request each. */
  readonly peakBatchesPerSec: number;
  readonly growthPerMonth: number;
  /** Segments of one replica of one partition, as its bytes fill them and as their age closes them: the more of both, and the open one. */
  readonly segmentsBySize: number;
  readonly segmentsByAge: number;
}

export interface Demand {
  readonly zones: number;
  /** Brokers stated by the use case; null: free to choose. */
  readonly brokers: number | null;
  /** Brokers left of `brokers` after the loss named in `survive`. */
  readonly survivors: (brokers: number) => number;
  readonly topics: readonly TopicDemand[];
  /** What Kafka's own topics hold, beside `onDiskBytes` of the topics. */
  readonly internalBytes: number;
  /** Space asked for beside the retained bytes. */
  readonly bufferBytes: (retainedBytes: number) => number;
}

/** Sums over the topics; what the model of a broker works with. */
export interface Totals {
  readonly averageInBytesPerSec: number;
  readonly peakInBytesPerSec: number;
  readonly averageOutBytesPerSec: number;
  readonly peakOutBytesPerSec: number;
  readonly coldReadBytesPerSec: number;
  readonly partitions: number;
  readonly compactedPartitions: number;
  /** What the plan requires (retained + buffer) or what the disks will hold, whichever is more. */
  readonly storedBytes: number;
  readonly producers: number;
  readonly consumerThreads: number;
  readonly groups: number;
}

export function topicDemand(topic: TopicRequirement, plan: TopicPlan): TopicDemand {
  const { load } = plan;
  const context = {
    load,
    producer: plan.producer,
    partitions: plan.partitions,
    replicas: plan.replicationFactor,
    target: 'existing' as const,
  };
  const batching = batchingOf(context);
  const batchesAt = (ratePerSec: number) => predictBatches({ ...batching, ratePerSec });
  const averageIn = load.averagePerSec * batchesAt(load.averagePerSec).bytesPerRecord;
  const atPeak = batchesAt(load.peakPerSec);
  const peakIn = load.peakPerSec * atPeak.bytesPerRecord;
  const replaying = topic.reuse.length > 0 ? peakIn : 0;
  const perGroup = topic.consumers.map(({ catchUp }) => {
    const behind = catchUp === null ? 0 : averageIn * (1 + catchUp.outageMs / catchUp.withinMs);
    return { out: Math.max(peakIn, behind), cold: behind };
  });
  return {
    name: plan.name,
    replicas: plan.replicationFactor,
    partitions: plan.partitions,
    compact: topic.retention.cleanup === 'compact',
    retentionMs: topic.retention.timeMs,
    averageInBytesPerSec: averageIn,
    peakInBytesPerSec: peakIn,
    averageOutBytesPerSec: averageIn * topic.consumers.length,
    peakOutBytesPerSec: perGroup.reduce((sum, { out }) => sum + out, replaying),
    coldReadBytesPerSec: perGroup.reduce((sum, { cold }) => sum + cold, replaying),
    payloadInBytesPerSec: toNumber(ingressBytesPerSec(topic)),
    payloadOutBytesPerSec: toNumber(egressBytesPerSec(topic)),
    retainedBytes: plan.retainedBytes,
    onDiskBytes: plan.onDiskBytes,
    guaranteedBytes: (averageIn * (topic.retention.guaranteedMs ?? 0)) / 1000,
    producers: load.producers,
    consumerThreads: plan.groups.reduce((sum, { threads }) => sum + threads, 0),
    groups: plan.groups.length,
    lingerMs: plan.producer['linger.ms'],
    peakRecordsPerSec: load.peakPerSec,
    peakBatchesPerSec: load.peakPerSec / atPeak.recordsPerBatch,
    growthPerMonth: toNumber(topic.produce.growthPerMonth),
    ...segmentsOf(topic, plan),
  };
}

/** A segment is closed by its size or by its age, whichever comes first. */
function segmentsOf(
  { retention }: TopicRequirement,
  plan: TopicPlan,
): Pick<TopicDemand, 'segmentsBySize' | 'segmentsByAge'> {
  const setting = (name: string, fallback: number): number => {
    const value = plan.config[name];
    return typeof value === 'number' ? value : fallback;
  };
  const logBytes = plan.onDiskBytes / plan.replicationFactor / plan.partitions;
  return {
    segmentsBySize: logBytes / setting('segment.bytes', logDefaults.segmentBytes),
    segmentsByAge: (retention.timeMs ?? 0) / setting('segment.ms', logDefaults.segmentMs),
  };
}

/** The demand of a whole use case. */
export function demandOf(
  { topics, cluster, storage }: Requirements,
  plans: readonly TopicPlan[],
  survivors: Demand['survivors'],
  internalBytes = 0,
): Demand {
  return {
    zones: cluster.zones,
    brokers: cluster.brokers,
    survivors,
    internalBytes,
    topics: topics.flatMap((topic, index) => {
      const plan = plans[index];
      return plan === undefined ? [] : [topicDemand(topic, plan)];
    }),
    bufferBytes: (retainedBytes) =>
      storage.buffer.kind === 'bytes' ? storage.buffer.bytes : retainedBytes * toNumber(storage.buffer.ratio),
  };
}

export function totalsOf({ topics, bufferBytes, internalBytes }: Demand): Totals {
  const sum = (figure: (topic: TopicDemand) => number): number =>
    topics.reduce((total, topic) => total + figure(topic), 0);
  const retainedBytes = sum((topic) => topic.retainedBytes);
  return {
    averageInBytesPerSec: sum((topic) => topic.averageInBytesPerSec),
    peakInBytesPerSec: sum((topic) => topic.peakInBytesPerSec),
    averageOutBytesPerSec: sum((topic) => topic.averageOutBytesPerSec),
    peakOutBytesPerSec: sum((topic) => topic.peakOutBytesPerSec),
    coldReadBytesPerSec: sum((topic) => topic.coldReadBytesPerSec),
    partitions: sum((topic) => (topic.compact ? 0 : topic.partitions)),
    compactedPartitions: sum((topic) => (topic.compact ? topic.partitions : 0)),
    storedBytes: Math.max(
      retainedBytes + bufferBytes(retainedBytes),
      sum((topic) => topic.onDiskBytes) + internalBytes,
    ),
    producers: sum((topic) => topic.producers),
    consumerThreads: sum((topic) => topic.consumerThreads),
    groups: sum((topic) => topic.groups),
  };
}

/**
 * The demand `months` later. Rates, what is stored by time and the threads that read it grow; compacted topics keep their keys. Partitions stay as
 * they are, or grow with the rates where the cluster may be planned anew.
 */
export function grownDemand(demand: Demand, months: number, partitions: 'fixed' | 'grown' = 'fixed'): Demand {
  const topics = demand.topics.map((topic) => {
    const factor = (1 + topic.growthPerMonth) ** months;
    const grown = partitions === 'grown' ? Math.ceil(topic.partitions * factor) : topic.partitions;
    return {
      ...topic,
      partitions: grown,
      // A partition is read by one thread of a group at most.
      consumerThreads: Math.max(
        topic.consumerThreads,
        Math.min(Math.ceil(topic.consumerThreads * factor), grown * topic.groups),
      ),
      averageInBytesPerSec: topic.averageInBytesPerSec * factor,
      peakInBytesPerSec: topic.peakInBytesPerSec * factor,
      averageOutBytesPerSec: topic.averageOutBytesPerSec * factor,
      peakOutBytesPerSec: topic.peakOutBytesPerSec * factor,
      coldReadBytesPerSec: topic.coldReadBytesPerSec * factor,
      payloadInBytesPerSec: topic.payloadInBytesPerSec * factor,
      payloadOutBytesPerSec: topic.payloadOutBytesPerSec * factor,
      retainedBytes: topic.compact ? topic.retainedBytes : topic.retainedBytes * factor,
      onDiskBytes: topic.compact ? topic.onDiskBytes : topic.onDiskBytes * factor,
      guaranteedBytes: topic.guaranteedBytes * factor,
      peakRecordsPerSec: topic.peakRecordsPerSec * factor,
      // At most: more records make batches fuller, too.
      peakBatchesPerSec: topic.peakBatchesPerSec * factor,
      segmentsBySize: topic.compact ? topic.segmentsBySize : (topic.segmentsBySize * factor * topic.partitions) / grown,
    };
  });
  return { ...demand, topics };
}
