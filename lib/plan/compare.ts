/** One use case on every target: what each would take, what it would cost, and what is not possible there and why. */
import { HeadroomError } from '../errors.ts';
import type { Requirements, Target, Warning } from '../requirements/types.ts';
import { bindingOf, headroomOf } from './capacity/candidate.ts';
import { knownPart } from './capacity/choice.ts';
import { type Demand, totalsOf } from './capacity/demand.ts';
import { defaultPolicy } from './capacity/policy.ts';
import type { Sizing } from './capacity/size.ts';
import { type CostCurve, costCurve, laterReasons } from './cost-curve.ts';
import { mskExpressLimits, mskServerlessLimits } from './facts/msk-limits.ts';
import { priceTableOf } from './facts/prices/index.ts';
import { awsStandardModel } from './facts/sizing-rules.ts';
import { type PlanOptions, planSized } from './plan.ts';
import { targetRules } from './targets.ts';

export interface TargetOption {
  /** Such as `msk`, `msk tiered`, `ec2 local disk`. */
  readonly name: string;
  readonly target: Target;
  /** Such as `3 x kafka.m7g.large`; null: not possible. */
  readonly chosen: string | null;
  readonly brokers: number | null;
  readonly monthlyUsd: number | null;
  /** monthlyUsd / GB (10^9) that producers send in a month. */
  readonly usdPerProducedGb: number | null;
  /** 1 - used / limit of the binding constraint, in the worse of both stages. */
  readonly headroom: number | null;
  readonly bindingConstraint: string | null;
  /** Date of the prices; null: none applied. */
  readonly pricesAsOf: string | null;
  /** Why it is not possible, why it has no cost, what is not known of it. */
  readonly notes: readonly string[];
  /** What the target fixes or lacks, whatever the use case. */
  readonly caveats: readonly string[];
  /** Empty when nothing grows or nothing fits today. */
  readonly curve: CostCurve;
}

interface Variant {
  readonly name: string;
  readonly target: Exclude<Target, 'existing'>;
  readonly tieredLocalMs: number | null;
  readonly localDisk: boolean;
  readonly combinedControllers: boolean;
  /** What is to be known of this variant beside its target. */
  readonly note?: string;
}

const hourMs = 3_600_000;
const tieredLocalMs = (awsStandardModel.primaryRetentionHours.value ?? Number.NaN) * hourMs;

const plain = { tieredLocalMs: null, localDisk: false, combinedControllers: false } as const;

const variants: readonly Variant[] = [
  { ...plain, name: 'msk', target: 'msk' },
  { ...plain, name: 'msk tiered', target: 'msk', tieredLocalMs },
  { ...plain, name: 'msk-express', target: 'msk-express' },
  { ...plain, name: 'msk-serverless', target: 'msk-serverless' },
  { ...plain, name: 'ec2', target: 'ec2' },
  {
    ...plain,
    name: 'ec2 combined',
    target: 'ec2',
    combinedControllers: true,
    note: 'controllers in the brokers: not for production, a loaded broker delays every election',
  },
  { ...plain, name: 'ec2 local disk', target: 'ec2', localDisk: true },
];

/**
 * The use case on each target, in a fixed order. A number of brokers that the file states holds on its own target only.
 * `prices`, `policy` and `calibration`: as for `planUseCase`.
 */
export function compareTargets(
  requirements: Requirements,
  options: Pick<PlanOptions, 'prices' | 'policy' | 'calibration'> = {},
): readonly TargetOption[] {
  return variants.map((variant) => compareVariant(requirements, variant, options));
}

function compareVariant(
  requirements: Requirements,
  variant: Variant,
  options: Pick<PlanOptions, 'prices' | 'policy' | 'calibration'>,
): TargetOption {
  const { cluster } = requirements;
  const brokers = cluster.target === variant.target ? cluster.brokers : null;
  const there = { ...requirements, cluster: { ...cluster, target: variant.target, brokers } };
  try {
    const { plan, sizing, demand } = planSized(there, { ...options, ...variant });
    const misplaced = plan.warnings.filter((warning) => isMisplaced(warning, variant.target));
    if (misplaced.length > 0)
      return impossible(
        variant,
        misplaced.map(({ message }) => message),
      );
    const prices = options.prices === undefined ? priceTableOf(cluster.region) : options.prices;
    return optionOf(
      variant,
      sizing,
      demand,
      costCurve(
        variant.target,
        {
          ...variant,
          demand,
          prices,
          region: cluster.region,
          policy: options.policy ?? defaultPolicy,
          calibration: options.calibration ?? null,
        },
        sizing,
      ),
    );
  } catch (error) {
    if (!(error instanceof HeadroomError) || error.code !== 'PLAN_IMPOSSIBLE') throw error;
    return impossible(
      variant,
      error.message
        .split('\n')
        .slice(1)
        .map((line) => line.trim()),
    );
  }
}

/** Of which only a local run can be made: the target refuses such zones or brokers. */
function isMisplaced({ code }: Warning, target: Target): boolean {
  return code === 'TARGET_ZONES' || (code === 'BROKERS_UNEVEN_ZONES' && targetRules[target].brokersPerZoneEqual);
}

function impossible({ name, target }: Variant, notes: readonly string[]): TargetOption {
  return {
    name,
    target,
    chosen: null,
    brokers: null,
    monthlyUsd: null,
    usdPerProducedGb: null,
    headroom: null,
    bindingConstraint: null,
    pricesAsOf: null,
    notes,
    caveats: caveats[target],
    curve: [],
  };
}

function optionOf(variant: Variant, sizing: Sizing, demand: Demand, curve: CostCurve): TargetOption {
  const { chosen } = sizing;
  if (chosen === null) return impossible(variant, sizing.impossible);
  const { monthlyUsd, reason } = chosen.cost;
  const secondsPerMonth = 730 * 3600;
  const producedGb = (totalsOf(demand).averageInBytesPerSec * secondsPerMonth) / 1e9;
  return {
    name: variant.name,
    target: variant.target,
    chosen: chosen.option,
    brokers: chosen.brokers,
    monthlyUsd,
    usdPerProducedGb: monthlyUsd === null || producedGb === 0 ? null : monthlyUsd / producedGb,
    headroom: headroomOf(chosen),
    bindingConstraint: bindingOf(chosen)?.use.resource ?? null,
    pricesAsOf: chosen.cost.pricesAsOf,
    caveats: caveats[variant.target],
    notes: [
      ...(reason === null ? [] : [reason + knownPart(chosen.knownUsd)]),
      ...(variant.note === undefined ? [] : [variant.note]),
      ...chosen.gaps,
      ...laterReasons(curve),
    ],
    curve,
  };
}

const express = mskExpressLimits;
const serverless = mskServerlessLimits;

/** What a reader must know of a target before choosing it by its price. */
const caveats: Readonly<Record<Variant['target'], readonly string[]>> = {
  msk: ['disks grow but never shrink'],
  'msk-express': [
    `${express.replicationFactor.value} replicas and min.insync ${express.minInsyncReplicas.value} are fixed, no tiered storage, Kafka Streams not fully supported`,
  ],
  'msk-serverless': [
    `authentication by ${serverless.auth.value?.join()} only and no ACLs, segment settings are fixed, the Kafka version is not chosen`,
  ],
  ec2: ['patching, scaling and repair are your own work, which no price here counts'],
};
