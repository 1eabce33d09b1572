/** One way to run the use case: an instance type and a number of brokers, with everything it uses and what it costs. */
import { formatBytes, formatCount, formatPercent } from '../../units.ts';
import type { CostPlan } from '../types.ts';
import type { BrokerVolume } from './broker.ts';
import type { Demand } from './demand.ts';
import { binding, isUnknown, type ResourceUse, type StageUses, type State } from './resources.ts';

export interface Candidate extends StageUses {
  /** Such as `6 x kafka.m7g.large`. */
  readonly option: string;
  /** Null where the target has no instances to choose. */
  readonly instanceType: string | null;
  /** Null where the target hides its brokers. */
  readonly brokers: number | null;
  /** Of all brokers together; 0 where the target hides them. */
  readonly vcpu: number;
  /** Null where storage has no size to choose. */
  readonly volume: BrokerVolume | null;
  /** Why it cannot be; empty: it can. */
  readonly faults: readonly string[];
  /** Figures that were not found and would have been needed. */
  readonly gaps: readonly string[];
  readonly cost: CostPlan;
  /** USD a month of the items that have a price; null when the instances have none. Ranks, never shown as the cost. */
  readonly knownUsd: number | null;
  /** What the same brokers and volumes would use under another demand. */
  readonly under: (demand: Demand) => StageUses;
}

/** The most used resource of both stages. */
export function bindingOf(candidate: StageUses): { readonly use: ResourceUse; readonly state: State } | null {
  const normal = binding(candidate.normal);
  const degraded = binding(candidate.degraded);
  if (degraded !== null && (normal === null || degraded.utilisation > normal.utilisation))
    return { use: degraded, state: 'degraded' };
  return normal === null ? null : { use: normal, state: 'normal' };
}

/** 1 - utilisation of the most used resource of both stages. */
export function headroomOf(candidate: StageUses): number {
  return 1 - (bindingOf(candidate)?.use.utilisation ?? 0);
}

/** What is bought to measure may exceed its limit in the last bits. */
const roundingError = 1e-9;

/** Each resource above its limit, in words, the worst first. */
export function overloads(normal: readonly ResourceUse[], degraded: readonly ResourceUse[]): readonly string[] {
  const over = (uses: readonly ResourceUse[], when: string): { text: string; utilisation: number; name: string }[] =>
    uses
      .filter(({ utilisation }) => utilisation > 1 + roundingError)
      .map((use) => ({
        name: use.resource,
        utilisation: use.utilisation,
        text: `${describeUse(use)}${when}`,
      }));
  const seen = new Set<string>();
  return [...over(normal, ''), ...over(degraded, ' after the loss')]
    .sort((a, b) => b.utilisation - a.utilisation)
    .filter(({ name }) => !seen.has(name) && seen.add(name))
    .map(({ text }) => text);
}

/** `networkOut 84 MB/s of 75 MB/s (112 %)`; a heuristic says so. */
export function describeUse(use: ResourceUse): string {
  if (isUnknown(use)) return `${use.resource} cannot be judged: a figure it needs was not found`;
  const weak = use.evidence === 'heuristic' ? ', a heuristic' : '';
  const share = Number.isFinite(use.utilisation) ? formatPercent(use.utilisation) : 'nothing left';
  return `${use.resource} ${amount(use.used, use.unit)} of ${amount(use.limit, use.unit)} (${share}${weak})`;
}

function amount(value: number, unit: string): string {
  if (!Number.isFinite(value)) return 'no end';
  if (unit === 'bytes') return formatBytes(Math.round(value));
  if (unit === 'bytes/s') return `${formatBytes(Math.round(value))}/s`;
  return `${formatCount(value)} ${unit}`;
}

export const noneLeft = 'no broker is left after the loss';

/** Numbers of brokers to try: the stated one, or multiples of the zones from the smallest that holds the replicas up to `most`. */
export function brokerCounts(demand: Demand, most: number): readonly number[] {
  if (demand.brokers !== null) return [demand.brokers];
  const replicas = Math.max(1, ...demand.topics.map((topic) => topic.replicas));
  const least = Math.ceil(Math.max(3, replicas, demand.zones) / demand.zones) * demand.zones;
  const counts: number[] = [];
  for (let count = least; count <= most; count += demand.zones) counts.push(count);
  return counts;
}

/** A candidate before its words and its bill are made, which only one number of brokers of each type needs. */
export interface Attempt extends StageUses {
  /** Faults that no number of brokers changes, and a loss that leaves none. */
  readonly faults: readonly string[];
  readonly describe: () => Omit<Candidate, 'normal' | 'degraded' | 'faults'>;
}

export function candidateOf({ normal, degraded, faults, describe }: Attempt): Candidate {
  return { ...describe(), normal, degraded, faults: [...faults, ...overloads(normal, degraded)] };
}

/**
 * The first count that fits; otherwise the largest one, whose faults then tell what more brokers cannot cure.
 * More brokers never make a fault (held by a property test), so the counts are halved, not walked.
 */
export function smallestFitting(counts: readonly number[], attempt: (brokers: number) => Attempt): Candidate | null {
  const [first] = counts;
  const last = counts.at(-1);
  if (first === undefined || last === undefined) return null;
  let best: Attempt | null = null;
  let low = 0;
  let high = counts.length - 1;
  while (low <= high) {
    // Most use cases fit the smallest cluster, so it is asked first.
    const middle = low === 0 && high === counts.length - 1 ? 0 : Math.floor((low + high) / 2);
    const tried = attempt(counts[middle] ?? first);
    if (fits(tried)) {
      best = tried;
      high = middle - 1;
    } else low = middle + 1;
  }
  return candidateOf(best ?? attempt(last));
}

function fits({ normal, degraded, faults }: Attempt): boolean {
  const carried = ({ utilisation }: ResourceUse): boolean => utilisation <= 1 + roundingError;
  return faults.length === 0 && normal.every(carried) && degraded.every(carried);
}
