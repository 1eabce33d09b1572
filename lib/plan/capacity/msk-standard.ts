/** MSK Standard: every broker type, with and without provisioned throughput, and with tiered storage where asked. */

import { mskStandardLimits, mskTieredLimits } from '../facts/msk-limits.ts';
import { type MskStandardBroker, mskStandardBrokers } from '../facts/msk-standard.ts';
import { awsStandardModel } from '../facts/sizing-rules.ts';
import type { BrokerOption } from './broker.ts';
import { brokerUses } from './broker-uses.ts';
import { type Attempt, brokerCounts, type Candidate, noneLeft, smallestFitting } from './candidate.ts';
import { type ClusterLoad, clusterLoads } from './cluster-load.ts';
import { standardCost } from './costs.ts';
import type { Demand, TopicDemand } from './demand.ts';
import { bothStages, type StageUses } from './resources.ts';
import { billOf, type Candidates, type SizingInput } from './sizing.ts';
import { neededGiB, neededMiBps } from './volume.ts';

const figure = (fact: { readonly value: number | null }): number => fact.value ?? Number.NaN;

export function standardCandidates(input: SizingInput): Candidates {
  const tiered = input.tieredLocalMs !== null;
  const local = localDemand(input.demand, input.tieredLocalMs);
  const sizing = { ...input, demand: local };
  const loads = clusterLoads(local);
  const tieredBytes = tiered ? coldBytes(input.demand, input.tieredLocalMs ?? 0) : 0;
  const counts = brokerCounts(input.demand, figure(mskStandardLimits.brokersPerClusterKRaft));
  const candidates = mskStandardBrokers.rows.flatMap((row) =>
    throughputsOf(row).flatMap((provisionable) => {
      const best = smallestFitting(counts, (brokers) =>
        standardAttempt({ row, provisionable, tiered, tieredBytes, load: loads(brokers) }, sizing),
      );
      return best === null || isIdle(best, provisionable) ? [] : [best];
    }),
  );
  return { impossible: tiered ? tieredFaults(input.demand) : [], candidates, excluded: [] };
}

/** Without provisioned throughput, and with it where the type can have it. */
function throughputsOf(row: MskStandardBroker): readonly boolean[] {
  return row.provisionedThroughputMaxMiBps === null ? [false] : [false, true];
}

/** Provisioned throughput that is not above what every volume has would only cost. */
function isIdle({ volume }: Candidate, provisionable: boolean): boolean {
  const included = figure(mskStandardLimits.defaultVolumeThroughputMiBps);
  return provisionable && (volume?.provisionedMiBps ?? 0) <= included;
}

interface Shape {
  readonly row: MskStandardBroker;
  readonly provisionable: boolean;
  readonly tiered: boolean;
  readonly tieredBytes: number;
  readonly load: ClusterLoad;
}

function standardAttempt(shape: Shape, input: SizingInput): Attempt {
  const { row, tiered, tieredBytes, load } = shape;
  const { policy, demand, calibration } = input;
  const gaps = gapsOf(row);
  const volume = volumeOf(shape, input);
  const option: BrokerOption = { broker: brokerOf(row), volume, tiered };
  const usesOf = (of: ClusterLoad): StageUses =>
    bothStages(of, (stage) => (gaps.length > 0 ? [] : brokerUses({ option, load: of, stage, policy, calibration })));
  const provisioned = volume.provisionedMiBps;
  return {
    ...usesOf(load),
    faults: [
      ...(row.production ? [] : [`${row.type} is for tests only: its CPU is burstable`]),
      ...(tiered && !row.tieredStorage ? [`${row.type} has no tiered storage`] : []),
      ...(load.survivors < 1 ? [noneLeft] : []),
      ...gaps,
    ],
    describe: () => ({
      option: `${load.brokers} x ${row.type}${provisioned === null ? '' : `, ${provisioned} MiB/s provisioned`}`,
      instanceType: row.type,
      brokers: load.brokers,
      vcpu: load.brokers * row.vcpu,
      volume,
      gaps: [
        ...gaps,
        ...(tiered && input.prices !== null && input.prices.mskTieredRetrievalGb === null
          ? ['reading back from the tier costs more: its price was not found']
          : []),
      ],
      under: (grown) => usesOf(clusterLoads(localDemand(grown, input.tieredLocalMs))(load.brokers)),
      ...billOf(input, (prices) => standardCost({ type: row.type, volume, tieredBytes }, load, demand.zones, prices)),
    }),
  };
}

