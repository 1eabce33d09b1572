import { describe, expect, it } from 'vitest';
import { rulePack } from '../../../lib/stacks/rules/rule-pack.ts';
import {
  errorsIn,
  type Json,
  propertiesOf,
  resourceOf,
  rules,
  type Sound,
  schemas,
  soundTargets,
  soundTemplates,
} from './planted.ts';

type Plant = (cluster: Json) => void;
type Row = readonly [fault: string, target: Sound, caughtBy: string, plant: Plant];

const msk = (template: Json): Json => propertiesOf(template, 'AWS::MSK::Cluster');
const nodes = (template: Json): Json => msk(template).BrokerNodeGroupInfo;
const ebs = (template: Json): Json => nodes(template).StorageInfo.EBSStorageInfo;
const topic = (template: Json): Json => propertiesOf(template, 'AWS::MSK::Topic');
const settings = (template: Json, change: object): void => {
  const found = JSON.parse(Buffer.from(topic(template).Configs, 'base64').toString());
  topic(template).Configs = Buffer.from(JSON.stringify({ ...found, ...change })).toString('base64');
};
const server = (template: Json, from: string | RegExp, to: string): void => {
  const configuration = propertiesOf(template, 'AWS::MSK::Configuration');
  const before = configuration.ServerProperties;
  configuration.ServerProperties = before.replace(from, to);
  if (configuration.ServerProperties === before) throw new Error(`no ${from} in ${before}`);
};
const policy = (action: string, resource: unknown): Json => ({
  Type: 'AWS::IAM::Policy',
  Properties: {
    PolicyName: 'planted',
    Roles: ['planted'],
    PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] },
  },
});

const byBroker = [
  { Name: 'Cluster Name', Value: 'course-events-1' },
  { Name: 'Broker ID', Value: '1' },
];

/** An alarm of one metric, sound until it is changed. */
const alarm = (change: object): Json => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    Namespace: 'AWS/Kafka',
    MetricName: 'ActiveControllerCount',
    Statistic: 'Maximum',
    Dimensions: [{ Name: 'Cluster Name', Value: 'course-events-1' }],
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    EvaluationPeriods: 1,
    Period: 60,
    AlarmActions: ['arn:aws:sns:us-east-1:000000000000:alarms'],
    ...change,
  },
});

