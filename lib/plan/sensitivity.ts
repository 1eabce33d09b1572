/** Which input moves the result most: each is changed alone, by the same factor, and the use case planned again. */
import { HeadroomError } from '../errors.ts';
import type { Requirements, Warning } from '../requirements/types.ts';
import { headroomOf } from './capacity/candidate.ts';
import { type PlanOptions, planSized } from './plan.ts';
import { whatIf } from './what-if.ts';

export interface Outcome {
  /** Such as `3 x kafka.m7g.large`; null: nothing fits. */
  readonly chosen: string | null;
  readonly brokers: number | null;
  readonly vcpu: number | null;
  readonly monthlyUsd: number | null;
  readonly headroom: number | null;
  readonly requiredBytes: number | null;
  /** Of all topics. */
  readonly partitions: number | null;
  /** What the plan warns of. */
  readonly warnings: readonly Warning[];
  /** Why nothing fits. */
  readonly reason: string | null;
}

export interface Sensitivity {
  readonly base: Outcome;
  /** The input that moves the result most first. */
  readonly inputs: readonly {
    readonly input: string;
    readonly change: string;
    readonly outcome: Outcome;
    /** USD a month more; null where a cost is unknown. */
    readonly extraUsd: number | null;
  }[];
}

const inputs: readonly (readonly [input: string, change: string])[] = [
  ['average and peak rate', 'load=x2'],
  ['average rate alone', 'rate=x2'],
  ['peak rate alone', 'peak=x2'],
  ['message size', 'size=x2'],
  ['retention', 'retention=x2'],
  ['one more consumer group', 'groups=+1'],
  ['survive a zone', 'survive=zone'],
];

/** The number of brokers is set free, so that the smallest cluster of each change is compared. */
export function sensitivityOf(requirements: Requirements, options: PlanOptions = {}): Sensitivity {
  const free = { ...requirements, cluster: { ...requirements.cluster, brokers: null } };
  const base = outcomeOf(free, options);
  const changed = inputs
    .filter(([, change]) => change !== `survive=${requirements.cluster.survive}`)
    .map(([input, change]) => {
      const outcome = outcomeOf(whatIf(free, change), options);
      const extraUsd =
        outcome.monthlyUsd === null || base.monthlyUsd === null ? null : outcome.monthlyUsd - base.monthlyUsd;
      return { input, change, outcome, extraUsd };
    });
  return { base, inputs: changed.sort((a, b) => weight(b, base) - weight(a, base)) };
}

/** Nothing fits weighs most; then money; where it is unknown, vCPU; then headroom lost. */
function weight({ outcome, extraUsd }: Sensitivity['inputs'][number], base: Outcome): number {
  if (outcome.chosen === null) return Number.MAX_VALUE;
  const lost = (base.headroom ?? 0) - (outcome.headroom ?? 0);
  return Math.abs(extraUsd ?? (outcome.vcpu ?? 0) - (base.vcpu ?? 0)) + Math.abs(lost) / 1000;
}

/** The result of a plan in one line; a use case that cannot be planned says why. */
export function outcomeOf(requirements: Requirements, options: PlanOptions = {}): Outcome {
  try {
    const { plan, sizing } = planSized(requirements, options);
    const { chosen } = sizing;
    return {
      chosen: chosen?.option ?? null,
      brokers: chosen === null ? null : plan.cluster.brokers,
      vcpu: chosen?.vcpu ?? null,
      monthlyUsd: plan.cost.monthlyUsd,
      headroom: chosen === null ? null : headroomOf(chosen),
      requiredBytes: plan.storage.requiredBytes,
      partitions: plan.topics.reduce((sum, { partitions }) => sum + partitions, 0),
      warnings: plan.warnings,
      reason: sizing.impossible[0] ?? null,
    };
  } catch (error) {
    if (!(error instanceof HeadroomError) || error.code !== 'PLAN_IMPOSSIBLE') throw error;
    const nothing = { chosen: null, brokers: null, vcpu: null, monthlyUsd: null, headroom: null, requiredBytes: null };
    const reason = error.message.split('\n').slice(1).join(' ').trim();
    return { ...nothing, partitions: null, warnings: [], reason };
  }
}
