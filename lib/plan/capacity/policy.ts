/** What Headroom chooses where sources leave room: each figure with its reason, each adjustable by the caller. */

/** Share of a resource that may be in use: with every broker, and after the loss named in `survive`. */
export interface Ceiling {
  readonly normal: number;
  readonly degraded: number;
  readonly reason: string;
}

export interface CapacityPolicy {
  readonly network: Ceiling;
  readonly volumeThroughput: Ceiling;
  /** Of the space provisioned. */
  readonly volumeSize: Ceiling;
  /** Space is provisioned so that it is filled to this share at the start. */
  readonly volumeFill: number;
  /** Of one EC2 broker, however large gp3 could be: restarts and rebuilds take as long as the disk is large. */
  readonly largestVolumeGiB: number;
  /** Throughput is bought so that its limit is used to this share at the start. */
  readonly throughputFill: number;
  readonly cpu: Ceiling;
  readonly pageCache: Ceiling;
  readonly partitions: Ceiling;
  readonly connections: Ceiling;
  readonly newConnections: Ceiling;
  readonly mapAreas: Ceiling;
  readonly fileHandles: Ceiling;
  /** Of the sustained rates of Express. */
  readonly expressRates: Ceiling;
  /** Of the quotas of Serverless. */
  readonly serverlessQuotas: Ceiling;
  /** Brokers with local disks are rebuilt from their neighbours within this time. */
  readonly rebuildWithinHours: number;
  /** All clients connect to a broker anew within this time. */
  readonly reconnectWithinSeconds: number;
  /** Beyond it a cluster is chosen only when nothing smaller fits. */
  readonly comfortableBrokers: number;
  /** Fewer brokers win over a lower price within this share of the cheapest. */
  readonly priceTolerance: number;
}

export const defaultPolicy: CapacityPolicy = {
  network: { normal: 0.8, degraded: 0.8, reason: 'AWS alarms at 80 % of a throughput' },
  volumeThroughput: { normal: 0.8, degraded: 0.8, reason: 'AWS alarms at 80 % of the volume throughput' },
  volumeSize: { normal: 0.85, degraded: 0.85, reason: 'AWS alarms at 85 % of the disk' },
  volumeFill: 0.6,
  largestVolumeGiB: 16_384,
  throughputFill: 0.8,
  cpu: { normal: 0.6, degraded: 0.9, reason: 'AWS keeps CPU below 60 % so that the rest carries a lost broker: x 3/2' },
  pageCache: { normal: 1, degraded: 1, reason: 'the rule already has its margin' },
  partitions: { normal: 1, degraded: 1, reason: 'the recommended number, not the enforced one' },
  connections: { normal: 0.8, degraded: 0.8, reason: 'AWS alarms at 80 % of the connections' },
  newConnections: { normal: 1, degraded: 1, reason: 'AWS refuses connections above the quota' },
  mapAreas: { normal: 1, degraded: 1, reason: 'the default can be raised' },
  fileHandles: { normal: 1, degraded: 1, reason: 'a starting point that can be raised' },
  expressRates: { normal: 0.75, degraded: 1, reason: 'AWS sizes Express at 75 % of the sustained rates' },
  serverlessQuotas: { normal: 1, degraded: 1, reason: 'requests above a quota are throttled' },
  rebuildWithinHours: 12,
  // A consumer that is back later loses its place: its session of 45 s, less the 9 s until a broker is given up.
  reconnectWithinSeconds: 30,
  comfortableBrokers: 30,
  priceTolerance: 0.1,
};

/** The choice in words, for the plan; `headroom plan --policy` changes its figures. */
export function choiceRule(policy: CapacityPolicy, priced: boolean): string {
  const tolerance = `${Math.round(policy.priceTolerance * 100)} %`;
  return `${priced ? 'cheapest a month' : 'fewest vCPU (no prices)'} among those with at most ${policy.comfortableBrokers} brokers; within ${tolerance} of it the fewest brokers, then the cheapest, then the most headroom, then the newer generation${priced ? '; a bill with an item that has no price never beats a whole one' : ''}`;
}
