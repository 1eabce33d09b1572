/**
 * IAM policies of MSK's listener: one topic and one group at a time. The resources carry the cluster's name and the id
 * that MSK adds to its ARN, so a policy ends with its cluster.
 */
import * as iam from 'aws-cdk-lib/aws-iam';
import { Fn } from 'aws-cdk-lib/core';
import { HeadroomError } from '../errors.ts';

/** Actions by Amazon MSK developer guide, common use cases for client authorization policy. */
const actions = {
  describe: ['kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers', 'kafka:ListNodes'],
  describeSettings: ['kafka:DescribeConfigurationRevision'],
  connect: ['kafka-cluster:Connect', 'kafka-cluster:DescribeCluster'],
  idempotent: ['kafka-cluster:WriteDataIdempotently'],
  writeTopic: ['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'],
  readTopic: ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'],
  group: ['kafka-cluster:DescribeGroup', 'kafka-cluster:AlterGroup'],
  testTopic: [
    'kafka-cluster:CreateTopic',
    'kafka-cluster:DeleteTopic',
    'kafka-cluster:DescribeTopic',
    'kafka-cluster:DescribeTopicDynamicConfiguration',
    'kafka-cluster:ReadData',
    'kafka-cluster:WriteData',
  ],
  testGroup: ['kafka-cluster:AlterGroup', 'kafka-cluster:DeleteGroup', 'kafka-cluster:DescribeGroup'],
  copyFrom: [
    'kafka-cluster:DescribeTopic',
    'kafka-cluster:DescribeTopicDynamicConfiguration',
    'kafka-cluster:ReadData',
  ],
  copyTo: [
    'kafka-cluster:AlterTopic',
    'kafka-cluster:AlterTopicDynamicConfiguration',
    'kafka-cluster:CreateTopic',
    'kafka-cluster:DescribeTopic',
    'kafka-cluster:DescribeTopicDynamicConfiguration',
    'kafka-cluster:WriteData',
  ],
  testTransaction: ['kafka-cluster:AlterTransactionalId', 'kafka-cluster:DescribeTransactionalId'],
} as const;

/** `configurationArn` is null where there are no broker settings to read, as on Serverless. */
export function grantMskDescribe(
  grantee: iam.IGrantable,
  clusterArn: string,
  configurationArn: string | null,
): iam.Grant {
  const cluster = grant(grantee, actions.describe, [clusterArn]);
  if (configurationArn === null) return cluster;
  return cluster.combine(grant(grantee, actions.describeSettings, [configurationArn]));
}

/** Throws USAGE when the name could match more than one topic. */
export function grantMskProduce(grantee: iam.IGrantable, clusterArn: string, topicName: string): iam.Grant {
  requireName('topic', topicName);
  return grant(grantee, [...actions.connect, ...actions.idempotent], [clusterArn]).combine(
    grant(grantee, actions.writeTopic, [partArn(clusterArn, 'topic', topicName)]),
  );
}

/** Throws USAGE when a name could match more than one topic or group. */
export function grantMskConsume(
  grantee: iam.IGrantable,
  clusterArn: string,
  names: { readonly topic: string; readonly group: string },
): iam.Grant {
  requireName('topic', names.topic);
  requireName('group', names.group);
  return grant(grantee, actions.connect, [clusterArn])
    .combine(grant(grantee, actions.readTopic, [partArn(clusterArn, 'topic', names.topic)]))
    .combine(grant(grantee, actions.group, [partArn(clusterArn, 'group', names.group)]));
}

/** Throws USAGE when the prefix is so short that it guards nothing. */
export function grantMskTest(grantee: iam.IGrantable, clusterArn: string, prefix: string): iam.Grant {
  requireName('prefix', prefix);
  if (prefix.length < 3) throw nameFault('prefix', prefix, 'at least 3 characters');
  return grant(grantee, [...actions.connect, ...actions.idempotent], [clusterArn])
    .combine(grant(grantee, actions.testTopic, [partArn(clusterArn, 'topic', `${prefix}*`)]))
    .combine(grant(grantee, actions.testGroup, [partArn(clusterArn, 'group', `${prefix}*`)]))
    .combine(grant(grantee, actions.testTransaction, [partArn(clusterArn, 'transactional-id', `${prefix}*`)]));
}

export interface CopiedNames {
  readonly topics: readonly string[];
  readonly groups: readonly string[];
}

/** What a replicator needs of the cluster it copies from, or to. Throws USAGE when a name could match more than one. */
export function grantMskCopy(
  grantee: iam.IGrantable,
  clusterArn: string,
  side: 'from' | 'to',
  names: CopiedNames,
): iam.Grant {
  for (const topic of names.topics) requireName('topic', topic);
  for (const group of names.groups) requireName('group', group);
  const writing = side === 'to' ? [...actions.idempotent, 'kafka-cluster:AlterCluster'] : [];
  return grant(grantee, [...actions.connect, ...writing], [clusterArn])
    .combine(
      grant(
        grantee,
        side === 'to' ? actions.copyTo : actions.copyFrom,
        names.topics.map((topic) => partArn(clusterArn, 'topic', topic)),
      ),
    )
    .combine(
      grant(
        grantee,
        actions.group,
        names.groups.map((group) => partArn(clusterArn, 'group', group)),
      ),
    );
}

function grant(grantee: iam.IGrantable, allowed: readonly string[], resourceArns: string[]): iam.Grant {
  return iam.Grant.addToPrincipal({ grantee, actions: [...allowed], resourceArns });
}

/** `arn:aws:kafka:R:A:cluster/NAME/UUID` gives `arn:aws:kafka:R:A:topic/NAME/UUID/topicName`. */
function partArn(clusterArn: string, part: 'topic' | 'group' | 'transactional-id', name: string): string {
  const halves = Fn.split(':cluster/', clusterArn);
  return Fn.join('', [Fn.select(0, halves), `:${part}/`, Fn.select(1, halves), `/${name}`]);
}

function requireName(what: string, name: string): void {
  if (!/^[A-Za-z0-9._-]{1,249}$/.test(name)) throw nameFault(what, name, '1 to 249 letters, digits, ".", "_" and "-"');
}

function nameFault(what: string, name: string, allowed: string): HeadroomError {
  return new HeadroomError('USAGE', `the grant names the ${what} "${name}"; allowed are ${allowed}`, {
    hint: 'a grant names one thing at a time: grant once for each topic and group',
  });
}
