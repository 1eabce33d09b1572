/** What no plan can satisfy: found before planning, all at once. */
import { compare, rational } from '../rational.ts';
import type { Requirements, TopicRequirement } from '../requirements/types.ts';
import { formatDurationMs } from '../units.ts';
import { leastBrokers } from './brokers.ts';
import { planLoad } from './load.ts';
import { planPartitions } from './partitions.ts';
import { batchHeaderBytes, recordBytes } from './record-batch.ts';
import { planReplication } from './replication.ts';
import { bufferBytes, retainedBytes } from './storage.ts';
import { targetRules } from './targets.ts';

export interface PlanFault {
  /** Where in the use case, such as `topics[0].replicas`. */
  readonly path: string;
  /** What was given and what is allowed. */
  readonly message: string;
}

/** Kafka counts partitions in 32 bits. */
const mostPartitions = 2 ** 31 - 1;
const mostBytes = rational(Number.MAX_SAFE_INTEGER);

export function planFaults(requirements: Requirements): readonly PlanFault[] {
  const topics = requirements.topics.flatMap((topic, index) => topicFaults(requirements, topic, `topics[${index}]`));
  return [...clusterFaults(requirements), ...topics, ...storageFaults(requirements)];
}

function clusterFaults({ cluster, topics }: Requirements): readonly PlanFault[] {
  const { brokersHidden } = targetRules[cluster.target];
  const faults: PlanFault[] = [];
  if (topics.length === 0) faults.push({ path: 'topics', message: 'no topic is given; a plan needs at least one' });
  if (!brokersHidden && cluster.brokers !== null && cluster.brokers < 1)
    faults.push({ path: 'cluster.brokers', message: `at least 1 broker is needed, not ${cluster.brokers}` });
  return faults;
}

function topicFaults({ cluster }: Requirements, topic: TopicRequirement, path: string): readonly PlanFault[] {
  const faults: PlanFault[] = [];
  const { replicas } = planReplication(topic, cluster);
  const { brokers } = leastBrokers(cluster, replicas);
  if (replicas > brokers)
    faults.push({
      path: `${path}.replicas`,
      message: `${replicas} replicas need as many brokers, the cluster has ${brokers}; state at least ${replicas} brokers or fewer replicas`,
    });
  const { partitions } = planPartitions(topic, cluster.target);
  if (partitions > mostPartitions)
    faults.push({
      path: `${path}.consumers`,
      message: `the rates ask for ${partitions} partitions, Kafka allows ${mostPartitions}; make consumers faster`,
    });
  const limit = targetRules[cluster.target].messageBytes ?? Number.POSITIVE_INFINITY;
  const { load } = planLoad(topic);
  const valueBytes = load.messageSizeBytes - load.keyBytes;
  const batchBytes = batchHeaderBytes + recordBytes({ keyBytes: load.keyBytes, valueBytes, headersBytes: 0 }, 0, 0);
  if (batchBytes > limit)
    faults.push({
      path: `${path}.message.size`,
      message: `${cluster.target} takes messages up to ${limit} B, this one has ${batchBytes} B with its batch header`,
    });
  return [...faults, ...retentionFaults(topic, path)];
}

function retentionFaults({ retention, message }: TopicRequirement, path: string): readonly PlanFault[] {
  const { cleanup, timeMs, guaranteedMs, keys } = retention;
  const faults: PlanFault[] = [];
  if (cleanup === 'delete' && timeMs === null)
    faults.push({ path: `${path}.retention.time`, message: 'a topic with cleanup delete needs a time, such as 5d' });
  if (cleanup === 'compact' && keys === null)
    faults.push({ path: `${path}.retention.keys`, message: 'a compacted topic needs its number of keys' });
  if (cleanup === 'compact' && message.key === null)
    faults.push({
      path: `${path}.message.key`,
      message: 'a compacted topic needs a key: brokers refuse records without one',
    });
  if (guaranteedMs !== null && timeMs !== null && guaranteedMs > timeMs)
    faults.push({
      path: `${path}.retention.guaranteed`,
      message: `${formatDurationMs(guaranteedMs)} are guaranteed but only ${formatDurationMs(timeMs)} kept; at most the time can be guaranteed`,
    });
  return faults;
}

function storageFaults({ cluster, topics, storage }: Requirements): readonly PlanFault[] {
  const retained = topics.reduce(
    (sum, topic) => sum + retainedBytes(topic, planReplication(topic, cluster).replicas).bytes,
    0n,
  );
  const required = retained + bufferBytes(storage.buffer, retained);
  return compare(rational(required), mostBytes) > 0
    ? [{ path: 'storage', message: `${required} bytes are required, more than can be planned with (2^53 - 1)` }]
    : [];
}
