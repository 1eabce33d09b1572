/** What takes time when a broker is lost or comes back: by the room that the chosen brokers have left at peak. */
import { kafkaFacts } from '../facts/kafka.ts';
import { mskDefaultSettings, mskStandardLimits } from '../facts/msk-limits.ts';
import { replicaFetchers } from '../facts/msk-standard.ts';
import { cite, type SourceKey } from '../facts/sources.ts';
import type { RecoveryPlan, Why } from '../types.ts';
import type { BrokerVolume } from './broker.ts';
import type { Candidate } from './candidate.ts';
import { clusterLoads } from './cluster-load.ts';
import type { Demand } from './demand.ts';
import type { CapacityPolicy } from './policy.ts';
import type { Resource, ResourceUse } from './resources.ts';

export interface Recovery {
  readonly plan: RecoveryPlan;
  readonly why: readonly Why[];
}

/** Nothing is promised without a choice, where a figure is missing, or where no room is left. */
export function planRecovery(chosen: Candidate | null, demand: Demand, policy: CapacityPolicy): Recovery {
  if (chosen === null) return { plan: {}, why: [] };
  const why = [...brokerTimes(chosen), ...followerFetch(chosen, demand), ...reconnect(chosen, policy)].filter(
    ({ value }) => Number.isFinite(value),
  );
  const times = Object.fromEntries(why.map(({ figure, value }) => [figure.replace('recovery.', ''), value]));
  return { plan: { ...times, ...('catchUpMs' in times ? { awayMs } : {}) }, why };
}

const awayMs = (mskStandardLimits.brokerRestartMinutes.value?.[1] ?? Number.NaN) * 60_000;
const cacheSeconds = kafkaFacts.pageCacheSeconds.value ?? Number.NaN;
const room = 'spare = least of what network and disk have left, of the one broker and of those that it copies from';

const useOf = ({ normal }: Candidate, resource: Resource): ResourceUse | undefined =>
  normal.find((use) => use.resource === resource);

function time(
  figure: keyof RecoveryPlan,
  ms: number,
  { formula, inputs, source }: { formula: string; inputs: Readonly<Record<string, number>>; source: SourceKey },
): Why {
  const whole = Object.entries(inputs).map(([name, value]) => [name, Math.round(value)] as const);
  return {
    figure: `recovery.${figure}`,
    value: ms,
    unit: 'ms',
    formula,
    inputs: Object.fromEntries(whole),
    source: cite(source),
  };
}

/** None where the target hides its brokers. */
function brokerTimes(chosen: Candidate): readonly Why[] {
  const [networkIn, pageCache, volumeSize] = (['networkIn', 'pageCache', 'volumeSize'] as const).map((resource) =>
    useOf(chosen, resource),
  );
  if (networkIn === undefined || pageCache === undefined || volumeSize === undefined) return [];
  const writtenPerSec = networkIn.used;
  const spare = spareBytesPerSec(chosen);
  return [
    time('cachedMs', Math.floor((pageCache.capacity / pageCache.used) * cacheSeconds * 1000), {
      formula: 'memory less the heap / bytes written a second',
      inputs: { bytes: pageCache.capacity, writtenPerSec },
      source: 'apacheKafka',
    }),
    time('catchUpMs', Math.ceil((awayMs * writtenPerSec) / spare), {
      formula: `written while it was away / spare; ${room}`,
      inputs: { awayMs, writtenPerSec, spare },
      source: 'headroom',
    }),
    time('rebuildMs', Math.ceil((volumeSize.used / spare) * 1000), {
      formula: `stored on one broker / spare; ${room}`,
      inputs: { stored: volumeSize.used, spare },
      source: 'headroom',
    }),
  ];
}

/**
 * What one broker can be sent beside the traffic of the peak. While it is not there, or not in sync, the others carry its
 * part of the clients' traffic, too: N of N - 1.
 */
function spareBytesPerSec(chosen: Candidate): number {
  const brokers = chosen.brokers ?? 0;
  const uses = (...resources: Resource[]): readonly ResourceUse[] =>
    resources.map((resource) => useOf(chosen, resource)).filter((use) => use !== undefined);
  return Math.max(
    0,
    Math.min(
      ...uses('networkIn', 'volumeThroughput').map(({ limit, used }) => limit - used),
      ...uses('networkOut', 'volumeThroughput').map(({ limit, used }) => (brokers - 1) * limit - brokers * used),
    ),
  );
}

/** Longest fetch at which a follower's threads for one leader still bring what that leader gets. */
function followerFetch(chosen: Candidate, demand: Demand): readonly Why[] {
  if (chosen.volume === null || chosen.brokers === null) return [];
  const { peakReplicationBytesPerSec, survivors, brokers } = clusterLoads(demand)(chosen.brokers);
  const alive = survivors > 1 ? survivors : brokers;
  const copiedPerSec = peakReplicationBytesPerSec / (alive * (alive - 1));
  const fetchers = fetchersOf(chosen.volume, chosen.instanceType ?? '');
  const bytes = (kafkaFacts.replicaFetchMaxBytes.value ?? Number.NaN) * fetchers;
  return [
    time('followerFetchMs', Math.floor((bytes / copiedPerSec) * 1000), {
      formula:
        'replica.fetch.max.bytes x num.replica.fetchers / bytes a second that a broker copies from another after the loss',
      inputs: { fetchers, copiedPerSec },
      source: 'apacheKafka',
    }),
  ];
}

/** As our stacks set it: MSK's or Kafka's own default, more with bought throughput. */
function fetchersOf({ kind, provisionedMiBps }: BrokerVolume, instanceType: string): number {
  if (kind !== 'ebs') return kafkaFacts.numReplicaFetchers.value ?? Number.NaN;
  if (provisionedMiBps !== null) return replicaFetchers(instanceType);
  return mskDefaultSettings['num.replica.fetchers'].value ?? Number.NaN;
}

function reconnect(chosen: Candidate, { reconnectWithinSeconds }: CapacityPolicy): readonly Why[] {
  const use = useOf(chosen, 'newConnections');
  if (use === undefined) return [];
  const connections = use.used * reconnectWithinSeconds;
  return [
    time('reconnectMs', Math.ceil((connections / use.capacity) * 1000), {
      formula: 'connections of a broker / new connections a second',
      inputs: { connections, perSec: use.capacity },
      source: use.source,
    }),
  ];
}
