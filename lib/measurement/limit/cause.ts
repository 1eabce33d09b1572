/**
 * Where the limit was: what stood at its own limit in the probes nearest to the answer that were not sustained.
 * Asked in the order in which one hides the next: a generator that is late says nothing about the cluster, nor does a machine
 * that is busy with something else, and a broker without CPU replicates late.
 */
import { formatCount, formatDurationMs, formatPercent } from '../../units.ts';
import type { LimitCause, LimitPlace, LimitProbe } from './types.ts';

/** A resource used beyond this share had no room left for the next rate. */
const fullShare = 0.9;
/** Connections that share a full link leave some of it unused: confined ones carried 89 to 104 % (docs/reference/scale-model.md). */
const fullLinkShare = 0.85;
/** Where brokers and generator share a machine, others that use this share of it decide with them what it takes. */
const othersShare = 0.25;
/**
 * Records that wait for replicas this share of a request's time (p99) or longer are what the requests wait for. Not of the
 * publish p99: above the limit records wait in the client before they are sent, whatever it is that holds the requests up.
 */
const waitingShare = 0.5;

type KnownPlace = Exclude<LimitPlace, 'unknown'>;

/** What a probe says of one place; null: not at its limit, or not to be seen. */
const signs: Readonly<Record<KnownPlace, (probe: LimitProbe) => string | null>> = {
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
    networkUsed !== null && networkUsed >= fullLinkShare
      ? `${formatPercent(networkUsed)} of a broker's network bandwidth was used`
      : null,
  replication: (probe) => {
    const { underReplicated, unreplicatedRecords } = probe.resources;
    if (underReplicated !== null && underReplicated > 0) {
      return `${formatCount(underReplicated)} partitions had a replica out of sync`;
    }
    const p99Ms = Math.max(0, ...probe.topics.map(({ service }) => service.p99Ms ?? 0));
    const acknowledged = probe.topics.reduce((sum, topic) => sum + topic.acknowledged, 0);
    if (!unreplicatedRecords || acknowledged === 0) return null;
    const waitMs = (unreplicatedRecords * probe.measuredMs) / acknowledged;
    return waitMs >= waitingShare * p99Ms
      ? `${formatCount(unreplicatedRecords)} records (${formatDurationMs(waitMs)} of the load) waited for their replicas`
      : null;
  },
};

/** Cores by who used them, of a machine that brokers and generator share; null where that cannot be seen. */
function sharedCores({ resources: { host, brokerCpu }, generator: { cpuCores: generator } }: LimitProbe) {
  if (host === null || brokerCpu === null) return null;
  const brokers = brokerCpu.reduce((sum, { cores }) => sum + cores, 0);
  const others = Math.max(0, host.busyCores - brokers - generator);
  return { busy: host.busyCores, ofCores: host.ofCores, brokers, generator, others };
}

/** Of the failed probes at the lowest rate that failed, more than half must show the same sign. */
export function causeOf(probes: readonly LimitProbe[]): LimitCause {
  const failed = probes.filter(({ sustained }) => !sustained);
  const lowest = Math.min(...failed.map(({ ratePerSec }) => ratePerSec));
  const nearest = failed.filter(({ ratePerSec }) => ratePerSec === lowest);
  if (nearest.length === 0) return { place: null, evidence: [] };
  for (const [place, sign] of Object.entries(signs) as [KnownPlace, (probe: LimitProbe) => string | null][]) {
    const seen = nearest.map(sign).filter((text) => text !== null);
    if (seen.length * 2 > nearest.length) return { place, evidence: [...new Set(seen)] };
  }
  return { place: 'unknown', evidence: unseen(nearest) };
}

/** What was looked at and had room, and what could not be looked at. */
function unseen(probes: readonly LimitProbe[]): string[] {
  const has = (of: (probe: LimitProbe) => unknown): boolean => probes.some((probe) => of(probe) !== null);
  const looks = [
    ["brokers' CPU", has(({ resources }) => resources.brokerCpu)],
    ['disks', has(({ resources }) => resources.diskBusy)],
    ['network', has(({ resources }) => resources.networkUsed)],
    ['replication', has(({ resources }) => resources.underReplicated)],
  ] as const;
  const seen = looks.flatMap(([name, visible]) => (visible ? [name] : []));
  const hidden = looks.flatMap(([name, visible]) => (visible ? [] : [name]));
  return [
    `not at their limit: ${['generator', ...seen].join(', ')}`,
    ...(hidden.length === 0 ? [] : [`not visible from here: ${hidden.join(', ')}`]),
  ];
}
