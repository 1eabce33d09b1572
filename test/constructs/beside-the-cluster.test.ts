/** Connector, replicator and schema registry: what CloudFormation and our rules say of them, and what they may do. */
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import type { KafkaCluster } from '../../lib/constructs/kafka-cluster.ts';
import { MskConnector, type MskConnectorProps } from '../../lib/constructs/msk-connector.ts';
import { MskReplicator } from '../../lib/constructs/msk-replicator.ts';
import { SchemaRegistry } from '../../lib/constructs/schema-registry.ts';
import { MskStack } from '../../lib/stacks/msk-stack.ts';
import { NetworkStack } from '../../lib/stacks/network-stack.ts';
import { ec2Plan, ec2StackIn } from '../stacks/ec2-app.ts';
import { errorsIn, rules, schemas } from '../stacks/rules/planted.ts';
import { newApp, planOf } from '../stacks/synthesise.ts';

/** A stack with two generations of a cluster beside it. */
function beside(): { stack: Stack; old: KafkaCluster; next: KafkaCluster } {
  const app = newApp();
  const { network } = new NetworkStack(app, 'network', { zones: 3 });
  const [old, next] = [1, 2].map(
    (generation) => new MskStack(app, `cluster${generation}`, { plan: planOf(), network, generation }),
  );
  return { stack: new Stack(app, 'mine'), old: old?.cluster as KafkaCluster, next: next?.cluster as KafkaCluster };
}

const bootstrapServers = 'b-1.example:9098,b-2.example:9098';
function connectorIn(stack: Stack, cluster: KafkaCluster, change: Partial<MskConnectorProps> = {}): MskConnector {
  return new MskConnector(stack, 'Archive', {
    cluster,
    bootstrapServers,
    name: 'archive',
    plugin: { bucket: Bucket.fromBucketName(stack, 'Plugins', 'plugins'), key: 's3-sink.zip', contentType: 'ZIP' },
    configuration: { 'connector.class': 'io.example.Sink', 'tasks.max': '1' },
    reads: ['categoryChanged'],
    ...change,
  });
}

/** Text of all policies, and no fault in the template. */
function policiesOf(stack: Stack): string {
  const template = Template.fromStack(stack);
  expect(errorsIn([template.toJSON()], [schemas, rules])).toEqual([]);
  return JSON.stringify(Object.values(template.findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties));
}

describe('a connector', () => {
  it('reads its topics as its own group, and nothing else of the cluster but what Connect keeps for itself', () => {
    const { stack, old } = beside();
    connectorIn(stack, old);
    const policies = policiesOf(stack);
    expect(policies).toContain('/categoryChanged"');
    expect(policies).toContain('/connect-archive"');
    expect(policies.match(/\*"/g)).toHaveLength(policies.match(/__amazon_msk_connect_\*"/g)?.length ?? 0);
    Template.fromStack(stack).hasResourceProperties('AWS::KafkaConnect::Connector', {
      Capacity: { ProvisionedCapacity: { McuCount: 1, WorkerCount: 1 } },
      KafkaClusterClientAuthentication: { AuthenticationType: 'IAM' },
      KafkaClusterEncryptionInTransit: { EncryptionType: 'TLS' },
    });
  });

  it('writes its topics and reads none when it is a source', () => {
    const { stack, old } = beside();
    connectorIn(stack, old, { reads: [], writes: ['order-Created'] });
    const policies = policiesOf(stack);
    expect(policies).toContain('/order-Created"');
    expect(policies).not.toContain('/connect-archive"');
  });

  it('is refused with every fault', () => {
    const { stack, old } = beside();
    const faulty = { name: 'a b', bootstrapServers: 'b-1:9092', workers: 11, reads: [] };
    expect(() => connectorIn(stack, old, faulty)).toThrowError(
      /name: .*got "a b"\n.*:9098,\.\.\. of the IAM listener, got "b-1:9092"\n.*workers: 1 to 10, got 11\n.*name the topics/,
    );
    const { cluster } = ec2StackIn(newApp(), ec2Plan());
    expect(() => connectorIn(new Stack(), cluster)).toThrowError('MSK Connect serves clusters of MSK, not ec2');
  });
});

describe('a replicator', () => {
  const names = { topics: ['categoryChanged', 'a.b'], groups: ['CGR-lecture-categoryChanged'] };

  it('copies topics and offsets under their names, and may read here and write there alone', () => {
    const { stack, old, next } = beside();
    new MskReplicator(stack, 'Move', { from: old, to: next, ...names });
    const policies = JSON.parse(policiesOf(stack)) as {
      PolicyDocument: { Statement: { Action: string[]; Resource: unknown }[] };
    }[];
    const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const writing = statements.filter(({ Action }) => Action.includes('kafka-cluster:WriteData'));
    expect(writing).toHaveLength(1);
    expect(JSON.stringify(writing)).toContain('cluster2');
    expect(JSON.stringify(writing)).not.toContain('cluster1');
    Template.fromStack(stack).hasResourceProperties('AWS::MSK::Replicator', {
      ReplicatorName: 'course-events-1-to-course-events-2',
      ReplicationInfoList: [
        {
          TopicReplication: {
            TopicsToReplicate: ['categoryChanged', 'a\\.b'],
            TopicNameConfiguration: { Type: 'IDENTICAL' },
            StartingPosition: { Type: 'EARLIEST' },
          },
          ConsumerGroupReplication: { ConsumerGroupsToReplicate: names.groups, SynchroniseConsumerGroupOffsets: true },
        },
      ],
    });
  });

  it('is refused onto itself, of nothing, and away from MSK', () => {
    const { stack, old, next } = beside();
    const make =
      (id: string, from: KafkaCluster, to: KafkaCluster, named = names) =>
      () =>
        new MskReplicator(stack, id, { from, to, ...named });
    expect(make('a', old, old)).toThrowError('to: the same cluster, course-events-1');
    expect(make('b', old, next, { topics: [], groups: [] })).toThrowError(
      /topics: 1 to 750, got 0\n.*groups: at least one/,
    );
    expect(make('c', old, next, { topics: ['a*'], groups: ['g'] })).toThrowError('names the topic "a*"');
    const { cluster } = ec2StackIn(newApp(), ec2Plan());
    expect(make('d', cluster, next)).toThrowError('from: a replicator copies between clusters of MSK, ec2 has no ARN');
  });
});

it('a schema registry stays with its schemas, and lets each do its part', () => {
  const { stack, old } = beside();
  const registry = new SchemaRegistry(stack, 'Schemas', {
    name: 'course-events',
    schemas: [{ topic: 'categoryChanged', format: 'JSON', definition: '{"type":"object"}' }],
  });
  const { role } = connectorIn(stack, old);
  registry.grantRead(role);
  registry.grantRegister(role);
  const template = Template.fromStack(stack);
  template.hasResource('AWS::Glue::Schema', { DeletionPolicy: 'Retain', Properties: { Compatibility: 'BACKWARD' } });
  template.hasResource('AWS::Glue::Registry', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  expect(policiesOf(stack)).toContain('glue:RegisterSchemaVersion');
});
