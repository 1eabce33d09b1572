/** Each change has its effect: planted one by one into the templates of real plans, and into small ones of their own. */
import { describe, expect, it } from 'vitest';
import { classify } from '../../../lib/stacks/changes/classify.ts';
import type { Change } from '../../../lib/stacks/changes/types.ts';
import { isError } from '../../../lib/stacks/changes/types.ts';
import { templatesOf } from '../../../lib/stacks/plan-templates.ts';
import type { NamedTemplate } from '../../../lib/stacks/references.ts';
import { topicOf } from '../../plan/use-cases.ts';
import { ec2Plan } from '../ec2-app.ts';
import { type Json, propertiesOf, resourceOf } from '../rules/planted.ts';
import { planOf } from '../synthesise.ts';

const plan = planOf({}, [topicOf(), topicOf({ name: 'order-Created', consumers: [] })]);
const standard = templatesOf({ ...plan, cluster: { ...plan.cluster, instanceType: 'kafka.m5.4xlarge' } });
const express = templatesOf(planOf({ target: 'msk-express', brokers: null }));
const ec2 = templatesOf(ec2Plan());

const of = (templates: readonly NamedTemplate[], name: string): Json =>
  templates.find(({ templatePath }) => templatePath.endsWith(name))?.template;

/** What a change planted into the stack of that name does. */
function planted(templates: readonly NamedTemplate[], stack: string, plant: (template: Json) => void) {
  const after = structuredClone(templates);
  plant(of(after, stack));
  return classify(templates, after);
}
const said = (changes: readonly Change[]) =>
  changes.map(({ effect, group, path }) => [effect, group, path.split('.').at(-1)]);
const msk = (template: Json): Json => propertiesOf(template, 'AWS::MSK::Cluster');
const nodes = (template: Json): Json => msk(template).BrokerNodeGroupInfo;
const disk = (template: Json): Json => nodes(template).StorageInfo.EBSStorageInfo;

describe('a change of an MSK cluster', () => {
  it.each<[string, (template: Json) => void, Change['effect'], Change['group'], string]>([
    ['a larger disk', (t) => (disk(t).VolumeSize += 10), 'inPlace', 'storage', '6 to 24 hours'],
    ['a smaller disk', (t) => (disk(t).VolumeSize -= 1), 'refused', 'storage', 'never shrinks'],
    ['tiers', (t) => (msk(t).StorageMode = 'TIERED'), 'inPlace', 'storage', ''],
    [
      'a larger type',
      (t) => (nodes(t).InstanceType = 'kafka.m5.8xlarge'),
      'rolling',
      'instance type',
      '10 to 15 minutes',
    ],
    [
      'Express from Standard',
      (t) => (nodes(t).InstanceType = 'express.m7g.large'),
      'refused',
      'instance type',
      'generation=',
    ],
    ['more brokers', (t) => (msk(t).NumberOfBrokerNodes = 6), 'inPlace', 'brokers', 'new brokers hold nothing'],
    ['fewer brokers', (t) => (msk(t).NumberOfBrokerNodes = 2), 'inPlace', 'brokers', 'first move every partition'],
    ['an older version', (t) => (msk(t).KafkaVersion = '3.9.x.kraft'), 'refused', 'version', 'newer versions only'],
    ['a newer version', (t) => (msk(t).KafkaVersion = '4.10.x.kraft'), 'rolling', 'version', ''],
    ['ZooKeeper', (t) => (msk(t).KafkaVersion = '3.9.0'), 'refused', 'version', 'metadata mode'],
    ['more metrics', (t) => (msk(t).EnhancedMonitoring = 'PER_TOPIC_PER_BROKER'), 'rolling', 'monitoring', ''],
    ['passwords', (t) => (msk(t).ClientAuthentication.Sasl.Scram = { Enabled: true }), 'rolling', 'security', ''],
    ['rebalancing', (t) => (msk(t).Rebalancing = { Status: 'PAUSED' }), 'inPlace', 'rebalancing', ''],
    [
      'access from outside',
      (t) => (nodes(t).ConnectivityInfo = { NetworkType: 'DUAL' }),
      'rolling',
      'connectivity',
      '',
    ],
    ['a tag', (t) => (msk(t).Tags = { team: 'a' }), 'inPlace', null, ''],
  ])('%s', (_, plant, effect, group, reason) => {
    const [found, ...others] = planted(standard, 'cluster', plant);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ effect, group });
    expect(found?.reason).toContain(reason);
    expect(isError(found as Change)).toBe(effect === 'refused');
  });

  it('a setting of its configuration is one of the cluster', () => {
    const changes = planted(standard, 'cluster', (template) => {
      propertiesOf(template, 'AWS::MSK::Configuration').ServerProperties += 'num.io.threads=16\n';
    });
    expect(said(changes)).toEqual([['rolling', 'configuration', 'threads']]);
  });

  it('the brokers of Express move their partitions themselves', () => {
    const [found] = planted(express, 'cluster', (template) => (msk(template).NumberOfBrokerNodes += 3));
    expect(found?.reason).toContain('MSK moves partitions itself');
  });

  it.each<[string, (template: Json) => void]>([
    ['name', (t) => (msk(t).ClusterName = 'course-events-2')],
    ['subnets', (t) => nodes(t).ClientSubnets.reverse()],
    ['groups', (t) => nodes(t).SecurityGroups.push('sg-0a1b2c3d')],
    ['encryption between brokers', (t) => (msk(t).EncryptionInfo.EncryptionInTransit.InCluster = false)],
    ['key', (t) => (msk(t).EncryptionInfo.EncryptionAtRest = { DataVolumeKMSKeyId: 'arn:aws:kms:r:1:key/k' })],
  ])('another %s is another cluster, empty, and so are its topics', (_, plant) => {
    const changes = planted(standard, 'cluster', plant);
    expect(changes.map(({ effect, type }) => [effect, type])).toEqual(
      expect.arrayContaining([
        ['replace', 'AWS::MSK::Cluster'],
        ['replace', 'AWS::MSK::Topic'],
      ]),
    );
    expect(changes.filter(isError)).toEqual(changes);
    expect(changes).toHaveLength(3);
  });
});

