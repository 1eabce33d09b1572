/**
 * How MSK takes a change of a cluster: which update call, whether brokers restart, what it never does.
 * Sources: operations of the MSK API (UpdateBrokerStorage, UpdateBrokerType, ...), Amazon MSK developer guide; one call an update:
 * github.com/aws/aws-cdk/issues/16765.
 */
import { mskStandardLimits } from '../../plan/facts/msk-limits.ts';
import { type TemplateResource, textAt } from '../rules/rule.ts';
import type { PropertyChange } from './template-diff.ts';
import type { Effect, UpdateGroup } from './types.ts';

export interface Judgement {
  readonly effect: Effect;
  readonly group: UpdateGroup | null;
  readonly reason: string;
}

interface GroupRule {
  readonly group: UpdateGroup;
  readonly paths: readonly string[];
  readonly effect: Effect;
}

const instanceTypePath = 'BrokerNodeGroupInfo.InstanceType';
const minutes = mskStandardLimits.resizeMinutesPerBroker.value ?? [];

const groupRules: readonly GroupRule[] = [
  { group: 'rebalancing', paths: ['Rebalancing'], effect: 'inPlace' },
  { group: 'storage', paths: ['BrokerNodeGroupInfo.StorageInfo', 'StorageMode'], effect: 'inPlace' },
  { group: 'instance type', paths: [instanceTypePath], effect: 'rolling' },
  { group: 'brokers', paths: ['NumberOfBrokerNodes'], effect: 'inPlace' },
  { group: 'version', paths: ['KafkaVersion'], effect: 'rolling' },
  { group: 'configuration', paths: ['ConfigurationInfo'], effect: 'rolling' },
  { group: 'security', paths: ['ClientAuthentication', 'EncryptionInfo'], effect: 'rolling' },
  { group: 'connectivity', paths: ['BrokerNodeGroupInfo.ConnectivityInfo'], effect: 'rolling' },
  { group: 'monitoring', paths: ['EnhancedMonitoring', 'OpenMonitoring', 'LoggingInfo'], effect: 'rolling' },
];

/** The group that a property of `AWS::MSK::Cluster` belongs to; null: to none. */
export function groupOf(path: string): UpdateGroup | null {
  return ruleOf(path)?.group ?? null;
}

function ruleOf(changed: string): GroupRule | undefined {
  return groupRules.find(({ paths }) => paths.some((path) => isWithin(changed, path)));
}

/** Of a property of `AWS::MSK::Cluster` that is not create-only. */
export function judgeCluster(change: PropertyChange, after: TemplateResource): Judgement {
  const rule = ruleOf(change.path);
  if (rule === undefined) return { effect: 'inPlace', group: null, reason: '' };
  const { group, effect } = rule;
  const never = refusal(change);
  if (never !== null) return { effect: 'refused', group, reason: never };
  return { effect, group, reason: remark(group, change, after) };
}

function refusal({ path, before, after }: PropertyChange): string | null {
  if (path.endsWith('.VolumeSize') && Number(after) < Number(before))
    return `a disk never shrinks: keep it with -c volumeGiB=${before}, or move to a new cluster with -c generation=`;
  if (path === 'StorageMode' && before === 'TIERED')
    return 'AWS names a way to tiered storage and none back: keep it with -c tieredLocal=';
  if (path.endsWith('.InstanceType') && isExpressType(before) !== isExpressType(after))
    return 'Standard and Express brokers do not become each other: move to a new cluster with -c generation=';
  if (path === 'KafkaVersion') return versionRefusal(String(before), String(after));
  return null;
}

function versionRefusal(before: string, after: string): string | null {
  if (before.endsWith('.kraft') !== after.endsWith('.kraft'))
    return 'a cluster keeps its metadata mode for life: move to a new cluster with -c generation=';
  const [old, new_] = [before, after].map((version) => version.split('.').map(Number));
  const [major = 0, minor = 0] = old ?? [];
  const [newMajor = 0, newMinor = 0] = new_ ?? [];
  return newMajor < major || (newMajor === major && newMinor < minor)
    ? `MSK goes to newer versions only: keep it with -c kafkaVersion=${before}`
    : null;
}

function remark(group: UpdateGroup, change: PropertyChange, { properties }: TemplateResource): string {
  switch (group) {
    case 'storage':
      return 'the disks cannot grow again for 6 to 24 hours';
    case 'brokers':
      return isExpressType(textAt(properties, instanceTypePath)) ? 'MSK moves partitions itself' : byHand(change);
    case 'instance type':
      return `each broker is away for ${minutes.join(' to ')} minutes`;
    case 'connectivity':
    case 'monitoring':
      return 'AWS does not say that brokers stay up meanwhile';
    default:
      return '';
  }
}

function byHand({ before, after }: PropertyChange): string {
  return Number(after) > Number(before)
    ? 'new brokers hold nothing until partitions are moved to them: kafka-reassign-partitions'
    : 'first move every partition off the brokers that go, at most one a zone in one update: kafka-reassign-partitions';
}

function isExpressType(type: unknown): boolean {
  return String(type).startsWith('express.');
}

function isWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}.`);
}
