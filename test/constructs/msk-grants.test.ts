import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { BrokerNetwork } from '../../lib/constructs/broker-network.ts';
import type { KafkaCluster } from '../../lib/constructs/kafka-cluster.ts';
import { MskServerless } from '../../lib/constructs/msk-serverless.ts';
import { HeadroomError } from '../../lib/errors.ts';

const arn = 'arn:aws:kafka:us-east-1:000000000000:cluster/events-1/abc-9';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** A policy as IAM would read it once the cluster is there. */
function policyOf(grant: (cluster: KafkaCluster, role: iam.Role) => void): readonly Statement[] {
  const stack = new Stack();
  const network = new BrokerNetwork(stack, 'Network', { zones: 3 });
  const cluster = new MskServerless(stack, 'Kafka', { network, clusterName: 'events-1' });
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  grant(cluster, role);
  const policy = role.node.findChild('DefaultPolicy').node.defaultChild as iam.CfnPolicy;
  const { Statement: statements } = stack.resolve(policy.policyDocument) as { Statement: Statement[] };
  return statements.map((one) => ({ ...one, Resource: asList(one.Resource).map(resolved) }));
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** The intrinsic functions that the grants use, with the ARN filled in. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, input] = []] = Object.entries(value);
  if (name === 'Fn::GetAtt') return arn;
  const [first, second] = resolved(input) as [string, string[] & string];
  if (name === 'Fn::Join') return second.join(first);
  if (name === 'Fn::Split') return second.split(first);
  if (name === 'Fn::Select') return second[Number(first)];
  throw new Error(`the grants use ${name}`);
}

/** IAM's own rule: `*` stands for any text. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

function allows(statements: readonly Statement[], action: string, resource: string): boolean {
  return statements.some(
    ({ Effect, Action, Resource }) =>
      Effect === 'Allow' &&
      asList(Action).some((one) => matches(String(one), action)) &&
      asList(Resource).some((one) => matches(String(one), resource)),
  );
}

const part = (kind: string, name: string): string =>
  `arn:aws:kafka:us-east-1:000000000000:${kind}/events-1/abc-9/${name}`;
const topic = part('topic', 'order-Created');
const otherTopics = [part('topic', 'order-Created2'), part('topic', 'a-order-Created'), part('topic', 'payments')];
const otherCluster = topic.replace('abc-9', 'def-1');
const group = part('group', 'CGR-a-order-Created');
const dataActions = [
  'kafka-cluster:ReadData',
  'kafka-cluster:WriteData',
  'kafka-cluster:AlterTopic',
  'kafka-cluster:DeleteTopic',
  'kafka-cluster:CreateTopic',
];

describe('grantProduce', () => {
  const policy = policyOf((cluster, role) => cluster.grantProduce(role, 'order-Created'));

  it('lets one topic through, idempotent writes too', () => {
    expect(allows(policy, 'kafka-cluster:Connect', arn)).toBe(true);
    expect(allows(policy, 'kafka-cluster:WriteDataIdempotently', arn)).toBe(true);
    expect(allows(policy, 'kafka-cluster:WriteData', topic)).toBe(true);
    expect(allows(policy, 'kafka-cluster:DescribeTopic', topic)).toBe(true);
  });

  it('lets nothing else through', () => {
    for (const action of dataActions)
      for (const other of [...otherTopics, otherCluster]) expect(allows(policy, action, other)).toBe(false);
    for (const action of dataActions.filter((one) => one !== 'kafka-cluster:WriteData'))
      expect([action, allows(policy, action, topic)]).toEqual([action, false]);
    expect(allows(policy, 'kafka-cluster:AlterGroup', group)).toBe(false);
    expect(allows(policy, 'kafka-cluster:AlterCluster', arn)).toBe(false);
  });
});

describe('grantConsume', () => {
  const policy = policyOf((cluster, role) => cluster.grantConsume(role, 'order-Created', 'CGR-a-order-Created'));

  it('lets one topic and one group through', () => {
    expect(allows(policy, 'kafka-cluster:ReadData', topic)).toBe(true);
    expect(allows(policy, 'kafka-cluster:AlterGroup', group)).toBe(true);
    expect(allows(policy, 'kafka-cluster:DescribeGroup', group)).toBe(true);
  });

  it('lets nothing else through', () => {
    for (const action of dataActions)
      for (const other of [...otherTopics, otherCluster]) expect(allows(policy, action, other)).toBe(false);
    expect(allows(policy, 'kafka-cluster:WriteData', topic)).toBe(false);
    expect(allows(policy, 'kafka-cluster:AlterGroup', part('group', 'CGR-b-order-Created'))).toBe(false);
    expect(allows(policy, 'kafka-cluster:DeleteGroup', group)).toBe(false);
    expect(allows(policy, 'kafka-cluster:WriteDataIdempotently', arn)).toBe(false);
  });
});

describe('grantTest', () => {
  const policy = policyOf((cluster, role) => cluster.grantTest(role, 'headroom-'));

  it('lets topics, groups and transactions of the prefix through, and no others', () => {
    for (const action of ['ReadData', 'WriteData', 'CreateTopic', 'DeleteTopic'])
      expect(allows(policy, `kafka-cluster:${action}`, part('topic', 'headroom-1-orders'))).toBe(true);
    expect(allows(policy, 'kafka-cluster:DeleteGroup', part('group', 'headroom-1-g'))).toBe(true);
    for (const action of dataActions)
      for (const other of [topic, ...otherTopics]) expect(allows(policy, action, other)).toBe(false);
    expect(allows(policy, 'kafka-cluster:AlterGroup', group)).toBe(false);
  });
});

describe('grantDescribe', () => {
  it('tells where the brokers are, and nothing about data', () => {
    const policy = policyOf((cluster, role) => cluster.grantDescribe(role));
    expect(allows(policy, 'kafka:GetBootstrapBrokers', arn)).toBe(true);
    for (const action of dataActions) expect(allows(policy, action, topic)).toBe(false);
    expect(allows(policy, 'kafka:DeleteCluster', arn)).toBe(false);
  });
});

describe('no grant', () => {
  const grants: readonly (readonly [string, (cluster: KafkaCluster, role: iam.Role) => void])[] = [
    ['names two topics', (cluster, role) => cluster.grantProduce(role, 'order-*')],
    ['names every topic', (cluster, role) => cluster.grantConsume(role, '*', 'g')],
    ['names two groups', (cluster, role) => cluster.grantConsume(role, 'a', 'CGR-?')],
    ['names nothing', (cluster, role) => cluster.grantProduce(role, '')],
    ['tests under every name', (cluster, role) => cluster.grantTest(role, 'h')],
  ];

  it.each(grants)('%s', (_, grant) => {
    expect(() => policyOf(grant)).toThrowError(HeadroomError);
  });

  it('holds an action of stars', () => {
    const statements = policyOf((cluster, role) => {
      cluster.grantProduce(role, 'a');
      cluster.grantConsume(role, 'a', 'g');
      cluster.grantTest(role, 'run-');
      cluster.grantDescribe(role);
    });
    expect(statements.flatMap(({ Action }) => asList(Action)).filter((action) => String(action).includes('*'))).toEqual(
      [],
    );
    expect(statements.flatMap(({ Resource }) => asList(Resource)).filter((one) => one === '*')).toEqual([]);
  });
});
