import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { App } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { HeadroomError } from '../../lib/errors.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Plan } from '../../lib/plan/types.ts';
import type { ClusterRequirement } from '../../lib/requirements/types.ts';
import { type MskStackProps, plannedVolumeGiB } from '../../lib/stacks/msk-props.ts';
import { MskStack } from '../../lib/stacks/msk-stack.ts';
import { NetworkStack } from '../../lib/stacks/network-stack.ts';
import { topicOf, useCaseOf } from '../plan/use-cases.ts';

// The feature flags that the CLI would pass, because cdk.json is read by the CLI only.
const { context } = JSON.parse(readFileSync(join(packageRoot, 'cdk.json'), 'utf8')) as { context: object };

function planOf(cluster: Partial<ClusterRequirement> = {}, topics = [topicOf()]): Plan {
  return planUseCase(useCaseOf(topics, cluster));
}

function synthesise(plan: Plan, props: Partial<MskStackProps> = {}): Template {
  const app = new App({ analyticsReporting: false, context: { ...context } });
  const { network } = new NetworkStack(app, 'network', { zones: plan.cluster.zones });
  return Template.fromStack(new MskStack(app, 'headroom', { plan, network, ...props }));
}

function resource(template: Template, type: string): Record<string, unknown> {
  const [found, ...others] = Object.values(template.findResources(type));
  expect(others, `one ${type}`).toEqual([]);
  return found?.Properties as Record<string, unknown>;
}

const usual = synthesise(planOf());

describe('the cluster of the stack', () => {
  it.each([
    [3, 3],
    [6, 3],
    [4, 2],
  ])('has %d brokers in %d subnets, as the plan says', (brokers, zones) => {
    const template = synthesise(planOf({ brokers, zones }));
    const cluster = resource(template, 'AWS::MSK::Cluster') as {
      NumberOfBrokerNodes: number;
      BrokerNodeGroupInfo: { ClientSubnets: { Ref: string }[] };
    };
    expect(cluster.NumberOfBrokerNodes).toBe(brokers);
    const subnets = Object.keys(template.findResources('AWS::EC2::Subnet'));
    expect(cluster.BrokerNodeGroupInfo.ClientSubnets.map(({ Ref }) => Ref)).toEqual(subnets);
    expect(subnets).toHaveLength(zones);
  });

  it('spreads over as many different zones', () => {
    const subnets = Object.values(usual.findResources('AWS::EC2::Subnet'));
    expect(subnets.map(({ Properties }) => Properties.AvailabilityZone['Fn::Select'][0])).toEqual([0, 1, 2]);
    const named = synthesise(planOf(), { availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1d'] });
    expect(
      Object.values(named.findResources('AWS::EC2::Subnet')).map(({ Properties }) => Properties.AvailabilityZone),
    ).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1d']);
  });

  it('speaks TLS with IAM only, keeps logs, runs KRaft', () => {
    usual.hasResourceProperties('AWS::MSK::Cluster', {
      KafkaVersion: Match.stringLikeRegexp('kraft$'),
      ClientAuthentication: { Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } },
      EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true } },
      LoggingInfo: { BrokerLogs: { CloudWatchLogs: { Enabled: true } } },
    });
  });

  it('takes type and disk from the plan, unless they are stated', () => {
    const plan = planOf();
    expect(plan.cluster.instanceType).toMatch(/^kafka\./);
    synthesise(plan).hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { InstanceType: plan.cluster.instanceType },
    });
    const stated = synthesise(plan, { instanceType: 'kafka.m5.large', volumeGiB: 123 });
    stated.hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: {
        InstanceType: 'kafka.m5.large',
        StorageInfo: { EBSStorageInfo: { VolumeSize: 123 } },
      },
    });
    const perBroker = plan.storage.provisionedBytesPerBroker ?? 0;
    expect(plannedVolumeGiB(plan)).toBe(Math.ceil(perBroker / 2 ** 30));
    usual.hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { StorageInfo: { EBSStorageInfo: { VolumeSize: plannedVolumeGiB(plan) } } },
    });
    // Where the plan chose no disk: 101.84 GB required beats 77.2 GB on disk, and 101.84e9 / 3 / 2^30 = 31.6.
    const open: Plan = { ...plan, storage: { ...plan.storage, provisionedBytesPerBroker: null } };
    expect(plannedVolumeGiB(open)).toBe(32);
  });

  it('buys the throughput of the volume that the plan asks for, and none otherwise', () => {
    const plan = planOf();
    const bought = synthesise({ ...plan, storage: { ...plan.storage, provisionedThroughputMiBps: 312 } });
    bought.hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: {
        StorageInfo: { EBSStorageInfo: { ProvisionedThroughput: { Enabled: true, VolumeThroughput: 312 } } },
      },
    });
    usual.hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { StorageInfo: { EBSStorageInfo: { ProvisionedThroughput: Match.absent() } } },
    });
  });

  it.each([
    [3, 3, 'default.replication.factor=3', 'min.insync.replicas=2'],
    [2, 2, 'default.replication.factor=2', 'min.insync.replicas=1'],
  ])('pins what promises rest on: %d brokers', (brokers, zones, ...lines) => {
    const template = synthesise(planOf({ brokers, zones }, [topicOf({ replicas: 2 })]));
    const properties = String(resource(template, 'AWS::MSK::Configuration').ServerProperties).trim().split('\n');
    expect(properties).toEqual(
      expect.arrayContaining(['auto.create.topics.enable=false', 'unclean.leader.election.enable=false', ...lines]),
    );
  });

  it('lets clients in on the IAM listener and nobody else', () => {
    const rules = Object.values(usual.findResources('AWS::EC2::SecurityGroupIngress')).map(
      ({ Properties }) => Properties,
    );
    expect(rules.map(({ Description }) => Description).toSorted()).toEqual([
      'between brokers',
      'clients with IAM over TLS',
    ]);
    expect(rules.every((rule) => rule.SourceSecurityGroupId !== undefined && rule.CidrIp === undefined)).toBe(true);
    expect(rules.find(({ Description }) => String(Description).startsWith('clients'))).toMatchObject({
      FromPort: 9098,
      ToPort: 9098,
    });
  });
});