function gapsOf(row: MskStandardBroker): readonly string[] {
  return [
    ...(row.networkMbps === null ? [`the network baseline of ${row.type} was not found`] : []),
    ...(row.ebsMiBps === null ? [`the volume throughput of ${row.type} was not found`] : []),
  ];
}

function brokerOf(row: MskStandardBroker): BrokerOption['broker'] {
  return {
    type: row.type,
    vcpu: row.vcpu,
    memoryGiB: row.memoryGiB,
    networkMbps: row.networkMbps ?? Number.NaN,
    networkSource: 'karpenterTypes',
    partitions: row.partitionsRecommended,
    partitionsSource: 'mskBestPractices',
    newConnectionsPerSec: row.iamNewConnectionsPerSec,
    selfManaged: false,
  };
}

function volumeOf({ row, provisionable, tiered, load }: Shape, { policy }: SizingInput): BrokerOption['volume'] {
  const limits = mskStandardLimits;
  const leastGiB = figure(provisionable ? limits.provisionedThroughputMinVolumeGiB : limits.storageMinGiB);
  const linkMiBps = row.ebsMiBps ?? Number.NaN;
  const model = tiered ? awsStandardModel.tieredVolumeBytesPerByteIn : awsStandardModel.volumeBytesPerByteIn;
  const wantedMiBps = neededMiBps(load, policy, figure(model));
  // The API takes whole MiB/s, so a maximum of 312.5 sells 312.
  const provisionedMiBps = provisionable
    ? Math.min(
        Math.floor(row.provisionedThroughputMaxMiBps ?? 0),
        Math.max(figure(limits.provisionedThroughputMinMiBps), Math.ceil(wantedMiBps)),
      )
    : null;
  return {
    kind: 'ebs',
    sizeGiB: Math.min(figure(limits.storageMaxGiB), Math.max(leastGiB, neededGiB(load, policy))),
    throughputMiBps: Math.min(linkMiBps, provisionedMiBps ?? figure(limits.defaultVolumeThroughputMiBps)),
    throughputSource: provisionable ? 'mskProvisionedThroughput' : 'mskSizing',
    provisionedMiBps,
    rebuilt: false,
  };
}

/** Topics that can be tiered keep `localMs` on the brokers; the others stay as they are, as all do without tiering. */
function localDemand(demand: Demand, localMs: number | null): Demand {
  if (localMs === null) return demand;
  const topics = demand.topics.map((topic) => {
    const share = localShare(topic, localMs);
    return {
      ...topic,
      retainedBytes: topic.retainedBytes * share,
      onDiskBytes: topic.onDiskBytes * share,
      // What is older is kept by the tier, whatever becomes of the brokers.
      guaranteedBytes: canTier(topic)
        ? Math.min(topic.guaranteedBytes, (topic.averageInBytesPerSec * localMs) / 1000)
        : topic.guaranteedBytes,
    };
  });
  return { ...demand, topics };
}

/** One copy of what is older than `localMs`. */
function coldBytes(demand: Demand, localMs: number): number {
  return demand.topics.reduce(
    (sum, topic) => sum + (topic.onDiskBytes / topic.replicas) * (1 - localShare(topic, localMs)),
    0,
  );
}

function localShare(topic: TopicDemand, localMs: number): number {
  return canTier(topic) && topic.retentionMs !== null ? Math.min(1, localMs / topic.retentionMs) : 1;
}

function canTier(topic: TopicDemand): boolean {
  return !topic.compact && (topic.retentionMs ?? 0) >= figure(mskTieredLimits.minRetentionMs);
}

function tieredFaults(demand: Demand): readonly string[] {
  if (mskTieredLimits.minRetentionMs.value === null) return ['the least retention of tiered storage was not found'];
  return demand.topics.some(canTier)
    ? []
    : ['tiered storage takes topics with cleanup delete that keep at least 3 days; the use case has none'];
}
