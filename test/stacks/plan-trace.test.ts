import { describe, expect, it } from 'vitest';
import type { Plan } from '../../lib/plan/types.ts';
import { topicOf } from '../plan/use-cases.ts';
import { planOf, synthesise } from './synthesise.ts';

type Value = string | number | boolean;
type Resources = Readonly<Record<string, { Type: string; Properties: Readonly<Record<string, unknown>> }>>;

/** A figure of the plan, another value that it might have, and where the templates hold it. */
interface Trace {
  readonly figure: string;
  readonly change: (plan: Plan) => Plan;
  readonly expected: (plan: Plan) => unknown;
  readonly place: (found: { cluster: Resources; network: Resources }) => unknown;
}

const plan: Plan = {
  ...planOf({}, [topicOf(), topicOf({ name: 'order-Created', replicas: 2 })]),
  // As a plan of heavier load has them.
  ...{ storage: { ...planOf().storage, provisionedThroughputMiBps: 300 } },
};
const base: Plan = { ...plan, cluster: { ...plan.cluster, instanceType: 'kafka.m5.4xlarge' } };

function resources(of: Plan): { cluster: Resources; network: Resources } {
  const { cluster, network } = synthesise(of);
  return { cluster: cluster?.toJSON().Resources, network: network?.toJSON().Resources };
}

function properties(found: Resources, type: string): Readonly<Record<string, unknown>>[] {
  return Object.values(found).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], value);
}

const mskCluster =
  (path: string): Trace['place'] =>
  ({ cluster }) =>
    at(properties(cluster, 'AWS::MSK::Cluster')[0], path);

const firstTopic =
  (path: string): Trace['place'] =>
  ({ cluster }) =>
    at(properties(cluster, 'AWS::MSK::Topic')[0], path);

const topicSetting =
  (name: string): Trace['place'] =>
  (found) =>
    JSON.parse(Buffer.from(String(firstTopic('Configs')(found)), 'base64').toString())[name];

const withCluster = (change: Partial<Plan['cluster']>) => (of: Plan) => ({
  ...of,
  cluster: { ...of.cluster, ...change },
});
const withStorage = (change: Partial<Plan['storage']>) => (of: Plan) => ({
  ...of,
  storage: { ...of.storage, ...change },
});
const withTopic = (change: Partial<Plan['topics'][number]>) => (of: Plan) => ({
  ...of,
  topics: of.topics.map((topic, index) => (index === 0 ? { ...topic, ...change } : topic)),
});
const withSetting = (name: string, value: Value) => (of: Plan) =>
  withTopic({ config: { ...of.topics[0]?.config, [name]: value } })(of);

const volume = 'BrokerNodeGroupInfo.StorageInfo.EBSStorageInfo';
const traces: readonly Trace[] = [
  {
    figure: 'useCase',
    change: (of) => ({ ...of, useCase: 'other-events' }),
    expected: ({ useCase }) => `${useCase}-1`,
    place: mskCluster('ClusterName'),
  },
  {
    figure: 'cluster.brokers',
    change: withCluster({ brokers: 6 }),
    expected: ({ cluster }) => cluster.brokers,
    place: mskCluster('NumberOfBrokerNodes'),
  },
  {
    figure: 'cluster.instanceType',
    change: withCluster({ instanceType: 'kafka.m5.8xlarge' }),
    expected: ({ cluster }) => cluster.instanceType,
    place: mskCluster('BrokerNodeGroupInfo.InstanceType'),
  },
  {
    figure: 'cluster.zones',
    change: (of) => withCluster({ zones: 2, brokers: 4 })(of),
    expected: ({ cluster }) => [cluster.zones, cluster.zones],
    place: (found) => [
      (mskCluster('BrokerNodeGroupInfo.ClientSubnets')(found) as unknown[]).length,
      properties(found.network, 'AWS::EC2::Subnet').length,
    ],
  },
  {
    figure: 'storage.provisionedBytesPerBroker',
    change: withStorage({ provisionedBytesPerBroker: 200 * 2 ** 30 }),
    expected: ({ storage }) => Math.ceil((storage.provisionedBytesPerBroker ?? Number.NaN) / 2 ** 30),
    place: mskCluster(`${volume}.VolumeSize`),
  },
  {
    figure: 'storage.provisionedThroughputMiBps',
    change: withStorage({ provisionedThroughputMiBps: 400 }),
    expected: ({ storage }) => storage.provisionedThroughputMiBps,
    place: mskCluster(`${volume}.ProvisionedThroughput.VolumeThroughput`),
  },
  {
    figure: 'topics.name',
    change: withTopic({ name: 'other-Created' }),
    expected: ({ topics }) => topics[0]?.name,
    place: firstTopic('TopicName'),
  },
  {
    figure: 'topics.partitions',
    change: withTopic({ partitions: 17 }),
    expected: ({ topics }) => topics[0]?.partitions,
    place: firstTopic('PartitionCount'),
  },
  {
    figure: 'topics.replicationFactor',
    change: withTopic({ replicationFactor: 2 }),
    expected: ({ topics }) => topics[0]?.replicationFactor,
    place: firstTopic('ReplicationFactor'),
  },
  ...(
    [
      ['cleanup.policy', 'compact'],
      ['retention.ms', 7_200_000],
      ['min.insync.replicas', 1],
      ['unclean.leader.election.enable', true],
    ] as const
  ).map(([name, other]) => ({
    figure: `topics.config.${name}`,
    change: withSetting(name, other),
    expected: ({ topics }: Plan) => String(topics[0]?.config[name]),
    place: topicSetting(name),
  })),
];

const before = resources(base);

describe('a figure of the plan is in the template', () => {
  it.each(traces.map((trace) => [trace.figure, trace] as const))('%s, and follows it', (_, trace) => {
    expect(trace.place(before)).toEqual(trace.expected(base));
    const changed = trace.change(base);
    expect(trace.expected(changed)).not.toEqual(trace.expected(base));
    expect(trace.place(resources(changed))).toEqual(trace.expected(changed));
  });

  it('with every setting of every topic', () => {
    const stated = properties(before.cluster, 'AWS::MSK::Topic').map(({ TopicName, Configs }) => [
      TopicName,
      JSON.parse(Buffer.from(String(Configs), 'base64').toString()),
    ]);
    const planned = base.topics.map(({ name, config }) => [
      name,
      Object.fromEntries(Object.entries(config).map(([setting, value]) => [setting, String(value)])),
    ]);
    expect(Object.fromEntries(stated)).toEqual(Object.fromEntries(planned));
  });
});