describe('what is replaced takes with it what names it', () => {
  it('within a stack: a security group, the cluster, its topics', () => {
    const changes = planted(standard, 'cluster', (template) => {
      propertiesOf(template, 'AWS::EC2::SecurityGroup').GroupDescription = 'other words';
    });
    expect(changes.filter(isError).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['AWS::MSK::Cluster', 'AWS::MSK::Topic', 'AWS::MSK::Topic']),
    );
  });

  it('across stacks: a range of addresses, the subnets, the cluster', () => {
    const changes = planted(
      standard,
      'network',
      (template) => (propertiesOf(template, 'AWS::EC2::VPC').CidrBlock = '10.1.0.0/16'),
    );
    expect(changes.find(({ type }) => type === 'AWS::MSK::Cluster')).toMatchObject({
      effect: 'replace',
      holdsData: true,
    });
  });

  it('but not what names it where that can change', () => {
    const changes = planted(standard, 'monitoring', (template) => {
      propertiesOf(template, 'AWS::SNS::Topic').TopicName = 'other';
    });
    expect(changes.map(({ type, effect }) => [type, effect])).toContainEqual(['AWS::SNS::Topic', 'replace']);
    expect(changes.filter(({ type }) => type === 'AWS::CloudWatch::Alarm')).toEqual([]);
  });
});

