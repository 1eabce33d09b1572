/** The limits that a growing demand reaches on the brokers and volumes of today. */
import { mskStandardLimits } from '../facts/msk-limits.ts';
import { type Candidate, describeUse } from './candidate.ts';
import type { Resource, ResourceUse } from './resources.ts';

export interface Limit {
  /** Stays the same from month to month, so that a limit is told once. */
  readonly id: string;
  readonly text: string;
}

/** The worse of both stages of each resource. */
export function worstUses({ normal, degraded }: Pick<Candidate, 'normal' | 'degraded'>): readonly ResourceUse[] {
  const worst = new Map<string, ResourceUse>();
  for (const use of [...normal, ...degraded])
    if (use.utilisation > (worst.get(use.resource)?.utilisation ?? -1)) worst.set(use.resource, use);
  return [...worst.values()];
}

/** Resources of the chosen brokers and volumes that are used beyond their limits, each with what to change. */
export function capacityLimits(uses: readonly ResourceUse[], chosen: Candidate): readonly Limit[] {
  return uses
    .filter(({ utilisation }) => utilisation > 1 + 1e-9)
    .map((use) => ({ id: use.resource, text: `${describeUse(use)}: ${remedyOf(use.resource, chosen)}` }));
}

function remedyOf(resource: Resource, { volume, brokers }: Candidate): string {
  const largestGiB = mskStandardLimits.storageMaxGiB.value ?? Number.NaN;
  if (resource === 'volumeSize' && (volume?.kind === 'local' || (volume?.sizeGiB ?? 0) >= largestGiB))
    return 'more brokers, as the disks are as large as they get';
  return (
    remedies[resource] ??
    (brokers === null ? 'another target, or more than one cluster' : 'a larger type or more brokers')
  );
}

/** What to change where it is not the size of the cluster. */
const remedies: Partial<Record<Resource, string>> = {
  volumeSize: 'enlarge the volumes, which grow but never shrink',
  partitionIngress: 'more partitions, which moves keys',
  partitionEgress: 'more partitions, which moves keys',
  compactedPartitionSize: 'more partitions, which moves keys',
  connections: 'fewer clients, or more than one cluster',
  newConnections: 'fewer clients, or more than one cluster',
  consumerGroups: 'another target',
  mapAreas: 'raise vm.max_map_count',
};
