/**
 * Who may do what in a self-managed cluster, where Kafka itself decides: rules for the principals of certificates, and the
 * topics of the plan, brought into the cluster by boot's administer.sh through Systems Manager.
 */
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Names } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { HeadroomError } from '../errors.ts';
import type { TopicPlan } from '../plan/types.ts';

export type AccessKind = 'topic' | 'group' | 'cluster' | 'transactional-id';

/** One rule for one principal; `name` is a whole name, or the beginning of one when `pattern` is prefixed. */
export interface AccessRule {
  readonly operations: readonly string[];
  readonly kind: AccessKind;
  readonly pattern: 'literal' | 'prefixed';
  readonly name: string;
}

const literal = (kind: AccessKind, name: string, operations: readonly string[]): AccessRule => ({
  kind,
  name,
  operations,
  pattern: 'literal',
});

/** An idempotent producer needs nothing more since Kafka 3.0. */
export const produceRules = (topic: string): readonly AccessRule[] => [literal('topic', topic, ['Write', 'Describe'])];

export const consumeRules = (topic: string, group: string): readonly AccessRule[] => [
  literal('topic', topic, ['Read', 'Describe']),
  literal('group', group, ['Read']),
];

/** Topics and groups of a prefix and nothing else; the cluster's settings are described, never altered. */
export const testRules = (prefix: string): readonly AccessRule[] => [
  ...(
    [
      ['topic', ['Create', 'Delete', 'Describe', 'DescribeConfigs', 'AlterConfigs', 'Read', 'Write']],
      ['group', ['Read', 'Describe', 'Delete']],
      ['transactional-id', ['Write', 'Describe']],
    ] as const
  ).map(([kind, operations]): AccessRule => ({ kind, operations, pattern: 'prefixed', name: prefix })),
  literal('cluster', 'kafka-cluster', ['Describe', 'DescribeConfigs']),
];

/**
 * The name of a grantee in Kafka, and of its secret: made of its path in the app, which is its own.
 * Throws USAGE for a principal that is no construct of the app, such as an account.
 */
export function clientNameOf(grantee: iam.IGrantable): string {
  const owner: unknown = grantee;
  if (!Construct.isConstruct(owner))
    throw new HeadroomError('USAGE', 'the grantee is no construct of this app, so its certificate has no name', {
      hint: 'grant to a role, a function or a task of the app',
    });
  // A certificate's common name has 64 characters at most.
  return Names.uniqueResourceName(owner, { maxLength: 56, separator: '-', allowedSpecialCharacters: '-' });
}

export function requireName(what: string, name: string, least = 1): void {
  if (/^[A-Za-z0-9._-]{1,249}$/.test(name) && name.length >= least) return;
  throw new HeadroomError(
    'USAGE',
    `the grant names the ${what} "${name}"; allowed are ${least} to 249 letters, digits, ".", "_" and "-"`,
    { hint: 'a grant names one thing at a time: grant once for each topic and group' },
  );
}

/** Command lines of administer.sh; every value is quoted for the shell. */
export function accessCommand(clientName: string, { operations, kind, pattern, name }: AccessRule): string {
  return command('access', clientName, operations.join(','), kind, pattern, name);
}

export function topicCommand({ name, partitions, replicationFactor, config }: TopicPlan): string {
  const settings = Object.entries(config).map(([setting, value]) => `${setting}=${value}`);
  return command('topic', name, String(partitions), String(replicationFactor), ...settings);
}

function command(...words: readonly string[]): string {
  return ['/opt/headroom/boot/administer.sh', ...words.map((word) => `'${word.replaceAll("'", "'\\''")}'`)].join(' ');
}
