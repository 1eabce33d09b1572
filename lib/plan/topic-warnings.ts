/** What is allowed in a topic but deserves a word: guarantees that the numbers cannot keep, and settings without effect. */
import { compare, one } from '../rational.ts';
import type { ClusterRequirement, Requirements, TopicRequirement, Warning } from '../requirements/types.ts';
import { replicasLost } from './brokers.ts';
import { clientWarnings } from './clients/client-warnings.ts';
import { coPartitioningWarnings } from './co-partitioning.ts';
import { diskWarnings } from './disk/disk-warnings.ts';
import { settingsWarnings } from './settings-warnings.ts';
import { targetRules } from './targets.ts';
import type { GrowthMonth, TopicPlan } from './types.ts';

interface Subject {
  readonly topic: TopicRequirement;
  readonly plan: TopicPlan;
  readonly cluster: ClusterRequirement;
  /** `topics[0]` */
  readonly path: string;
  /** Partitions the topic needs in each month. */
  readonly growth: readonly { readonly month: number; readonly partitions: number }[];
}

type Rule = (subject: Subject) => Warning | null;

export function topicWarnings(
  { cluster, topics, slo }: Requirements,
  plans: readonly TopicPlan[],
  growth: readonly GrowthMonth[],
): readonly Warning[] {
  const each = topics.flatMap((topic, index) => {
    const plan = plans[index];
    if (plan === undefined) return [];
    const months = growth.map(({ month, topics: grown }) => ({ month, partitions: grown[index]?.partitions ?? 0 }));
    const subject = { topic, plan, cluster, path: `topics[${index}]`, growth: months };
    return [
      ...rules.map((rule) => rule(subject)).filter((warning) => warning !== null),
      ...settingsWarnings(plan, cluster.target, subject.path),
      ...clientWarnings(topic, plan, { slo, path: subject.path }),
      ...diskWarnings(topic, plan, { target: cluster.target, path: subject.path }),
    ];
  });
  return [...each, ...coPartitioningWarnings(topics, plans)];
}

const fixedReplication: Rule = ({ topic, plan, cluster, path }) =>
  targetRules[cluster.target].fixed === null || topic.replicas === null || topic.replicas === plan.replicationFactor
    ? null
    : {
        code: 'FIXED_REPLICATION_FACTOR',
        path: `${path}.replicas`,
        message: `${cluster.target} always keeps ${plan.replicationFactor} replicas, the file states ${topic.replicas}`,
        remedy: `state ${plan.replicationFactor} replicas or leave them out`,
      };

const writesStop: Rule = ({ plan, path }) =>
  plan.producer.acks === 'all' && plan.minInsyncReplicas === 2 && plan.replicationFactor === 2
    ? {
        code: 'WRITES_STOP_ON_BROKER_LOSS',
        path: `${path}.replicas`,
        message: 'loss never with 2 replicas needs both of them for every write: writes stop when one broker is lost',
        remedy: 'use 3 replicas, or accept loss when a leader fails',
      }
    : null;

const survive: Rule = ({ plan, cluster, path }) => {
  const lost = replicasLost(cluster, plan.replicationFactor);
  const left = plan.replicationFactor - lost;
  if (lost === 0) return null;
  if (left <= 0)
    return {
      code: 'SURVIVE_WITHOUT_COPY',
      path: `${path}.replicas`,
      message: `losing a ${cluster.survive} can take all ${plan.replicationFactor} replicas of a partition: it is then neither readable nor writable`,
      remedy: 'use 3 replicas over 3 zones, or survive: none',
    };
  return plan.producer.acks === 'all' && left < plan.minInsyncReplicas
    ? {
        code: 'SURVIVE_CONFLICT',
        path: `${path}.guarantee`,
        message: `after losing a ${cluster.survive} a partition may have ${left} of ${plan.replicationFactor} replicas, writes need ${plan.minInsyncReplicas}: loss ${plan.guarantee.loss} and survive ${cluster.survive} cannot both hold`,
        remedy: 'use 3 replicas over 3 zones, or lower the guarantee or survive',
      }
    : null;
};

const singleReplica: Rule = ({ plan, path }) =>
  plan.guarantee.loss === 'never' && plan.replicationFactor === 1
    ? {
        code: 'LOSS_NEVER_SINGLE_REPLICA',
        path: `${path}.replicas`,
        message: 'loss never with 1 replica: a broken disk loses its records',
        remedy: 'use 3 replicas',
      }
    : null;

const acksWithoutCopies: Rule = ({ plan, path }) =>
  plan.producer.acks === 'all' && plan.minInsyncReplicas === 1 && plan.guarantee.loss !== 'never'
    ? {
        code: 'ACKS_ALL_MIN_INSYNC_ONE',
        path: `${path}.guarantee`,
        message:
          'acks all with min.insync.replicas 1 waits for every replica in sync, which may be the leader alone: its loss then loses records',
        remedy: 'state loss: never, or accept it: order and duplicates are still kept',
      }
    : null;

const acksZero: Rule = ({ plan, path }) =>
  plan.producer.acks === '0'
    ? {
        code: 'ACKS_ZERO_MAY_LOSE',
        path: `${path}.guarantee.loss`,
        message:
          'acks 0: the producer never learns whether a record arrived; any fault, even a full queue, loses records in silence',
        remedy: 'state loss: never where records matter',
      }
    : null;

const orderWithoutKey: Rule = ({ topic, path }) =>
  topic.guarantee.order === 'key' && topic.message.key === null
    ? {
        code: 'ORDER_WITHOUT_KEY',
        path: `${path}.guarantee.order`,
        message: 'order key without message.key: records without a key go to any partition, in no order',
        remedy: 'name the key field in message.key, or state order: none',
      }
    : null;

const orderAgainstGrowth: Rule = ({ topic, plan, path, growth }) => {
  const first = growth.find(({ partitions }) => partitions > plan.partitions);
  if (topic.guarantee.order !== 'key' || first === undefined) return null;
  const last = growth.at(-1);
  return {
    code: 'ORDER_BROKEN_BY_GROWTH',
    path: `${path}.produce.growth`,
    message: `month ${first.month} needs ${first.partitions} partitions instead of ${plan.partitions}: adding them moves keys, and order per key breaks across the change`,
    remedy: `state the peak to come as produce.peak (${last?.partitions ?? first.partitions} partitions last for ${last?.month ?? first.month} months), or plan a pause in which the topic is drained`,
  };
};

const ratioWithoutCompression: Rule = ({ topic, path }) =>
  topic.message.compression === 'none' && compare(topic.message.ratio, one) !== 0
    ? {
        code: 'RATIO_WITHOUT_COMPRESSION',
        path: `${path}.message.ratio`,
        message: 'a ratio without compression has no effect: bytes are counted uncompressed',
        remedy: 'name a compression, or leave the ratio out',
      }
    : null;

const compactTime: Rule = ({ topic, path }) =>
  topic.retention.cleanup === 'compact' && topic.retention.timeMs !== null
    ? {
        code: 'COMPACT_TIME_IGNORED',
        path: `${path}.retention.time`,
        message: 'a compacted topic keeps the last record of every key for ever: the time has no effect',
        remedy: 'leave the time out, or use cleanup: delete',
      }
    : null;

const rules: readonly Rule[] = [
  fixedReplication,
  writesStop,
  survive,
  singleReplica,
  acksWithoutCopies,
  acksZero,
  orderWithoutKey,
  orderAgainstGrowth,
  ratioWithoutCompression,
  compactTime,
];
