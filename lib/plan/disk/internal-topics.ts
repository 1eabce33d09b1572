/** Kafka's own topics, which live on the same disks: offsets of consumer groups and states of transactions. */
import type { ClusterRequirement } from '../../requirements/types.ts';
import { cite } from '../facts/sources.ts';
import { targetRules } from '../targets.ts';
import type { InternalTopicPlan, TopicPlan } from '../types.ts';
import { batchesOf } from './batches.ts';
import { type CompactedLogPrediction, predictCompactedLog } from './compacted-log.ts';
import { logDefaults } from './log-defaults.ts';
import { fileSystemBlockBytes } from './log-files.ts';

/** Every group and every transactional id has one partition of its internal topic, at worst all to itself. */
interface Tenant {
  readonly keys: number;
  readonly recordsPerSec: number;
  readonly keyBytes: number;
}

/** Version 2, group and topic with 2 bytes of length each, partition 4. */
const offsetKeyBytes = (group: string, topic: string): number => 2 + 2 + group.length + 2 + topic.length + 4;
/** Version 2, offset 8, leader epoch 4, empty metadata 2, time 8. */
const offsetValueBytes = 24;
const emptyFolderBytes = 3 * fileSystemBlockBytes;
const mostReplicas = 3;

/**
 * What they hold at most, over all replicas. Empty where the target hides its brokers' disks. Offsets: one commit a record
 * where the application commits, one a partition and `auto.commit.interval.ms` where the client does. Transactions: their
 * rate is not stated, so each transactional id fills a segment.
 */
export function planInternalTopics(
  { target, brokers }: ClusterRequirement,
  topics: readonly TopicPlan[],
): readonly InternalTopicPlan[] {
  if (targetRules[target].fixed !== null) return [];
  const replicas = Math.min(mostReplicas, brokers ?? mostReplicas);
  const groups = topics.flatMap(groupTenants);
  const ids = topics
    .filter(({ consumer }) => consumer['isolation.level'] === 'read_committed')
    .flatMap(({ load }) => Array.from({ length: load.producers }, () => transactionalId));
  return [
    ...internalTopic('__consumer_offsets', logDefaults.offsetsTopicPartitions, replicas, groups),
    ...internalTopic('__transaction_state', logDefaults.transactionTopicPartitions, replicas, ids),
  ];
}

/** More than a segment in a week, however long the id. */
const transactionalId: Tenant = { keys: 1, recordsPerSec: 1000, keyBytes: 64 };

function groupTenants({ name, groups, partitions, consumer, load }: TopicPlan): readonly Tenant[] {
  const recordsPerSec = consumer['enable.auto.commit']
    ? (partitions * 1000) / logDefaults.autoCommitIntervalMs
    : load.averagePerSec;
  return groups.map((group) => ({ keys: partitions, recordsPerSec, keyBytes: offsetKeyBytes(group.name, name) }));
}

function internalTopic(
  name: string,
  partitions: number,
  replicas: number,
  tenants: readonly Tenant[],
): readonly InternalTopicPlan[] {
  if (tenants.length === 0) return [];
  const logs = tenants.map((tenant) => predictTenant(tenant, replicas)).sort((a, b) => held(b) - held(a));
  const used = logs.slice(0, partitions);
  const empty = (partitions - used.length) * replicas * emptyFolderBytes;
  const onDiskBytes = Math.ceil(used.reduce((sum, log) => sum + held(log), empty));
  return [
    {
      name,
      partitions,
      replicationFactor: replicas,
      onDiskBytes,
      preallocatedIndexBytes: partitions * replicas * 2 * logDefaults.indexSizeMaxBytes,
      why: {
        figure: name,
        value: onDiskBytes,
        unit: 'bytes',
        formula:
          'for each partition in use: live records, as much again dirty, an open segment of at most 100 MiB or 7 days, the copy of a cleaning, indexes; times replicas',
        inputs: { partitionsUsed: used.length, partitions, replicas, segmentBytes: logDefaults.internalSegmentBytes },
        source: `${cite('apacheKafka')}: offsets.topic.segment.bytes, transaction.state.log.segment.bytes; each group or id has one partition`,
      },
    },
  ];
}

function predictTenant({ keys, recordsPerSec, keyBytes }: Tenant, replicas: number): CompactedLogPrediction {
  const input = {
    ratePerSec: recordsPerSec,
    partitions: 1,
    replicas,
    producers: 0,
    keys,
    keyBytes,
    valueBytes: offsetValueBytes,
    headersBytes: 0,
    lingerMs: 0,
    batchBytes: 0,
    keyed: true,
    compressionRatio: 1,
    segmentMs: logDefaults.segmentMs,
    segmentBytes: logDefaults.internalSegmentBytes,
  };
  return predictCompactedLog(input, batchesOf(input, 1));
}

function held({ maxLogBytes, copyBytes, files }: CompactedLogPrediction): number {
  return maxLogBytes + copyBytes + files.indexBytes + files.otherBytes;
}
