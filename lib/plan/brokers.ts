/** How many brokers, and how many are left after the loss named in `survive`. */
import type { ClusterRequirement } from '../requirements/types.ts';
import { targetRules } from './targets.ts';
import type { Why } from './types.ts';

/** Fewer brokers than this cannot keep three replicas, the usual choice. */
const usualBrokers = 3;

/** The stated number, or the smallest one that holds the replicas and the zones, whatever the load. */
export function leastBrokers(cluster: ClusterRequirement, replicas: number): { brokers: number; why: Why } {
  const { brokersPerZoneEqual, brokersHidden, source } = targetRules[cluster.target];
  const inputs = { replicas, zones: cluster.zones };
  const why = (value: number, formula: string, from: string): { brokers: number; why: Why } => ({
    brokers: value,
    why: {
      figure: 'brokers',
      value,
      unit: 'brokers',
      formula,
      inputs: { ...inputs, stated: cluster.brokers ?? 'not stated' },
      source: from,
    },
  });
  if (brokersHidden) return why(usualBrokers, `${cluster.target} hides its brokers; one for each replica`, source);
  if (cluster.brokers !== null) return why(cluster.brokers, 'as stated', 'use case file');
  const least = Math.max(usualBrokers, replicas, cluster.zones);
  return brokersPerZoneEqual
    ? why(
        Math.ceil(least / cluster.zones) * cluster.zones,
        `max(${usualBrokers}, replicas, zones), rounded up to a multiple of the zones`,
        source,
      )
    : why(least, `max(${usualBrokers}, replicas, zones)`, source);
}

/** What the loss named in `survive` takes: a zone takes its share of the brokers, rounded up. */
export function remaining(
  cluster: ClusterRequirement,
  brokers: number,
): { readonly brokers: number; readonly zones: number } {
  if (cluster.survive === 'none') return { brokers, zones: cluster.zones };
  if (cluster.survive === 'broker') return { brokers: brokers - 1, zones: cluster.zones };
  return { brokers: brokers - Math.ceil(brokers / cluster.zones), zones: cluster.zones - 1 };
}

/** Copies of a partition that the loss takes at most, when replicas are spread over the zones as evenly as they can be. */
export function replicasLost(cluster: ClusterRequirement, replicas: number): number {
  if (cluster.survive === 'none') return 0;
  return cluster.survive === 'broker' ? 1 : Math.ceil(replicas / cluster.zones);
}
