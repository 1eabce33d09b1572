/** Rules on what an MSK cluster stores and how: disks, throughput, tiers, broker configuration. */
import { mskStandardLimits } from '../../plan/facts/msk-limits.ts';
import { mskStandardBrokers, replicaFetchers } from '../../plan/facts/msk-standard.ts';
import { isExpress } from './msk-cluster-rules.ts';
import {
  type Finding,
  findingIf,
  isTrueAt,
  listAt,
  numberAt,
  type Rule,
  serverPropertiesOf,
  type TemplateResource,
  type TemplateSet,
  textAt,
  valueAt,
} from './rule.ts';

const cluster = ['AWS::MSK::Cluster'];
const storagePath = 'BrokerNodeGroupInfo.StorageInfo';
const volumePath = `${storagePath}.EBSStorageInfo`;
const throughputPath = `${volumePath}.ProvisionedThroughput`;

/** Express brokers fix these; by AWS's compatibility script of its agent toolkit, 2026-08. */
const fixedOnExpress = [
  'default.replication.factor',
  'fetch.max.bytes',
  'min.insync.replicas',
  'num.io.threads',
  'num.network.threads',
  'num.replica.fetchers',
  'unclean.leader.election.enable',
];
const fixedPrefixes = ['inter.broker.', 'transaction.state.log.'];

export const mskStorageRules: readonly Rule[] = [
  {
    id: 'MSK-EXPRESS-STORAGE',
    types: cluster,
    must: 'Express brokers have no disk to choose and no storage mode',
    fix: 'leave out StorageInfo and StorageMode on express.*',
    check: (resource) =>
      [storagePath, 'StorageMode'].flatMap((at) =>
        findingIf(isExpress(resource) && valueAt(resource.properties, at) !== undefined, at, 'set on Express brokers'),
      ),
  },
  {
    id: 'MSK-VOLUME',
    types: cluster,
    must: 'Standard brokers state a disk of 1 to 16384 GiB',
    fix: 'take the disk of the plan',
    check: (resource) => {
      if (isExpress(resource)) return [];
      const size = numberAt(resource.properties, `${volumePath}.VolumeSize`);
      const most = mskStandardLimits.storageMaxGiB.value ?? Number.NaN;
      return findingIf(size === null || size < 1 || size > most, `${volumePath}.VolumeSize`, `${size ?? 'none'}`);
    },
  },
  {
    id: 'MSK-THROUGHPUT',
    types: cluster,
    must: 'bought throughput is 250 MiB/s up to what the type takes, on a disk of at least 10 GiB',
    fix: 'take type and throughput of the plan',
    check: ({ properties }) => throughputFindings(properties),
  },
  {
    id: 'MSK-REPLICA-FETCHERS',
    types: cluster,
    must: 'with bought throughput the configuration states num.replica.fetchers, or followers cannot use it',
    fix: 'set num.replica.fetchers in the configuration to the number of the type',
    check: (resource, all) => {
      if (!isTrueAt(resource.properties, `${throughputPath}.Enabled`)) return [];
      const needed = replicaFetchers(textAt(resource.properties, 'BrokerNodeGroupInfo.InstanceType') ?? '');
      const stated = configurationOf(resource, all)?.get('num.replica.fetchers');
      return findingIf(Number(stated) !== needed, 'ConfigurationInfo', `${stated ?? 'not stated'}, ${needed} needed`);
    },
  },
  {
    id: 'MSK-CONFIGURATION',
    types: cluster,
    must: 'a cluster has a configuration of its own whose newest revision it takes',
    fix: 'set ConfigurationInfo from an AWS::MSK::Configuration by Fn::GetAtt Arn and LatestRevision.Revision',
    check: (resource, all) => {
      const { properties } = resource;
      const found = all.referred(resource, valueAt(properties, 'ConfigurationInfo.Arn'));
      const revision = JSON.stringify(valueAt(properties, 'ConfigurationInfo.Revision') ?? null);
      return [
        ...findingIf(
          found?.type !== 'AWS::MSK::Configuration',
          'ConfigurationInfo.Arn',
          'names no configuration of the template',
        ),
        ...findingIf(!revision.includes('LatestRevision.Revision'), 'ConfigurationInfo.Revision', revision),
      ];
    },
  },
  {
    id: 'MSK-CONFIGURATION-VERSION',
    types: ['AWS::MSK::Configuration'],
    must: 'a configuration names no versions: the list is create-only, so the next upgrade would replace the configuration in use',
    fix: 'leave KafkaVersionsList out',
    check: ({ properties }) => {
      const versions = listAt(properties, 'KafkaVersionsList');
      return findingIf(versions.length > 0, 'KafkaVersionsList', versions.join(', '));
    },
  },
  {
    id: 'MSK-PINNED',
    types: cluster,
    must: 'Standard brokers elect no unclean leader, need 2 replicas in sync where there are 3, and make no topics by themselves',
    fix: 'pin unclean.leader.election.enable=false, min.insync.replicas and auto.create.topics.enable=false',
    check: (resource, all) => (isExpress(resource) ? [] : pinnedFindings(resource, all)),
  },
  {
    id: 'MSK-EXPRESS-CONFIGURATION',
    types: cluster,
    must: 'the configuration of Express brokers leaves out what Express fixes',
    fix: 'leave those settings out',
    check: (resource, all) => {
      if (!isExpress(resource)) return [];
      const names = [...(configurationOf(resource, all)?.keys() ?? [])];
      const refused = names.filter(
        (name) => fixedOnExpress.includes(name) || fixedPrefixes.some((prefix) => name.startsWith(prefix)),
      );
      return findingIf(refused.length > 0, 'ConfigurationInfo', refused.join(', '));
    },
  },
  {
    id: 'MSK-STORAGE-OWNER',
    types: ['AWS::ApplicationAutoScaling::ScalableTarget'],
    must: 'the plan owns the size of the disks: after an automatic enlargement every update of a template that states it fails',
    fix: 'raise the disk in the plan instead of scaling it automatically',
    check: ({ properties }) =>
      findingIf(
        textAt(properties, 'ScalableDimension') === 'kafka:broker-storage:VolumeSize',
        'ScalableDimension',
        'grows the disks of an MSK cluster',
      ),
  },
];

