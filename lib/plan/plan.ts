/**
 * The plan of a use case: pure arithmetic over its requirements. Knows no clock, file, network, Kafka or AWS client.
 * Every figure carries its formula, inputs and source; what cannot be known yet is null with a reason in `missing`.
 */
import { HeadroomError } from '../errors.ts';
import type { ClusterRequirement, Requirements, Warning } from '../requirements/types.ts';
import { formatCount } from '../units.ts';
import { remaining } from './brokers.ts';
import { planCalibration } from './calibration/plan-calibration.ts';
import type { Calibration } from './calibration/types.ts';
import type { Candidate } from './capacity/candidate.ts';
import { type Demand, demandOf } from './capacity/demand.ts';
import { type CapacityPolicy, defaultPolicy } from './capacity/policy.ts';
import { type Sizing, sizeTarget } from './capacity/size.ts';
import { planCluster } from './cluster.ts';
import { clusterWarnings } from './cluster-warnings.ts';
import { planInternalTopics } from './disk/internal-topics.ts';
import { priceTableOf } from './facts/prices/index.ts';
import type { PriceTable } from './facts/prices/price-table.ts';
import { planFaults } from './faults.ts';
import { planGrowth } from './growth.ts';
import { planStorage, type Volume } from './storage.ts';
import { topicWarnings } from './topic-warnings.ts';
import { planTopic } from './topics.ts';
import { type CostPlan, type Plan, planSchemaVersion } from './types.ts';

export interface PlanOptions {
  /** Prices of the region; left out: the table that Headroom carries for it. */
  readonly prices?: PriceTable | null;
  readonly policy?: CapacityPolicy;
  /** What brokers cost on a machine that was measured; left out: CPU is a heuristic. */
  readonly calibration?: Calibration;
  /** What stays on MSK Standard brokers with tiered storage; left out: no tiered storage. */
  readonly tieredLocalMs?: number | null;
  /** EC2 brokers with the instance's own disks in place of gp3. */
  readonly localDisk?: boolean;
  /** EC2 brokers that are the controllers, too, in place of three controllers of their own. */
  readonly combinedControllers?: boolean;
  /** Names a path of the use case with its place in the file, for faults; left out: the path alone. */
  readonly placeOf?: (path: string) => string;
}

/** Throws PLAN_IMPOSSIBLE, with every fault listed, when no plan can satisfy the requirements. */
export function planUseCase(requirements: Requirements, options: PlanOptions = {}): Plan {
  return planSized(requirements, options).plan;
}

/** The plan with the candidates that it was chosen from. Throws as `planUseCase` does. */
export function planSized(
  requirements: Requirements,
  options: PlanOptions = {},
): { readonly plan: Plan; readonly sizing: Sizing; readonly demand: Demand } {
  const faults = planFaults(requirements);
  if (faults.length > 0)
    throw new HeadroomError(
      'PLAN_IMPOSSIBLE',
      [
        `${requirements.useCase} cannot be planned, ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}:`,
        ...faults.map(({ path, message }) => `  ${options.placeOf?.(path) ?? path}: ${message}`),
      ].join('\n'),
      { hint: 'change the use case file at the paths named' },
    );
  const { region, target } = requirements.cluster;
  const policy = options.policy ?? defaultPolicy;
  const topics = requirements.topics.map((topic) => planTopic(topic, requirements));
  const internalTopics = planInternalTopics(requirements.cluster, topics);
  const internalBytes = internalTopics.reduce((sum, { onDiskBytes }) => sum + onDiskBytes, 0);
  const survivors = (brokers: number): number => remaining(requirements.cluster, brokers).brokers;
  const demand = demandOf(requirements, topics, survivors, internalBytes);
  const sizing = sizeTarget(target, {
    demand,
    region,
    prices: options.prices === undefined ? priceTableOf(region) : options.prices,
    policy,
    calibration: options.calibration ?? null,
    tieredLocalMs: options.tieredLocalMs ?? null,
    localDisk: options.localDisk ?? false,
    combinedControllers: options.combinedControllers ?? false,
  });
  const cluster = planCluster(requirements, topics, { sizing, demand, policy });
  const storage = planStorage(requirements.storage.buffer, { topics, internalTopics }, volumeOf(sizing.chosen, policy));
  const growth = planGrowth(requirements, topics, storage, { demand, chosen: sizing.chosen });
  const cost = sizing.chosen?.cost ?? unsizedCost(requirements.cluster, sizing);
  const plan: Plan = {
    schemaVersion: planSchemaVersion,
    useCase: requirements.useCase,
    description: requirements.description,
    topics,
    storage,
    cluster,
    cost,
    growth,
    slo: requirements.slo,
    ...(options.calibration === undefined
      ? {}
      : { calibration: planCalibration(options.calibration, demand, cluster) }),
    warnings: [
      ...requirements.warnings,
      ...topicWarnings(requirements, topics, growth),
      ...clusterWarnings(requirements, topics, cluster, storage, sizing),
      ...costWarnings(requirements.slo.costMaxUsdPerMonth, cost),
    ],
    missing: missingFigures({ cluster, storage, cost }, sizing),
  };
  return { plan, sizing, demand };
}