/** The faults that general validators were seen to miss or only to warn of. */
const known: readonly Row[] = [
  ['EnhancedMonitoring of another list', 'msk', 'W3030', (t) => (msk(t).EnhancedMonitoring = 'ALL')],
  ['StorageMode of another list', 'msk', 'W3030', (t) => (msk(t).StorageMode = 'REMOTE')],
  [
    'ClientBroker of another list',
    'msk',
    'W3030',
    (t) => (msk(t).EncryptionInfo.EncryptionInTransit.ClientBroker = 'SSL'),
  ],
  ['Rebalancing of another list', 'express', 'W3030', (t) => (msk(t).Rebalancing.Status = 'ON')],
  ['distribution over zones of another list', 'msk', 'W3030', (t) => (nodes(t).BrokerAZDistribution = 'EVEN')],
  ['NetworkType of another list', 'msk', 'W3030', (t) => (nodes(t).ConnectivityInfo = { NetworkType: 'IPV6' })],
  ['a disk of 0 GiB', 'msk', 'MSK-VOLUME', (t) => (ebs(t).VolumeSize = 0)],
  ['a disk of 20000 GiB', 'msk', 'MSK-VOLUME', (t) => (ebs(t).VolumeSize = 20_000)],
  ['a name of 65 characters', 'msk', 'MSK-NAME', (t) => (msk(t).ClusterName = `${'a'.repeat(63)}-1`)],
  ['a topic without partitions', 'msk', 'F3034', (t) => (topic(t).PartitionCount = 0)],
  ['a number that is a text', 'msk', 'F3012', (t) => (msk(t).NumberOfBrokerNodes = 'three')],
  ['an unknown property', 'msk', 'F3002', (t) => (msk(t).Brokers = 3)],
  ['no ClusterName', 'msk', 'F3003', (t) => delete msk(t).ClusterName],
  ['an attribute of nothing', 'msk', 'F1020', (t) => (topic(t).ClusterArn = { 'Fn::GetAtt': ['Nothing', 'Arn'] })],
  [
    'an attribute that does not exist',
    'msk',
    'F6101',
    (t) => (t.Outputs.ClusterArn.Value['Fn::GetAtt'][1] = 'BootstrapBrokerString'),
  ],
  [
    'public access of another list',
    'msk',
    'MSK-PUBLIC',
    (t) => (nodes(t).ConnectivityInfo = { PublicAccess: { Type: 'SERVICE_PROVIDED_EIP' } }),
  ],
  ['a version that never was', 'msk', 'MSK-VERSION', (t) => (msk(t).KafkaVersion = '9.9.9')],
  ['a type that never was', 'msk', 'MSK-INSTANCE', (t) => (nodes(t).InstanceType = 'kafka.m7g.huge')],
  ['9999 MiB/s', 'msk', 'MSK-THROUGHPUT', (t) => (ebs(t).ProvisionedThroughput.VolumeThroughput = 9999)],
  ['4 brokers in 3 zones', 'msk', 'MSK-BROKERS-ZONES', (t) => (msk(t).NumberOfBrokerNodes = 4)],
  ['Rebalancing on Standard', 'msk', 'MSK-REBALANCING', (t) => (msk(t).Rebalancing = { Status: 'ACTIVE' })],
  [
    'a disk on Express',
    'express',
    'MSK-EXPRESS-STORAGE',
    (t) => (nodes(t).StorageInfo = { EBSStorageInfo: { VolumeSize: 100 } }),
  ],
  ['logs without a group', 'msk', 'MSK-LOG-GROUP', (t) => delete msk(t).LoggingInfo.BrokerLogs.CloudWatchLogs.LogGroup],
  ['a name with an underscore', 'msk', 'MSK-NAME', (t) => (msk(t).ClusterName = 'course_events-1')],
  ['access to ZooKeeper', 'msk', 'MSK-ZOOKEEPER', (t) => (msk(t).ZookeeperAccess = { Enabled: true })],
];