describe('a change of a topic on MSK', () => {
  const topic = (template: Json): Json => propertiesOf(template, 'AWS::MSK::Topic');
  const settings = (template: Json, change: object): void => {
    const found = JSON.parse(Buffer.from(topic(template).Configs, 'base64').toString());
    topic(template).Configs = Buffer.from(JSON.stringify({ ...found, ...change })).toString('base64');
  };
  it.each<[string, (template: Json) => void, Change['effect'], string, string]>([
    ['more partitions', (t) => (topic(t).PartitionCount += 1), 'inPlace', 'PartitionCount', 'their order breaks'],
    [
      'fewer partitions',
      (t) => (topic(t).PartitionCount -= 1),
      'refused',
      'PartitionCount',
      'never removes partitions',
    ],
    ['other replicas', (t) => (topic(t).ReplicationFactor = 2), 'replace', 'ReplicationFactor', 'empty'],
    [
      'a shorter retention',
      (t) => settings(t, { 'retention.ms': '1000' }),
      'inPlace',
      'retention.ms',
      'older records are deleted',
    ],
    ['a longer retention', (t) => settings(t, { 'retention.ms': '9999999999' }), 'inPlace', 'retention.ms', ''],
    [
      'compaction',
      (t) => settings(t, { 'cleanup.policy': 'compact' }),
      'inPlace',
      'cleanup.policy',
      'compacted by key',
    ],
    [
      'no tier',
      (t) => settings(t, { 'remote.storage.enable': 'false' }),
      'refused',
      'remote.storage.enable',
      'is deleted',
    ],
  ])('%s', (_, plant, effect, path, reason) => {
    const [found, ...others] = planted(standard, 'cluster', plant);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ effect, path, type: 'AWS::MSK::Topic', reason: expect.stringContaining(reason) });
  });

  it('that goes is an error, and one that comes is none', () => {
    const remove = (template: Json): void => {
      const [id = ''] =
        Object.entries<Json>(template.Resources).find(([, { Type }]) => Type === 'AWS::MSK::Topic') ?? [];
      delete template.Resources[id];
    };
    const fewer = structuredClone(standard);
    remove(of(fewer, 'cluster'));
    expect(classify(standard, fewer).map((change) => [change.effect, isError(change)])).toEqual([['remove', true]]);
    expect(classify(fewer, standard).map((change) => [change.effect, isError(change)])).toEqual([['add', false]]);
  });
});

describe('a change of nodes on EC2', () => {
  const volume = (template: Json): Json => propertiesOf(template, 'AWS::EC2::Volume');
  it.each<[string, (template: Json) => void, Change['effect'], string]>([
    ['a larger volume', (t) => (volume(t).Size += 1), 'inPlace', 'boots the next time'],
    ['a smaller volume', (t) => (volume(t).Size -= 1), 'refused', 'never shrinks'],
    ['a volume in another zone', (t) => (volume(t).AvailabilityZone = 'us-east-1f'), 'refused', 'volumeGenerations='],
    [
      'another image',
      (t) => (propertiesOf(t, 'AWS::EC2::LaunchTemplate').LaunchTemplateData.ImageId = 'ami-0'),
      'rolling',
      'one by one',
    ],
  ])('%s', (_, plant, effect, reason) => {
    const [found, ...others] = planted(ec2, 'cluster', plant);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ effect, reason: expect.stringContaining(reason) });
  });

  it('more of them come by themselves, fewer take their volumes out of sight', () => {
    // The plan would share the data among more brokers, on smaller disks, which no volume can become.
    const grown = templatesOf({ ...ec2Plan({ brokers: 6 }), storage: ec2Plan().storage });
    const more = classify(ec2, grown);
    expect(more.filter(isError)).toEqual([]);
    expect(more.filter(({ effect, type }) => effect === 'add' && type === 'AWS::EC2::Volume')).toHaveLength(3);
    const fewer = classify(grown, ec2).filter(isError);
    expect(fewer.map(({ effect, type }) => [effect, type])).toEqual(Array(3).fill(['remove', 'AWS::EC2::Volume']));
  });
});

it('another type under the same id is one that goes and one that comes', () => {
  const changes = planted(
    standard,
    'cluster',
    (template) => (resourceOf(template, 'AWS::MSK::Cluster').Type = 'AWS::MSK::ServerlessCluster'),
  );
  expect(changes.filter(isError).map(({ effect, type }) => [effect, type])).toContainEqual([
    'remove',
    'AWS::MSK::Cluster',
  ]);
});

it('the same templates have no change, whatever the order of their keys', () => {
  const turned = JSON.parse(JSON.stringify(standard), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toReversed())
      : value,
  ) as NamedTemplate[];
  expect(classify(standard, turned)).toEqual([]);
});