function throughputFindings(properties: TemplateResource['properties']): readonly Finding[] {
  const bought = numberAt(properties, `${throughputPath}.VolumeThroughput`);
  if (!isTrueAt(properties, `${throughputPath}.Enabled`))
    return findingIf(bought !== null, throughputPath, 'a throughput that is not enabled');
  const type = textAt(properties, 'BrokerNodeGroupInfo.InstanceType');
  const most = mskStandardBrokers.rows.find((row) => row.type === type)?.provisionedThroughputMaxMiBps ?? 0;
  const least = mskStandardLimits.provisionedThroughputMinMiBps.value ?? Number.NaN;
  const leastGiB = mskStandardLimits.provisionedThroughputMinVolumeGiB.value ?? Number.NaN;
  const size = numberAt(properties, `${volumePath}.VolumeSize`) ?? 0;
  return [
    ...findingIf(
      bought === null || bought < least || bought > most,
      throughputPath,
      `${bought} MiB/s, ${type} takes up to ${most}`,
    ),
    ...findingIf(size < leastGiB, `${volumePath}.VolumeSize`, `${size} GiB`),
  ];
}

/** The settings of the cluster's configuration; null when it has none in its template. */
export function configurationOf(resource: TemplateResource, all: TemplateSet): ReadonlyMap<string, string> | null {
  const found = all.referred(resource, valueAt(resource.properties, 'ConfigurationInfo.Arn'));
  return found === null ? null : serverPropertiesOf(found.properties);
}

function pinnedFindings(resource: TemplateResource, all: TemplateSet): readonly Finding[] {
  const settings = configurationOf(resource, all);
  const brokers = numberAt(resource.properties, 'NumberOfBrokerNodes') ?? 3;
  const wanted = new Map([
    ['unclean.leader.election.enable', 'false'],
    ['auto.create.topics.enable', 'false'],
    ['min.insync.replicas', brokers >= 3 ? '2' : '1'],
  ]);
  return [...wanted].flatMap(([name, value]) =>
    findingIf(
      settings?.get(name) !== value,
      'ConfigurationInfo',
      `${name}=${settings?.get(name) ?? 'not stated'}, not ${value}`,
    ),
  );
}
