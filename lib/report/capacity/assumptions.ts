/** What the figures rest on, so that a reader can object. */
import type { Plan, TopicPlan } from '../../plan/types.ts';
import { formatDurationMs, formatPercent } from '../../units.ts';
import type { Proof } from './types.ts';
import { listed, lossName, resourceName } from './words.ts';

export function assumptions(plan: Plan, proof: Proof | null): readonly string[] {
  const { cluster, cost, topics } = plan;
  return [
    'the rates, sizes and growth of the use case file; keys spread evenly over the partitions',
    growthText(topics),
    `capacity must hold after ${lossName(cluster.survive)}`,
    `network at its baseline, never the burst${fillText(plan)}; resources below the alarms that AWS recommends`,
    ...cluster.resources
      .filter(({ evidence }) => evidence === 'heuristic')
      .map(
        ({ resource, formula }) => `${resourceName(resource)} by a rule of thumb until it is calibrated: ${formula}`,
      ),
    ...(topics.some(({ load }) => load.compressionRatio < 1)
      ? ['messages compress as the file states; a sample has not been measured here']
      : []),
    ...guaranteed(topics),
    ...handedOver(topics),
    ...(cost.monthlyUsd === null
      ? []
      : [
          `list prices of ${cost.region}, ${cost.pricesAsOf}, at the average load; no discounts, no support, no people`,
        ]),
    proof === null
      ? 'nothing was measured: every figure is arithmetic over published limits'
      : `what was measured on ${proof.target} proves settings, loss, order and storage sums, not the capacity of ${cluster.target}`,
  ];
}

function fillText({ storage }: Plan): string {
  const fill = storage.why.find(({ figure }) => figure === 'provisionedBytesPerBroker')?.inputs.fill;
  return typeof fill === 'number' ? `, disks filled to ${formatPercent(fill)} at first` : '';
}

function growthText(topics: readonly TopicPlan[]): string {
  const rates = topics.map(({ load }) => load.growthPerMonth);
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  if (high === 0) return 'no growth is stated, so no month runs out by growth';
  return `growth of ${low === high ? '' : `${formatPercent(low)} to `}${formatPercent(high)} a month, compounding`;
}

function guaranteed(topics: readonly TopicPlan[]): readonly string[] {
  return alike(topics, ({ guaranteedMs }) => guaranteedMs).map(
    ([ms, names]) =>
      `${listed(names)} ${names.length === 1 ? 'keeps' : 'keep'} ${formatDurationMs(ms)} even after the loss, on the disks that are left`,
  );
}

function handedOver(topics: readonly TopicPlan[]): readonly string[] {
  const ways = alike(topics, ({ handover }) => (handover === 'kafka' ? null : handover));
  if (ways.length === 0) return [];
  return [
    `handed over: ${ways.map(([way, names]) => `${listed(names)} by ${way}`).join(', ')}; only the part in Kafka is planned here`,
  ];
}

/** The topics that share a value, by value; null: nothing to say. */
function alike<T>(
  topics: readonly TopicPlan[],
  sharedBy: (topic: TopicPlan) => T | null,
): readonly (readonly [T, readonly string[]])[] {
  const byValue = new Map<T, string[]>();
  for (const topic of topics) {
    const value = sharedBy(topic);
    if (value !== null) byValue.set(value, [...(byValue.get(value) ?? []), topic.name]);
  }
  return [...byValue];
}
