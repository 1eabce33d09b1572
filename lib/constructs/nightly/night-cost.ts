/** What one night may cost at most: every bound of the state machine reached. A bound, not an estimate; known before deploy. */

import { priceTableOf } from '../../plan/facts/prices/index.ts';
import type { ClusterPlan } from '../../plan/types.ts';

export interface FargatePrices {
  readonly vcpuHourUsd: number;
  readonly memoryGbHourUsd: number;
}

/**
 * Linux on x86, US East (N. Virginia): list prices of https://aws.amazon.com/fargate/pricing/ as quoted by
 * https://www.vantage.sh/blog/fargate-pricing and others, read 2026-11-21. Of other regions none was found.
 */
const fargatePrices: Readonly<Record<string, FargatePrices>> = {
  'us-east-1': { vcpuHourUsd: 0.04048, memoryGbHourUsd: 0.004445 },
};

export interface NightBounds {
  readonly workers: number;
  readonly vcpu: number;
  readonly memoryGiB: number;
  /** Each job runs at most this long: AWS Batch ends it then. */
  readonly jobSeconds: number;
  readonly loadFactors: readonly number[];
  readonly depletions: number;
}

export function fargatePricesOf(region: string | null): FargatePrices | null {
  return region === null ? null : (fargatePrices[region] ?? null);
}

/**
 * USD of a night with every job at its time limit: containers, and the load's bytes across zones (all of them, though a part
 * stays in its zone). Without what the cluster and the NAT gateway cost anyway, and without storage and logs (cents).
 */
export function worstNightUsd(
  bounds: NightBounds,
  prices: FargatePrices,
  traffic: {
    readonly plan: Pick<ClusterPlan, 'ingressBytesPerSec' | 'egressBytesPerSec'>;
    readonly region: string | null;
  },
): number {
  const { workers, vcpu, memoryGiB, jobSeconds, loadFactors, depletions } = bounds;
  const hourUsd = vcpu * prices.vcpuHourUsd + memoryGiB * prices.memoryGbHourUsd;
  const highest = Math.max(...loadFactors);
  const loads = [...loadFactors, ...Array.from({ length: depletions }, () => highest)];
  // One job more of one container: the clean-up.
  const containerHours = ((loads.length * workers + 1) * jobSeconds) / 3_600;
  const bytesPerSec = traffic.plan.ingressBytesPerSec + traffic.plan.egressBytesPerSec;
  const gb = loads.reduce((sum, factor) => sum + (factor * bytesPerSec * jobSeconds) / 2 ** 30, 0);
  return containerHours * hourUsd + gb * (priceTableOf(traffic.region)?.crossZoneGb ?? 0);
}
