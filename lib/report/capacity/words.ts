/** Words of the plan as somebody reads them who knows neither Kafka's settings nor this program. */
import type { Resource } from '../../plan/capacity/resources.ts';
import type { ClusterPlan, Plan } from '../../plan/types.ts';
import { formatBytes, formatCount } from '../../units.ts';

const names: Readonly<Record<Resource, string>> = {
  safeIngress: "AWS's safe ingress",
  ingress: 'data in',
  egress: 'data out',
  networkIn: 'network in',
  networkOut: 'network out',
  volumeThroughput: 'disk throughput',
  volumeSize: 'disk space',
  cpu: 'CPU',
  pageCache: 'memory for recent data',
  partitions: 'partitions',
  compactedPartitions: 'compacted partitions',
  connections: 'connections',
  newConnections: 'new connections',
  mapAreas: 'memory maps',
  fileHandles: 'open files',
  partitionIngress: 'data into one partition',
  partitionEgress: 'data out of one partition',
  compactedPartitionSize: 'size of a compacted partition',
  consumerGroups: 'consumer groups',
  requests: 'requests',
};

/** The plan's own word where there is no better one. */
export function resourceName(resource: string): string {
  return Object.hasOwn(names, resource) ? names[resource as Resource] : resource;
}

/** A limit of the plan with the resource it begins with in plain words. */
export function limitText(limit: string): string {
  return limit.replace(/^\w+/, resourceName);
}

export function lossName(survive: ClusterPlan['survive']): string {
  return survive === 'none' ? 'no loss' : `the loss of a ${survive}`;
}

/** `2 topics, 1,000 messages and 200 KB a second at peak`. */
export function loadText({ topics, cluster }: Plan): string {
  const peak = topics.reduce((sum, { load }) => sum + load.peakPerSec, 0);
  return `${topics.length} ${topics.length === 1 ? 'topic' : 'topics'}, ${formatCount(peak)} messages and ${formatBytes(cluster.ingressBytesPerSec)} a second at peak`;
}

/** `month 7`, `today`. */
export function monthText(month: number): string {
  return month === 0 ? 'today' : `month ${month}`;
}

/** Whole dollars. */
export function usdText(usd: number | null): string {
  return usd === null ? 'not known' : `${formatCount(Math.round(usd))} USD`;
}

/** What became of an input, as `peak=x2` says it: `x 2`. */
export function changeText(change: string): string {
  return change.replace(/^\w+=/, '').replace(/^([x+])/, '$1 ');
}

const namesShown = 3;
const charactersShown = 50;

/** `a, b, c and 9 more`: a hundred names that share something are not a hundred lines, and long ones are fewer. */
export function listed(names: readonly string[]): string {
  const fitting = names
    .slice(0, namesShown)
    .filter((_, index) => index === 0 || names.slice(0, index + 1).join(', ').length <= charactersShown);
  const left = names.length - fitting.length;
  return `${fitting.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
