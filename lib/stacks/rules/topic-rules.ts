/** Rules on the topics of an MSK cluster: names, copies, settings. */
import { mskTieredLimits } from '../../plan/facts/msk-limits.ts';
import { isExpress } from './msk-cluster-rules.ts';
import {
  type Finding,
  findingIf,
  isObject,
  numberAt,
  type Rule,
  type TemplateResource,
  type TemplateSet,
  textAt,
  valueAt,
} from './rule.ts';

const topic = ['AWS::MSK::Topic'];

export const topicRules: readonly Rule[] = [
  {
    id: 'TOPIC-NAME',
    types: topic,
    must: 'a name has 1 to 249 of A-Z a-z 0-9 . _ -, is not "." or "..", and does not begin with "__", which is internal',
    fix: 'follow the naming rule of the use case file',
    check: ({ properties }) => {
      const name = textAt(properties, 'TopicName');
      const good = name === null || (/^[A-Za-z0-9._-]{1,249}$/.test(name) && !/^(\.|\.\.|__.*)$/.test(name));
      return findingIf(!good, 'TopicName', `"${name}"`);
    },
  },
  {
    id: 'TOPIC-COLLISION',
    types: topic,
    must: 'two topics differ in more than "." and "_", which are one in metric names',
    fix: 'rename one of them',
    check: (resource, all) => {
      const name = textAt(resource.properties, 'TopicName');
      const plain = (text: string | null): string | null => text?.replaceAll('.', '_') ?? null;
      const twins = all
        .ofType('AWS::MSK::Topic')
        .filter((other) => other !== resource && plain(textAt(other.properties, 'TopicName')) === plain(name));
      return findingIf(
        name !== null && twins.length > 0,
        'TopicName',
        `"${name}" beside ${twins.map(({ logicalId }) => logicalId).join(', ')}`,
      );
    },
  },
  {
    id: 'TOPIC-REPLICAS',
    types: topic,
    must: 'a topic has at most as many replicas as there are brokers, on Express exactly 3',
    fix: 'change replicas in the use case, or add brokers',
    check: (resource, all) => {
      const cluster = clusterOf(resource, all);
      const replicas = numberAt(resource.properties, 'ReplicationFactor');
      const brokers = numberAt(cluster?.properties ?? {}, 'NumberOfBrokerNodes');
      if (cluster === null || replicas === null || brokers === null) return [];
      const wrong = replicas < 1 || replicas > brokers || (isExpress(cluster) && replicas !== 3);
      return findingIf(wrong, 'ReplicationFactor', `${replicas} replicas on ${brokers} brokers`);
    },
  },
  {
    id: 'TOPIC-TARGET',
    types: topic,
    must: 'the topics of CloudFormation stand on a provisioned cluster; Serverless refuses them',
    fix: 'make the topics of a Serverless cluster with a Kafka client',
    check: (resource, all) => {
      const cluster = all.referred(resource, valueAt(resource.properties, 'ClusterArn'));
      return findingIf(cluster?.type === 'AWS::MSK::ServerlessCluster', 'ClusterArn', 'a Serverless cluster');
    },
  },
  {
    id: 'TOPIC-CONFIGS',
    types: topic,
    must: 'settings are a JSON object of texts in base64, and fit each other and the cluster',
    fix: 'take the settings of the plan',
    check: (resource, all) => settingsFindings(resource, all),
  },
];

function clusterOf(resource: TemplateResource, all: TemplateSet): TemplateResource | null {
  const found = all.referred(resource, valueAt(resource.properties, 'ClusterArn'));
  return found?.type === 'AWS::MSK::Cluster' ? found : null;
}

function settingsFindings(resource: TemplateResource, all: TemplateSet): readonly Finding[] {
  const text = textAt(resource.properties, 'Configs');
  if (text === null) return [];
  const settings = decodeSettings(text);
  if (settings === null) return [{ at: 'Configs', found: 'no JSON object of texts in base64' }];
  const replicas = numberAt(resource.properties, 'ReplicationFactor') ?? Number.POSITIVE_INFINITY;
  const cluster = clusterOf(resource, all);
  const inSync = Number(settings['min.insync.replicas'] ?? 1);
  return [
    ...findingIf(
      inSync > replicas,
      'Configs',
      `min.insync.replicas ${inSync} of ${replicas} replicas: no write succeeds`,
    ),
    ...findingIf(
      settings['unclean.leader.election.enable'] === 'true',
      'Configs',
      'unclean.leader.election.enable=true',
    ),
    ...(settings['remote.storage.enable'] === 'true' ? tieredFindings(settings, cluster) : []),
  ];
}

function tieredFindings(
  settings: Readonly<Record<string, string>>,
  cluster: TemplateResource | null,
): readonly Finding[] {
  const retentionMs = Number(settings['retention.ms']);
  const least = mskTieredLimits.minRetentionMs.value ?? Number.NaN;
  const mode = cluster === null ? null : textAt(cluster.properties, 'StorageMode');
  return [
    ...findingIf(cluster !== null && mode !== 'TIERED', 'Configs', 'tiered storage on a cluster without it'),
    ...findingIf(settings['cleanup.policy'] === 'compact', 'Configs', 'tiered storage of a compacted topic'),
    ...findingIf(!(retentionMs >= least), 'Configs', `tiered storage kept for ${retentionMs} ms, 3 days are the least`),
    ...findingIf(
      Number(settings['local.retention.ms'] ?? -2) > retentionMs,
      'Configs',
      'local.retention.ms above retention.ms',
    ),
  ];
}

/** Null when the text is not base64 of a JSON object whose values are texts. */
export function decodeSettings(text: string): Readonly<Record<string, string>> | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    if (!isObject(value) || Object.values(value).some((one) => typeof one !== 'string')) return null;
    return value as Record<string, string>;
  } catch {
    return null;
  }
}
