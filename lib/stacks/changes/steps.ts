/** In which deployments the changes can be made: an MSK cluster takes one group of attributes at a time. */
import {
  type Change,
  type Effect,
  type ForbiddenTogether,
  type Step,
  type UpdateGroup,
  updateGroups,
} from './types.ts';

export function forbiddenTogether(changes: readonly Change[]): readonly ForbiddenTogether[] {
  const stacks = [...new Set(changes.filter(({ group }) => group !== null).map(({ stack }) => stack))];
  return stacks.flatMap((stack) => {
    const own = changes.filter((change) => change.stack === stack && change.group !== null);
    const groups = groupsOf(own);
    const cluster = own.find(({ type }) => type === 'AWS::MSK::Cluster')?.resource ?? '';
    return groups.length > 1 ? [{ stack, cluster, groups }] : [];
  });
}

const afterType = updateGroups.indexOf('instance type') + 0.1;

/** The groups in the order that each step leaves a cluster that works. */
function groupsOf(changes: readonly Change[]): readonly UpdateGroup[] {
  const present = updateGroups.filter((group) => changes.some((change) => change.group === group));
  const throughput = changes.find(({ path }) => path.endsWith('ProvisionedThroughput.Enabled'));
  const fewer = changes.find(({ group, before, after }) => group === 'brokers' && Number(after) < Number(before));
  const rank = (group: UpdateGroup): number => {
    // Throughput needs the larger type and the threads that use it first; brokers leave last, when the other disks have grown.
    if (throughput?.after === 'true' && group === 'configuration') return afterType;
    if (throughput?.after === 'true' && group === 'storage') return afterType + 0.1;
    if (group === 'brokers' && fewer !== undefined) return updateGroups.length;
    return updateGroups.indexOf(group);
  };
  return present.toSorted((one, other) => rank(one) - rank(other));
}

/** Empty when nothing changes. What updates no cluster of MSK goes with the last step, when all that it may need is there. */
export function stepsOf(changes: readonly Change[]): readonly Step[] {
  const groups = groupsOf(changes);
  const others = changes.filter(({ group, type }) => group === null && type !== 'clients');
  const clients = changes.filter(({ type }) => type === 'clients');
  const lots = groups.map((group) => changes.filter((change) => change.group === group));
  const last = lots.pop() ?? [];
  const deployments = [...lots, [...last, ...others]].filter((lot) => lot.length > 0);
  return [...deployments, ...(clients.length > 0 ? [clients] : [])].map((lot, index) => ({
    step: index + 1,
    what: [...new Set(lot.map(({ group, type }) => group ?? kindOf(type)))],
    group: groups[index] ?? null,
    effect: worst(lot),
    note: [...new Set(lot.filter(({ group }) => group !== null).map(({ reason }) => reason))]
      .filter(Boolean)
      .join('; '),
  }));
}

function kindOf(type: string): string {
  if (type === 'AWS::MSK::Topic' || type === 'topic') return 'topics';
  if (type === 'clients') return type;
  return type.startsWith('AWS::EC2::') || type.startsWith('AWS::AutoScaling::')
    ? 'nodes and network'
    : 'everything else';
}

const severity: readonly Effect[] = ['inPlace', 'add', 'rolling', 'remove', 'replace', 'refused'];

function worst(lot: readonly Change[]): Effect {
  const ranks = lot.map(({ effect }) => severity.indexOf(effect));
  return severity[Math.max(...ranks)] ?? 'inPlace';
}
