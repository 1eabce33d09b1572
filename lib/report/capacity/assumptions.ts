/** What the figures rest on, so that a reader can object. */
import type { Plan, TopicPlan } from '../../plan/types.ts';
import { formatDurationMs, formatPercent } from '../../units.ts';
import type { Proof } from './types.ts';
import { lossName, resourceName } from './words.ts';

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
    ...topics.flatMap(guaranteedText),
    ...topics.flatMap(handoverText),
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

function guaranteedText({ name, guaranteedMs }: TopicPlan): readonly string[] {
  return guaranteedMs === null
    ? []
    : [`${name} keeps ${formatDurationMs(guaranteedMs)} even after the loss, on the disks that are left`];
}

function handoverText({ name, handover }: TopicPlan): readonly string[] {
  return handover === 'kafka' ? [] : [`${name} is handed over by ${handover}: only its part in Kafka is planned here`];
}
