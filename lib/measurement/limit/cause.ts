/**
 * Where the limit was: what stood at its own limit in the probes nearest to the answer that were not sustained.
 * Asked in the order in which one hides the next: a generator that is late says nothing about the cluster, nor does a machine
 * that is busy with something else, and a broker without CPU replicates late.
 */
import { formatCount, formatDurationMs, formatPercent } from '../../units.ts';
import { resourceNames, seenIn } from './seen.ts';
import type { LimitCause, LimitPlace, LimitProbe } from './types.ts';

/** A resource used beyond this share had no room left for the next rate. */
const fullShare = 0.9;
/** Connections that share a full link leave some of it unused: confined ones carried 89 to 104 % (docs/reference/scale-model.md). */
const fullLinkShare = 0.85;
/** A link that carries more than is stated of it has more for a while, as AWS's instances do, and is not full. */
const burstShare = 1.1;
/** Where brokers and generator share a machine, others that use this share of it decide with them what it takes. */
const othersShare = 0.25;
type KnownPlace = Exclude<LimitPlace, 'unknown'>;

/** What all probes at that rate say together, and those below it. Null: not known. */
interface Step {
  /** How long a record waited for its replicas, on average. */
  readonly waitMs: number | null;
  /** How long an acknowledgement takes while nothing is full. */
  readonly restMs: number | null;
}

type Sign = (probe: LimitProbe, step: Step) => string | null;

/** What a probe says of one place; null: not at its limit, or not to be seen. */
const signs: Readonly<Record<KnownPlace, Sign>> = {
  client: ({ generator }) => (generator.wasTheLimit ? (generator.reason ?? 'the generator was the limit') : null),
  otherWork: (probe) => {
    const use = sharedCores(probe);
    if (use === null || use.busy < fullShare * use.ofCores || use.others < othersShare * use.ofCores) return null;
    return `something else used ${formatCount(use.others)} of the ${formatCount(use.ofCores)} cores that brokers and generator share`;
  },
  brokerCpu: (probe) => {
    const { brokerCpu } = probe.resources;
    const full = brokerCpu?.find(({ cores, ofCores }) => cores >= fullShare * ofCores);
    if (full !== undefined) {
      return `broker ${full.broker} used ${formatCount(full.cores)} of its ${formatCount(full.ofCores)} cores`;
    }
    const use = sharedCores(probe);
    if (use === null || use.busy < fullShare * use.ofCores) return null;
    return `the machine they share was ${formatPercent(use.busy / use.ofCores)} busy: brokers ${formatCount(use.brokers)} cores, generator ${formatCount(use.generator)}`;
  },
  disk: ({ resources: { diskBusy } }) =>
    diskBusy !== null && diskBusy >= fullShare ? `the brokers' busiest disk was ${formatPercent(diskBusy)} busy` : null,
  network: ({ resources: { networkUsed } }) =>
    networkUsed !== null && networkUsed >= fullLinkShare && networkUsed <= burstShare
      ? `${formatPercent(networkUsed)} of a broker's stated bandwidth was used`
      : null,
  /**
   * A full link of the replicas shows as waiting for them. Not held against the latencies of the same probes: above the limit
   * records queue in the client, whatever holds their requests up. Nor against what a request takes beside it: replicas are most
   * of that on an idle cluster, too.
   */
  replication: ({ resources: { underReplicated } }, { waitMs, restMs }) => {
    if (underReplicated !== null && underReplicated > 0) {
      return `${formatCount(underReplicated)} partitions had a replica out of sync`;
    }
    return waitMs !== null && restMs !== null && waitMs >= restMs
      ? `records waited ${formatDurationMs(waitMs)} for their replicas on average, longer than all of an acknowledgement took while nothing was full (${formatDurationMs(restMs)})`
      : null;
  },
};

/**
 * By Little's law: the mean number of waiting records by their rate, over all probes together, since a queue that has only begun to
 * grow in the one is seen in the other.
 */
function waitOf(probes: readonly LimitProbe[]): number | null {
  let recordMs = 0;
  let records = 0;
  for (const { resources, measuredMs, topics } of probes) {
    if (resources.unreplicatedRecords === null) continue;
    recordMs += resources.unreplicatedRecords * measuredMs;
    records += topics.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  }
  return records === 0 ? null : recordMs / records;
}

/** The shortest median of the rates that were sustained, of the slowest topic: at the highest of them it may have begun to rise. */
function restOf(probes: readonly LimitProbe[]): number | null {
  const medians = probes
    .filter(({ sustained }) => sustained)
    .map(({ topics }) => Math.max(...topics.map(({ service }) => service.p50Ms ?? Number.POSITIVE_INFINITY)));
  const shortest = Math.min(...medians);
  return Number.isFinite(shortest) ? shortest : null;
}

/** Cores by who used them, of a machine that brokers and generator share; null where that cannot be seen. */
function sharedCores({ resources: { host, brokerCpu }, generator: { cpuCores: generator } }: LimitProbe) {
  if (host === null || brokerCpu === null) return null;
  const brokers = brokerCpu.reduce((sum, { cores }) => sum + cores, 0);
  const others = Math.max(0, host.busyCores - brokers - generator);
  return { busy: host.busyCores, ofCores: host.ofCores, brokers, generator, others };
}

/**
 * Of the failed probes at the lowest rate that failed, more than half must show the same sign. A rate that was held in the end,
 * against one bad probe, did not fail: what stood still then was not what limits.
 */
export function causeOf(probes: readonly LimitProbe[]): LimitCause {
  const failed = probes.filter(({ sustained, ratePerSec }) => !sustained && hasFailed(probes, ratePerSec));
  const lowest = Math.min(...failed.map(({ ratePerSec }) => ratePerSec));
  const nearest = failed.filter(({ ratePerSec }) => ratePerSec === lowest);
  const burst = burstOf(probes.filter(({ ratePerSec }) => ratePerSec <= lowest));
  if (nearest.length === 0) return { place: null, evidence: burst };
  const step: Step = { waitMs: waitOf(nearest), restMs: restOf(probes) };
  for (const [place, sign] of Object.entries(signs) as [KnownPlace, Sign][]) {
    const seen = nearest.map((probe) => sign(probe, step)).filter((text) => text !== null);
    if (seen.length * 2 <= nearest.length) continue;
    return { place, evidence: [...new Set(seen), ...burst] };
  }
  const ruledOut = seenIn(nearest).filter((resource) => resource !== 'network' || burst.length === 0);
  const names = ['generator', ...ruledOut.map((resource) => resourceNames[resource])];
  return { place: 'unknown', evidence: [`not at their limit: ${names.join(', ')}`, ...burst] };
}

function hasFailed(probes: readonly LimitProbe[], rate: number): boolean {
  const tried = probes.filter(({ ratePerSec }) => ratePerSec === rate);
  return tried.filter(({ sustained }) => sustained).length * 2 <= tried.length;
}

/** Of the probes that carry the answer: a rate that was held on it need not last. */
function burstOf(probes: readonly LimitProbe[]): string[] {
  const most = Math.max(...probes.map(({ resources: { networkUsed } }) => networkUsed ?? 0));
  if (most <= burstShare) return [];
  return [`a broker's network carried ${formatPercent(most)} of its stated bandwidth, which does not last`];
}
