/** The next 36 months: growth compounds monthly, and each limit is named in the month that first reaches it. */
import { add, one, toNumber } from '../rational.ts';
import type { Requirements, TopicRequirement } from '../requirements/types.ts';
import { formatBytes, formatCount } from '../units.ts';
import { clusterTraffic, targetUses } from './cluster.ts';
import { planPartitions } from './partitions.ts';
import { bufferBytes, retainedBytes } from './storage.ts';
import { targetRules } from './targets.ts';
import { scaleTopic } from './traffic.ts';
import type { GrowthMonth, StoragePlan, TopicPlan } from './types.ts';

export const growthMonths = 36;

export function planGrowth(
  requirements: Requirements,
  topics: readonly TopicPlan[],
  storage: StoragePlan,
): readonly GrowthMonth[] {
  const months: GrowthMonth[] = [];
  const reached = new Set<string>();
  let scaled = requirements.topics;
  for (let month = 0; month <= growthMonths; month += 1) {
    const figures = monthFigures(requirements, scaled, topics, month);
    const limits = limitsOf(requirements, figures, topics, storage).filter(({ id }) => !reached.has(id));
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
  { cluster }: Requirements,
  figures: Omit<GrowthMonth, 'limitsReached'>,
  plans: readonly TopicPlan[],
  storage: StoragePlan,
): readonly Limit[] {
  const outgrown = figures.topics.flatMap(({ name, partitions }, index) => {
    const planned = plans[index]?.partitions ?? 0;
    return partitions > planned
      ? [{ id: `partitions ${name}`, text: `${name} needs ${partitions} partitions, planned ${planned}` }]
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
  const { clusterLimits } = targetRules[cluster.target];
  const grown = plans.map((plan, index) => ({
    ...plan,
    partitions: figures.topics[index]?.partitions ?? plan.partitions,
  }));
  const exceeded = targetUses(grown, figures).flatMap(({ limit, used }) =>
    clusterLimits !== null && used > clusterLimits[limit]
      ? [
          {
            id: limit,
            text: `${limit} ${formatCount(used)} exceed the limit ${formatCount(clusterLimits[limit])} of ${cluster.target}`,
          },
        ]
      : [],
  );
  return [...outgrown, ...bufferUsed, ...exceeded];
}
