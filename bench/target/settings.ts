/**
 * Settings as the cluster really has them, read back after creation: what was planned beside what was found, and the
 * defaults that decide about loss, order and deletion even though no plan names them.
 */
import { type Admin, ConfigResourceTypes } from '@platformatic/kafka';
import type { SettingReadBack } from '../../lib/measurement/types.ts';
import type { TopicPlan } from '../../lib/plan/types.ts';
import { rootCause } from './connect.ts';

/** Read for every topic although the plan may not set them. */
const effectiveTopicSettings = [
  'cleanup.policy',
  'compression.type',
  'max.message.bytes',
  'message.timestamp.type',
  'min.insync.replicas',
  'retention.bytes',
  'retention.ms',
  'segment.bytes',
  'segment.ms',
  'unclean.leader.election.enable',
];

const brokerSettings = [
  'auto.create.topics.enable',
  'default.replication.factor',
  'log.flush.interval.messages',
  'log.retention.check.interval.ms',
  'min.insync.replicas',
  'num.io.threads',
  'num.network.threads',
  'num.replica.fetchers',
  'offsets.topic.replication.factor',
  'replica.lag.time.max.ms',
  'unclean.leader.election.enable',
];

export interface TopicOnCluster {
  readonly plan: TopicPlan;
  readonly clusterTopic: string;
}

/** Every setting of the plan's topics, and the effective ones it does not set. */
export async function readTopicSettings(
  admin: Admin,
  topics: readonly TopicOnCluster[],
): Promise<readonly SettingReadBack[]> {
  const metadata = await admin.metadata({ topics: topics.map(({ clusterTopic }) => clusterTopic), forceUpdate: true });
  const described = await admin.describeConfigs({
    resources: topics.map(({ clusterTopic }) => ({
      resourceType: ConfigResourceTypes.TOPIC,
      resourceName: clusterTopic,
    })),
  });
  return topics.flatMap(({ plan, clusterTopic }) => {
    const partitions = metadata.topics.get(clusterTopic)?.partitions;
    const found = valuesOf(described.find(({ resourceName }) => resourceName === clusterTopic)?.configs ?? []);
    const settings = new Set([...Object.keys(plan.config), ...effectiveTopicSettings]);
    return [
      readBack(plan.name, 'partitions', plan.partitions, partitions?.length),
      readBack(plan.name, 'replication.factor', plan.replicationFactor, leastReplicas(partitions)),
      ...[...settings].sort().map((setting) => readBack(plan.name, setting, plan.config[setting], found.get(setting))),
    ];
  });
}

/**
 * The brokers' settings that matter to a run; where brokers differ, each value with its broker. A cluster may
 * refuse to tell them, which is no reason to measure nothing: each is null then, and `onNote` gets the reason.
 */
export async function readBrokerSettings(
  admin: Admin,
  brokerIds: readonly number[],
  onNote: (note: string) => void,
): Promise<readonly SettingReadBack[]> {
  const resources = brokerIds.map((id) => ({
    resourceType: ConfigResourceTypes.BROKER,
    resourceName: String(id),
    configurationKeys: brokerSettings,
  }));
  let described: Awaited<ReturnType<Admin['describeConfigs']>>;
  try {
    described = await admin.describeConfigs({ resources });
  } catch (error) {
    onNote(`the brokers did not tell their settings: ${rootCause(error)}`);
    return brokerSettings.map((setting) => readBack('broker', setting, undefined, undefined));
  }
  const byBroker = described.map(({ resourceName, configs }) => ({ broker: resourceName, values: valuesOf(configs) }));
  return brokerSettings.map((setting) => {
    const found = byBroker.map(({ broker, values }) => ({ broker, value: values.get(setting) ?? 'unknown' }));
    const distinct = new Set(found.map(({ value }) => value));
    const text =
      distinct.size > 1 ? found.map(({ broker, value }) => `${value} (broker ${broker})`).join(', ') : [...distinct][0];
    return readBack('broker', setting, undefined, text);
  });
}

/** The longest of the brokers' pauses between two looks for expired segments, in ms; null when no broker said. */
export function retentionCheckIntervalMs(settings: readonly SettingReadBack[]): number | null {
  const text = settings.find(
    ({ subject, setting }) => subject === 'broker' && setting === 'log.retention.check.interval.ms',
  )?.found;
  const values = (text ?? '').split(',').map((part) => Number.parseInt(part, 10));
  return values.length === 0 || values.some(Number.isNaN) ? null : Math.max(...values);
}

function valuesOf(
  configs: readonly { name: string; value?: string | null | undefined }[],
): ReadonlyMap<string, string> {
  return new Map(configs.flatMap(({ name, value }) => (value === null || value === undefined ? [] : [[name, value]])));
}

function leastReplicas(partitions: readonly { replicas: readonly number[] }[] | undefined): number | undefined {
  if (partitions === undefined || partitions.length === 0) return undefined;
  return Math.min(...partitions.map(({ replicas }) => replicas.length));
}

function readBack(
  subject: string,
  setting: string,
  planned: string | number | boolean | undefined,
  found: string | number | undefined,
): SettingReadBack {
  return {
    subject,
    setting,
    planned: planned === undefined ? null : String(planned),
    found: found === undefined ? null : String(found),
  };
}
