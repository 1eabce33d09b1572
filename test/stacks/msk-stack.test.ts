import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../lib/plan/types.ts';
import { plannedVolumeGiB } from '../../lib/stacks/msk-props.ts';
import { topicOf } from '../plan/use-cases.ts';
import { clusterOf, planOf, resourceOf, synthesise } from './synthesise.ts';

const usual = clusterOf();

describe('the cluster of the stack', () => {
  it.each([
    [3, 3],
    [6, 3],
    [4, 2],
  ])('has %d brokers in %d subnets, as the plan says', (brokers, zones) => {
    const { cluster, network } = synthesise(planOf({ brokers, zones }));
    expect(resourceOf(cluster, 'AWS::MSK::Cluster').NumberOfBrokerNodes).toBe(brokers);
    const subnets = Object.keys(network?.findResources('AWS::EC2::Subnet') ?? {});
    expect(subnets).toHaveLength(zones);
    const outputs = Object.values(network?.findOutputs('*') ?? {}).map(({ Value }) => Value.Ref);
    for (const subnet of subnets) expect(outputs).toContain(subnet);
    cluster?.hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { ClientSubnets: subnets.map(() => Match.anyValue()) },
    });
  });

  it('speaks TLS with IAM only, keeps logs, is observed, runs KRaft', () => {
    usual.hasResourceProperties('AWS::MSK::Cluster', {
      KafkaVersion: Match.stringLikeRegexp('kraft$'),
      ClientAuthentication: {
        Sasl: { Iam: { Enabled: true }, Scram: Match.absent() },
        Unauthenticated: { Enabled: false },
      },
      EncryptionInfo: {
        EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true },
        EncryptionAtRest: Match.absent(),
      },
      LoggingInfo: { BrokerLogs: { CloudWatchLogs: { Enabled: true } } },
      OpenMonitoring: {
        Prometheus: { JmxExporter: { EnabledInBroker: true }, NodeExporter: { EnabledInBroker: true } },
      },
      EnhancedMonitoring: 'PER_BROKER',
      Rebalancing: Match.absent(),
    });
  });

  it('takes type and disk from the plan, unless they are stated', () => {
    const plan = planOf();
    expect(plan.cluster.instanceType).toMatch(/^kafka\./);
    expect(plannedVolumeGiB(plan)).toBe(Math.ceil((plan.storage.provisionedBytesPerBroker ?? 0) / 2 ** 30));
    usual.hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: {
        InstanceType: plan.cluster.instanceType,
        StorageInfo: { EBSStorageInfo: { VolumeSize: plannedVolumeGiB(plan), ProvisionedThroughput: Match.absent() } },
      },
    });
    clusterOf(plan, { instanceType: 'kafka.m5.large', volumeGiB: 123 }).hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { InstanceType: 'kafka.m5.large', StorageInfo: { EBSStorageInfo: { VolumeSize: 123 } } },
    });
    // Where the plan chose no disk: 101.84 GB required beats 77.2 GB on disk, and 101.84e9 / 3 / 2^30 = 31.6.
    const open: Plan = { ...plan, storage: { ...plan.storage, provisionedBytesPerBroker: null } };
    expect(plannedVolumeGiB(open)).toBe(32);
  });

  it.each([
    ['kafka.m5.8xlarge', 8],
    ['kafka.m7g.2xlarge', 2],
    // AWS names no number for m7g beyond that: the m5 of as many vCPU.
    ['kafka.m7g.4xlarge', 4],
    ['kafka.m7g.16xlarge', 16],
  ])('buys throughput for %s with %d fetchers to use it', (instanceType, fetchers) => {
    const plan = planOf();
    const storage = { ...plan.storage, provisionedThroughputMiBps: 300 };
    const template = clusterOf({ ...plan, storage, cluster: { ...plan.cluster, instanceType } });
    template.hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: {
        StorageInfo: { EBSStorageInfo: { ProvisionedThroughput: { Enabled: true, VolumeThroughput: 300 } } },
      },
    });
    const properties = String(resourceOf(template, 'AWS::MSK::Configuration').ServerProperties).split('\n');
    expect(properties).toContain(`num.replica.fetchers=${fetchers}`);
  });

  it.each([
    [3, 3, 'default.replication.factor=3', 'min.insync.replicas=2'],
    [2, 2, 'default.replication.factor=2', 'min.insync.replicas=1'],
  ])('pins what promises rest on: %d brokers', (brokers, zones, ...lines) => {
    const template = clusterOf(planOf({ brokers, zones }, [topicOf({ replicas: 2 })]));
    const properties = String(resourceOf(template, 'AWS::MSK::Configuration').ServerProperties).trim().split('\n');
    expect(properties).toEqual(['auto.create.topics.enable=false', ...lines, 'unclean.leader.election.enable=false']);
  });

  it('follows the newest revision of its configuration', () => {
    const [id] = Object.keys(usual.findResources('AWS::MSK::Configuration'));
    usual.hasResourceProperties('AWS::MSK::Cluster', {
      ConfigurationInfo: {
        Arn: { 'Fn::GetAtt': [id, 'Arn'] },
        Revision: { 'Fn::GetAtt': [id, 'LatestRevision.Revision'] },
      },
    });
  });

  it('lets clients in on the IAM listener and nobody else', () => {
    const rules = Object.values(usual.findResources('AWS::EC2::SecurityGroupIngress')).map(
      ({ Properties }) => Properties,
    );
    expect(rules.map(({ Description, FromPort }) => [Description, FromPort]).toSorted()).toEqual([
      ['between brokers', undefined],
      ['clients on listener 9098', 9098],
    ]);
    expect(rules.every((rule) => rule.SourceSecurityGroupId !== undefined && rule.CidrIp === undefined)).toBe(true);
  });

  it('takes a key of the customer', () => {
    const encryptionKeyArn = 'arn:aws:kms:us-east-1:000000000000:key/planned';
    clusterOf(planOf(), { encryptionKeyArn }).hasResourceProperties('AWS::MSK::Cluster', {
      EncryptionInfo: { EncryptionAtRest: { DataVolumeKMSKeyId: encryptionKeyArn } },
    });
  });
});

