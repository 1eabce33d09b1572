/** Demands built by hand for the tests of the capacity model. */
import type { Demand, TopicDemand } from '../../../lib/plan/capacity/demand.ts';
import { defaultPolicy } from '../../../lib/plan/capacity/policy.ts';
import type { SizingInput } from '../../../lib/plan/capacity/sizing.ts';
import { priceTableOf } from '../../../lib/plan/facts/prices/index.ts';

export const megabyte = 1_000_000;
export const mebibyte = 1_048_576;
const dayMs = 86_400_000;

/** `peak` MB/s in, half of it on average, one group, kept a day in three replicas. */
export function topicDemandOf(peakMBps: number, change: Partial<TopicDemand> = {}): TopicDemand {
  const peak = peakMBps * megabyte;
  const replicas = change.replicas ?? 3;
  const stored = (peak / 2) * 86_400 * replicas;
  return {
    name: 'orders',
    replicas,
    partitions: 30,
    compact: false,
    retentionMs: dayMs,
    averageInBytesPerSec: peak / 2,
    peakInBytesPerSec: peak,
    averageOutBytesPerSec: peak / 2,
    peakOutBytesPerSec: peak,
    coldReadBytesPerSec: 0,
    payloadInBytesPerSec: peak,
    payloadOutBytesPerSec: peak,
    retainedBytes: stored,
    onDiskBytes: stored,
    guaranteedBytes: 0,
    producers: 4,
    consumerThreads: 30,
    groups: 1,
    lingerMs: 5,
    peakRecordsPerSec: peak / 1000,
    peakBatchesPerSec: peak / 16_000,
    growthPerMonth: 0,
    segmentsBySize: 9.5,
    segmentsByAge: 10,
    ...change,
  };
}

/** Survives the loss of a zone unless told otherwise. */
export function demandWith(topics: readonly TopicDemand[], change: Partial<Demand> = {}): Demand {
  const zones = change.zones ?? 3;
  return {
    zones,
    brokers: null,
    survivors: (brokers) => brokers - Math.ceil(brokers / zones),
    topics,
    internalBytes: 0,
    bufferBytes: () => 0,
    ...change,
  };
}

export function sizingOf(demand: Demand, change: Partial<SizingInput> = {}): SizingInput {
  return {
    demand,
    region: 'us-east-1',
    prices: priceTableOf('us-east-1'),
    policy: defaultPolicy,
    calibration: null,
    tieredLocalMs: null,
    localDisk: false,
    combinedControllers: false,
    ...change,
  };
}