const ours: readonly Row[] = [
  ['throughput on a type without', 'msk', 'MSK-THROUGHPUT', (t) => (nodes(t).InstanceType = 'kafka.m7g.large')],
  ['throughput on a tiny disk', 'msk', 'MSK-THROUGHPUT', (t) => (ebs(t).VolumeSize = 9)],
  [
    'too few fetchers for the throughput',
    'msk',
    'MSK-REPLICA-FETCHERS',
    (t) => server(t, 'num.replica.fetchers=4', ''),
  ],
  ['unclean election', 'msk', 'MSK-PINNED', (t) => server(t, 'unclean.leader.election.enable=false', '')],
  ['one replica in sync', 'msk', 'MSK-PINNED', (t) => server(t, 'min.insync.replicas=2', 'min.insync.replicas=1')],
  ['a fixed revision', 'msk', 'MSK-CONFIGURATION', (t) => (msk(t).ConfigurationInfo.Revision = 1)],
  [
    'a configuration for one version',
    'msk',
    'MSK-CONFIGURATION-VERSION',
    (t) => (propertiesOf(t, 'AWS::MSK::Configuration').KafkaVersionsList = ['3.9.x.kraft']),
  ],
  [
    'min.insync.replicas on Express',
    'express',
    'MSK-EXPRESS-CONFIGURATION',
    (t) => server(t, /$/, 'min.insync.replicas=2\n'),
  ],
  ['Express in 2 zones', 'express', 'MSK-ZONES', (t) => nodes(t).ClientSubnets.pop()],
  ['one subnet twice', 'msk', 'MSK-ZONES', (t) => (nodes(t).ClientSubnets[1] = nodes(t).ClientSubnets[0])],
  [
    'plaintext beside TLS',
    'msk',
    'MSK-TLS',
    (t) => (msk(t).EncryptionInfo.EncryptionInTransit.ClientBroker = 'TLS_PLAINTEXT'),
  ],
  [
    'clients without a name',
    'msk',
    'MSK-AUTHENTICATION',
    (t) => (msk(t).ClientAuthentication.Unauthenticated.Enabled = true),
  ],
  [
    'multi-VPC access at the start',
    'msk',
    'MSK-PUBLIC',
    (t) => (nodes(t).ConnectivityInfo = { VpcConnectivity: { ClientAuthentication: { Tls: { Enabled: true } } } }),
  ],
  ['a name without generation', 'msk', 'MSK-GENERATION', (t) => (msk(t).ClusterName = 'course-events')],
  [
    'a Serverless cluster in one zone',
    'serverless',
    'MSK-SERVERLESS-NETWORK',
    (t) => propertiesOf(t, 'AWS::MSK::ServerlessCluster').VpcConfigs[0].SubnetIds.splice(1),
  ],
  [
    'a cluster that goes with its stack',
    'msk',
    'DATA-RETAINED',
    (t) => delete resourceOf(t, 'AWS::MSK::Cluster').DeletionPolicy,
  ],
  [
    'a topic that goes when replaced',
    'msk',
    'DATA-RETAINED',
    (t) => (resourceOf(t, 'AWS::MSK::Topic').UpdateReplacePolicy = 'Delete'),
  ],
  [
    'Kafka open to the world',
    'msk',
    'DATA-OPEN-PORT',
    (t) => {
      const rule = propertiesOf(t, 'AWS::EC2::SecurityGroupIngress');
      delete rule.SourceSecurityGroupId;
      Object.assign(rule, { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 9000, ToPort: 9100 });
    },
  ],
  [
    'every action on the cluster',
    'msk',
    'DATA-LEAST-PRIVILEGE',
    (t) => (t.Resources.Planted = policy('kafka-cluster:*', { Ref: 'AWS::StackId' })),
  ],
  ['every topic', 'msk', 'DATA-LEAST-PRIVILEGE', (t) => (t.Resources.Planted = policy('kafka-cluster:ReadData', '*'))],
  [
    'a secret of another name',
    'msk',
    'DATA-SCRAM-SECRET',
    (t) => (propertiesOf(t, 'AWS::SecretsManager::Secret').Name = 'alice'),
  ],
  [
    'a secret under the default key',
    'msk',
    'DATA-SCRAM-SECRET',
    (t) => delete propertiesOf(t, 'AWS::SecretsManager::Secret').KmsKeyId,
  ],
  ['more replicas than brokers', 'msk', 'TOPIC-REPLICAS', (t) => (topic(t).ReplicationFactor = 4)],
  ['2 replicas on Express', 'express', 'TOPIC-REPLICAS', (t) => (topic(t).ReplicationFactor = 2)],
  ['more replicas in sync than there are', 'msk', 'TOPIC-CONFIGS', (t) => settings(t, { 'min.insync.replicas': '4' })],
  ['settings that are no base64', 'msk', 'TOPIC-CONFIGS', (t) => (topic(t).Configs = '{"retention.ms":"1"}')],
  ['a number among the settings', 'msk', 'TOPIC-CONFIGS', (t) => settings(t, { 'retention.ms': 432_000_000 })],
  ['a tier for a day', 'msk', 'TOPIC-CONFIGS', (t) => settings(t, { 'retention.ms': '86400000' })],
  ['a tier the cluster has not', 'msk', 'TOPIC-CONFIGS', (t) => (msk(t).StorageMode = 'LOCAL')],
  ['an internal name', 'msk', 'TOPIC-NAME', (t) => (topic(t).TopicName = '__events')],
  [
    'two names that are one in metrics',
    'msk',
    'TOPIC-COLLISION',
    (t) => {
      const [first, second] = Object.values<Json>(t.Resources).filter(({ Type }) => Type === 'AWS::MSK::Topic');
      first.Properties.TopicName = 'a.b';
      second.Properties.TopicName = 'a_b';
    },
  ],
  [
    'a topic on Serverless',
    'serverless',
    'TOPIC-TARGET',
    (t) => {
      const [id] =
        Object.entries<Json>(t.Resources).find(([, { Type }]) => Type === 'AWS::MSK::ServerlessCluster') ?? [];
      t.Resources.Planted = {
        Type: 'AWS::MSK::Topic',
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          ClusterArn: { 'Fn::GetAtt': [id, 'Arn'] },
          TopicName: 'a',
          PartitionCount: 1,
          ReplicationFactor: 3,
        },
      };
    },
  ],
  [
    'disks that grow by themselves',
    'msk',
    'MSK-STORAGE-OWNER',
    (t) => {
      t.Resources.Planted = {
        Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
        Properties: {
          ResourceId: 'x',
          ScalableDimension: 'kafka:broker-storage:VolumeSize',
          ServiceNamespace: 'kafka',
          MinCapacity: 1,
          MaxCapacity: 100,
        },
      };
    },
  ],
  [
    'a disk in the clear',
    'msk',
    'DATA-ENCRYPTED',
    (t) => {
      t.Resources.Planted = {
        Type: 'AWS::EC2::Volume',
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: { AvailabilityZone: 'us-east-1a', Size: 10 },
      };
    },
  ],
  [
    'credentials for IMDSv1',
    'msk',
    'DATA-INSTANCE-METADATA',
    (t) => {
      t.Resources.Planted = {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: { LaunchTemplateData: { ImageId: 'ami-1' } },
      };
    },
  ],
  ['an alarm that tells nobody', 'msk', 'ALARM-ACTION', (t) => (t.Resources.Planted = alarm({ AlarmActions: [] }))],
  [
    'an alarm on a metric of no table',
    'msk',
    'ALARM-SIGNAL',
    (t) => (t.Resources.Planted = alarm({ MetricName: 'Mood' })),
  ],
  [
    'an alarm without its broker',
    'msk',
    'ALARM-SIGNAL',
    (t) => {
      t.Resources.Planted = alarm({ MetricName: 'UnderReplicatedPartitions' });
    },
  ],
  [
    'an average over idle controllers',
    'msk',
    'ALARM-STATISTIC',
    (t) => {
      t.Resources.Planted = alarm({ Statistic: 'Average' });
    },
  ],
  [
    'an alarm that Express never raises',
    'express',
    'ALARM-KIND',
    (t) => {
      t.Resources.Planted = alarm({ MetricName: 'UnderReplicatedPartitions', Dimensions: byBroker });
    },
  ],
  ['an alarm that Serverless never raises', 'serverless', 'ALARM-KIND', (t) => (t.Resources.Planted = alarm({}))],
  [
    'an alarm inside an expression',
    'express',
    'ALARM-KIND',
    (t) => {
      const Metric = { Namespace: 'AWS/Kafka', MetricName: 'UnderReplicatedPartitions', Dimensions: byBroker };
      t.Resources.Planted = alarm({
        MetricName: undefined,
        Metrics: [{ Id: 'm', MetricStat: { Metric, Stat: 'Maximum', Period: 60 } }],
      });
    },
  ],
  [
    'an alarm on a metric of a higher level',
    'msk',
    'ALARM-LEVEL',
    (t) => {
      msk(t).EnhancedMonitoring = 'DEFAULT';
      t.Resources.Planted = alarm({ MetricName: 'BwInAllowanceExceeded', Statistic: 'Sum', Dimensions: byBroker });
    },
  ],
];

describe('sound templates', () => {
  it.each(soundTargets)('of %s break no rule', (target) => {
    const { cluster, network } = soundTemplates(target);
    expect(errorsIn([cluster, network], [schemas, rules])).toEqual([]);
  });
});

describe('a sound alarm', () => {
  it.each(['msk', 'express'] as const)('breaks no rule on %s', (target) => {
    const { cluster, network } = soundTemplates(target);
    cluster.Resources.Sound = alarm({});
    expect(errorsIn([cluster, network], [rules])).toEqual([]);
  });
});

describe('a planted fault is caught', () => {
  it.each([...known, ...ours])('%s (%s) by %s', (_, target, caughtBy, plant) => {
    const { cluster, network } = soundTemplates(target);
    plant(cluster);
    const checks = caughtBy.includes('-') ? [rules] : [schemas];
    expect(errorsIn([cluster, network], checks)).toContain(caughtBy);
  });

  it('by every rule of the pack at least once', () => {
    const caught = new Set([...known, ...ours].map(([, , caughtBy]) => caughtBy));
    expect(rulePack.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual([]);
    expect(ours.length).toBeGreaterThanOrEqual(15);
  });
});