describe('the topics of the stack', () => {
  const topics = [
    topicOf(),
    topicOf({ name: 'order-PaymentApproved', replicas: 2, consumers: [], guarantee: { loss: 'allowed' } }),
  ];

  it('follow the plan in name, partitions, replicas and settings', () => {
    const plan = planOf({}, topics);
    const found = Object.values(synthesise(plan).findResources('AWS::MSK::Topic')).map(({ Properties }) => Properties);
    expect(
      found.map(({ TopicName, PartitionCount, ReplicationFactor, Configs }) => [
        TopicName,
        PartitionCount,
        ReplicationFactor,
        JSON.parse(Buffer.from(Configs, 'base64').toString()),
      ]),
    ).toEqual(
      plan.topics.map((topic) => [
        topic.name,
        topic.partitions,
        topic.replicationFactor,
        Object.fromEntries(Object.entries(topic.config).map(([name, value]) => [name, String(value)])),
      ]),
    );
    expect(found.map(({ PartitionCount }) => PartitionCount)).toEqual([10, 1]);
  });

  it('keep their logical ids when others come or move', () => {
    const ids = (plan: Plan) =>
      Object.entries(synthesise(plan).findResources('AWS::MSK::Topic')).map(([id, { Properties }]) => [
        Properties.TopicName,
        id,
      ]);
    const both = Object.fromEntries(ids(planOf({}, topics)));
    expect(Object.fromEntries(ids(planOf({}, topics.toReversed())))).toEqual(both);
    expect(ids(planOf())).toEqual([['categoryChanged', both.categoryChanged]]);
  });
});

describe('the template', () => {
  it('keeps the logical ids of what holds data, and retains it', () => {
    const stateful = ['AWS::MSK::Cluster', 'AWS::MSK::Topic', 'AWS::Logs::LogGroup'].flatMap((type) =>
      Object.entries(usual.findResources(type)),
    );
    // A changed id here is a replaced cluster or topic in every account: change it on purpose only.
    expect(stateful.map(([id]) => id)).toEqual([
      'KafkaCluster21A1BE89',
      'TopicscategoryChangedD1B2EB25',
      'KafkaBrokerLogsD032A934',
    ]);
    for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of stateful)
      expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, 'Retain', 'Retain']);
  });

  it('is the same every time', () => {
    expect(JSON.stringify(synthesise(planOf()).toJSON())).toBe(JSON.stringify(usual.toJSON()));
  });

  it('gives a replacement another name', () => {
    for (const type of ['AWS::MSK::Cluster', 'AWS::MSK::Configuration']) {
      const names = [1, 2].map((generation) => {
        const properties = resource(synthesise(planOf(), { generation }), type);
        return properties.ClusterName ?? properties.Name;
      });
      expect(names).toEqual(['course-events-1', 'course-events-2']);
    }
  });
});

describe('the stack refuses', () => {
  it.each<[string, Plan, Partial<MskStackProps>, string]>([
    ['another target', planOf({ target: 'msk-express' }), {}, 'only msk has a stack in this version'],
    [
      'a plan that chose no type',
      {
        ...planOf(),
        cluster: { ...planOf().cluster, instanceType: null },
        missing: { 'cluster.instanceType': 'none holds this' },
      },
      {},
      'got "": the plan chose none, none holds this',
    ],
    ['an EC2 type', planOf(), { instanceType: 'm7g.large' }, 'such as kafka.m7g.large, got "m7g.large"'],
    ['a disk MSK has not', planOf(), { volumeGiB: 20_000 }, 'volumeGiB: a broker takes 1 to 16384 GiB, not 20000'],
    ['a disk that is no number', planOf(), { volumeGiB: Number('ten') }, 'volumeGiB'],
    ['too few zones', planOf(), { availabilityZones: ['us-east-1a'] }, 'the plan has 3 zones, 1 are named'],
    ['a zone alone', planOf({ zones: 1 }), {}, 'an MSK cluster spans 2 or 3 zones, not 1'],
    ['zones with unequal brokers', planOf({ brokers: 4 }), {}, 'a multiple of the 3 zones, not 4 brokers'],
    ['a name too long', { ...planOf(), useCase: 'a'.repeat(64) }, {}, '1 to 64 letters'],
    ['half a generation', planOf(), { generation: 1.5 }, 'generation'],
  ])('%s', (_, plan, props, text) => {
    expect(() => synthesise(plan, props)).toThrowError(HeadroomError);
    expect(() => synthesise(plan, props)).toThrowError(text);
  });

  it('with all faults at once', () => {
    expect(() => synthesise(planOf(), { instanceType: '', volumeGiB: 0 })).toThrowError(/instanceType.*volumeGiB/s);
  });
});