function volumeOf(chosen: Candidate | null, policy: CapacityPolicy): Volume | null {
  if (chosen === null || chosen.volume === null || chosen.brokers === null) return null;
  const { sizeGiB, provisionedMiBps } = chosen.volume;
  return { sizeGiB, throughputMiBps: provisionedMiBps ?? 0, brokers: chosen.brokers, fill: policy.volumeFill };
}

function unsizedCost({ region, target }: ClusterRequirement, { impossible }: Sizing): CostPlan {
  const reason = target === 'existing' ? 'an existing cluster is not priced' : (impossible[0] ?? 'nothing was chosen');
  return { monthlyUsd: null, items: [], pricesAsOf: null, region, reason };
}

function costWarnings(maxUsd: number | null, { monthlyUsd }: CostPlan): readonly Warning[] {
  if (maxUsd === null || monthlyUsd === null || monthlyUsd <= maxUsd) return [];
  return [
    {
      code: 'COST_EXCEEDED',
      path: 'slo.cost.max',
      message: `the plan costs ${formatCount(monthlyUsd)} USD a month, at most ${formatCount(maxUsd)} are asked for`,
      remedy: 'compare targets with headroom plan FILE --targets all, keep less, or compress',
    },
  ];
}

/** Path of each null -> why it is. */
function missingFigures(
  { cluster, storage, cost }: Pick<Plan, 'cluster' | 'storage' | 'cost'>,
  { impossible }: Sizing,
): Plan['missing'] {
  const { target } = cluster;
  const fallback = target === 'existing' ? 'the limits of an existing cluster are not known here' : impossible[0];
  const instances =
    target === 'msk-serverless' ? 'Serverless has no instances to choose' : (fallback ?? 'nothing was chosen');
  const space = target === 'msk-express' || target === 'msk-serverless' ? `storage of ${target} has no size` : fallback;
  const figures: readonly (readonly [path: string, value: unknown, reason: string | undefined])[] = [
    ...(['cluster', 'cluster.degraded'] as const).flatMap((path) => {
      const part = path === 'cluster' ? cluster : cluster.degraded;
      return [
        [`${path}.instanceType`, part.instanceType, instances],
        [`${path}.bindingConstraint`, part.bindingConstraint, fallback],
        [`${path}.headroom`, part.headroom, fallback],
      ] as const;
    }),
    ['storage.provisionedBytesPerBroker', storage.provisionedBytesPerBroker, space],
    ['cost.monthlyUsd', cost.monthlyUsd, cost.reason ?? undefined],
    ['cost.pricesAsOf', cost.pricesAsOf, cost.reason ?? undefined],
    ['cost.region', cost.region, 'the use case names no region'],
  ];
  return Object.fromEntries(
    figures.flatMap(([path, value, reason]) => (value === null ? [[path, reason ?? 'nothing was chosen']] : [])),
  );
}