describe('users with passwords', () => {
  const template = clusterOf(planOf(), { scramUsers: ['alice', 'bob'] });

  it('have secrets as MSK takes them, and an association that fails with one of them', () => {
    const secrets = Object.entries(template.findResources('AWS::SecretsManager::Secret'));
    expect(secrets.map(([, { Properties }]) => [Properties.Name, Properties.KmsKeyId !== undefined])).toEqual([
      ['AmazonMSK_course-events-1_alice', true],
      ['AmazonMSK_course-events-1_bob', true],
    ]);
    expect(JSON.parse(secrets[0]?.[1].Properties.GenerateSecretString.SecretStringTemplate)).toEqual({
      username: 'alice',
    });
    template.hasResourceProperties('AWS::MSK::BatchScramSecret', {
      SecretArnList: secrets.map(([id]) => ({ Ref: id })),
    });
    template.hasResourceProperties('AWS::MSK::Cluster', {
      ClientAuthentication: { Sasl: { Iam: { Enabled: true }, Scram: { Enabled: true } } },
    });
  });

  it('reach a listener of their own', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 9096, ToPort: 9096 });
  });
});

describe('tiered storage', () => {
  it('keeps the older part of topics that delete, and of no other', () => {
    const topics = [topicOf(), topicOf({ name: 'order-Created', retention: { timeMs: 86_400_000 } })];
    const template = clusterOf(planOf({}, topics), { tieredLocalMs: 7_200_000 });
    template.hasResourceProperties('AWS::MSK::Cluster', { StorageMode: 'TIERED' });
    const settings = Object.values(template.findResources('AWS::MSK::Topic')).map(({ Properties }) =>
      JSON.parse(Buffer.from(Properties.Configs, 'base64').toString()),
    );
    expect(settings.map((one) => [one['remote.storage.enable'], one['local.retention.ms']])).toEqual([
      ['true', '7200000'],
      [undefined, undefined],
    ]);
    usual.hasResourceProperties('AWS::MSK::Cluster', { StorageMode: Match.absent() });
  });
});

describe('Express brokers', () => {
  const template = clusterOf(planOf({ target: 'msk-express', brokers: null }));

  it('have no disk, rebalance by themselves, and leave what Express fixes alone', () => {
    template.hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { InstanceType: Match.stringLikeRegexp('^express[.]m7g[.]'), StorageInfo: Match.absent() },
      Rebalancing: { Status: 'ACTIVE' },
      StorageMode: Match.absent(),
      KafkaVersion: '3.9.x.kraft',
    });
    expect(resourceOf(template, 'AWS::MSK::Configuration').ServerProperties).toBe('auto.create.topics.enable=false\n');
  });
});

describe('a Serverless cluster', () => {
  const template = clusterOf(planOf({ target: 'msk-serverless', brokers: null }));

  it('has IAM and subnets, and leaves topics to a client', () => {
    template.hasResourceProperties('AWS::MSK::ServerlessCluster', {
      ClusterName: 'course-events-1',
      ClientAuthentication: { Sasl: { Iam: { Enabled: true } } },
      VpcConfigs: [{ SubnetIds: [Match.anyValue(), Match.anyValue(), Match.anyValue()] }],
    });
    template.resourceCountIs('AWS::MSK::Topic', 0);
    template.resourceCountIs('AWS::MSK::Configuration', 0);
  });
});

describe('the template', () => {
  it('keeps the logical ids of what holds data, and retains it', () => {
    const stateful = (['AWS::MSK::Cluster', 'AWS::MSK::Topic', 'AWS::Logs::LogGroup'] as const).flatMap((type) =>
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

  it('gives a replacement another name', () => {
    for (const type of ['AWS::MSK::Cluster', 'AWS::MSK::Configuration']) {
      const names = [1, 2].map((generation) => {
        const properties = resourceOf(clusterOf(planOf(), { generation }), type);
        return properties.ClusterName ?? properties.Name;
      });
      expect(names).toEqual(['course-events-1', 'course-events-2']);
    }
  });
});
