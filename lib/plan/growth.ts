/** The next 36 months: growth compounds monthly, and each limit is named in the month that first reaches it. */
import { add, one, toNumber } from '../rational.ts';
import type { Requirements, TopicRequirement } from '../requirements/types.ts';
import { formatBytes } from '../units.ts';
import { type Candidate, describeUse } from './capacity/candidate.ts';
import { type Demand, grownDemand } from './capacity/demand.ts';
import type { Resource, ResourceUse } from './capacity/resources.ts';
import { clusterTraffic } from './cluster.ts';
import { planPartitions } from './partitions.ts';
import { bufferBytes, retainedBytes } from './storage.ts';
import { scaleTopic } from './traffic.ts';
import type { GrowthMonth, StoragePlan, TopicPlan } from './types.ts';

export const growthMonths = 36;

export function planGrowth(
  requirements: Requirements,
  topics: readonly TopicPlan[],
  storage: StoragePlan,
  capacity: { readonly demand: Demand; readonly chosen: Candidate | null },
): readonly GrowthMonth[] {
  const months: GrowthMonth[] = [];
  const reached = new Set<string>();
  let scaled = requirements.topics;
  for (let month = 0; month <= growthMonths; month += 1) {
    const figures = monthFigures(requirements, scaled, topics, month);
    const limits = [...limitsOf(figures, topics, storage), ...capacityLimits(capacity, month)].filter(
      ({ id }) => !reached.has(id),
    );
    for (const { id } of limits) reached.add(id);
    months.push({ ...figures, limitsReached: limits.map(({ text }) => text) });
    scaled = scaled.map((topic) => scaleTopic(topic, add(one, topic.produce.growthPerMonth)));
  }
  return months;
}

function monthFigures(
  { cluster, storage }: Requirements,
  scaled: readonly TopicRequirement[],
  plans: readonly TopicPlan[],
  month: number,
): Omit<GrowthMonth, 'limitsReached'> {
  const retained = scaled.reduce(
    (sum, topic, index) => sum + retainedBytes(topic, plans[index]?.replicationFactor ?? 1).bytes,
    0n,
  );
  return {
    month,
    ...clusterTraffic(scaled),
    retainedBytes: Number(retained),
    requiredBytes: Number(retained + bufferBytes(storage.buffer, retained)),
    topics: scaled.map((topic) => ({
      name: topic.name,
      peakPerSec: toNumber(topic.produce.peakPerSec),
      partitions: planPartitions(topic, cluster.target).partitions,
    })),
  };
}

interface Limit {
  /** Stays the same from month to month, so that a limit is told once. */
  readonly id: string;
  readonly text: string;
}

function limitsOf(
  figures: Omit<GrowthMonth, 'limitsReached'>,
  plans: readonly TopicPlan[],
  storage: StoragePlan,
): readonly Limit[] {
  const outgrown = figures.topics.flatMap(({ name, partitions }, index) => {
    const planned = plans[index]?.partitions ?? 0;
    return partitions > planned
      ? [
          {
            id: `partitions ${name}`,
            text: `${name} needs ${partitions} partitions, planned ${planned}: adding partitions moves keys`,
          },
        ]
      : [];
  });
  const bufferUsed =
    figures.retainedBytes > storage.requiredBytes
      ? [
          {
            id: 'storage',
            text: `${formatBytes(figures.retainedBytes)} retained exceed the ${formatBytes(storage.requiredBytes)} required in month 0`,
          },
        ]
      : [];
  return [...outgrown, ...bufferUsed];
}

/** Resources of the chosen brokers and volumes that the demand of that month exceeds, each with what to change. */
function capacityLimits(
  { demand, chosen }: { readonly demand: Demand; readonly chosen: Candidate | null },
  month: number,
): readonly Limit[] {
  if (chosen === null) return [];
  const { normal, degraded } = chosen.under(grownDemand(demand, month));
  const exceeded = new Map<string, ResourceUse>();
  for (const use of [...normal, ...degraded])
    if (use.utilisation > (exceeded.get(use.resource)?.utilisation ?? 1 + 1e-9)) exceeded.set(use.resource, use);
  return [...exceeded.values()].map((use) => ({
    id: use.resource,
    text: `${describeUse(use)}: ${remedies[use.resource] ?? 'a larger type or more brokers'}`,
  }));
}

/** What to change where it is not the size of the cluster. */
const remedies: Partial<Record<Resource, string>> = {
  volumeSize: 'enlarge the volumes, which grow but never shrink',
  partitionIngress: 'more partitions, which moves keys',
  partitionEgress: 'more partitions, which moves keys',
  compactedPartitionSize: 'more partitions, which moves keys',
  connections: 'fewer clients, or more than one cluster',
  consumerGroups: 'another target',
};
