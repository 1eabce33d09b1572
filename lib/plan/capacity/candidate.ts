/** One way to run the use case: an instance type and a number of brokers, with everything it uses and what it costs. */
import { formatBytes, formatCount, formatPercent } from '../../units.ts';
import type { CostPlan } from '../types.ts';
import type { BrokerVolume } from './broker-uses.ts';
import type { Demand } from './demand.ts';
import { binding, type ResourceUse, type State } from './resources.ts';

export interface Candidate {
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
  readonly normal: readonly ResourceUse[];
  readonly degraded: readonly ResourceUse[];
  /** Why it cannot be; empty: it can. */
  readonly faults: readonly string[];
  /** Figures that were not found and would have been needed. */
  readonly gaps: readonly string[];
  readonly cost: CostPlan;
  /** USD a month of the items that have a price; null when the instances have none. Ranks, never shown as the cost. */
  readonly knownUsd: number | null;
}

/** The most used resource of both stages. */
export function bindingOf(candidate: Candidate): { readonly use: ResourceUse; readonly state: State } | null {
  const normal = binding(candidate.normal);
  const degraded = binding(candidate.degraded);
  if (degraded !== null && (normal === null || degraded.utilisation > normal.utilisation))
    return { use: degraded, state: 'degraded' };
  return normal === null ? null : { use: normal, state: 'normal' };
}

/** 1 - utilisation of the most used resource of both stages. */
export function headroomOf(candidate: Candidate): number {
  return 1 - (bindingOf(candidate)?.use.utilisation ?? 0);
}

/** Each resource above its limit, in words, the worst first. */
export function overloads(normal: readonly ResourceUse[], degraded: readonly ResourceUse[]): readonly string[] {
  const over = (uses: readonly ResourceUse[], when: string): { text: string; utilisation: number; name: string }[] =>
    uses
      .filter(({ utilisation }) => utilisation > 1)
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

/** Numbers of brokers to try: the stated one, or multiples of the zones from the smallest that holds the replicas up to `most`. */
export function brokerCounts(demand: Demand, most: number): readonly number[] {
  if (demand.brokers !== null) return [demand.brokers];
  const replicas = Math.max(1, ...demand.topics.map((topic) => topic.replicas));
  const least = Math.ceil(Math.max(3, replicas, demand.zones) / demand.zones) * demand.zones;
  const counts: number[] = [];
  for (let count = least; count <= most; count += demand.zones) counts.push(count);
  return counts;
}

/** The first count without a fault; otherwise the last one tried, whose faults then tell what more brokers cannot cure. */
export function smallestFitting(counts: readonly number[], build: (brokers: number) => Candidate): Candidate | null {
  let last: Candidate | null = null;
  for (const count of counts) {
    last = build(count);
    if (last.faults.length === 0) return last;
  }
  return last;
}
