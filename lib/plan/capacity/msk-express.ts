/** MSK Express: throughput is sold by broker size, storage has no size, replication is fixed. */
import { type MskExpressBroker, mskExpressBrokers } from '../facts/msk-express.ts';
import { mskExpressLimits, mskStandardLimits } from '../facts/msk-limits.ts';
import { type Attempt, brokerCounts, noneLeft, smallestFitting } from './candidate.ts';
import { type ClusterLoad, clusterLoads } from './cluster-load.ts';
import { connectionsUse, newConnectionsUse } from './connections.ts';
import { expressCost } from './costs.ts';
import type { CapacityPolicy } from './policy.ts';
import { bothStages, type ResourceUse, resourceUse, type Stage, type StageUses } from './resources.ts';
import { billOf, type Candidates, type SizingInput } from './sizing.ts';

const megabyte = 1_000_000;
const figure = (fact: { readonly value: number | null }): number => fact.value ?? Number.NaN;
const replicas = figure(mskExpressLimits.replicationFactor);

export function expressCandidates(input: SizingInput): Candidates {
  const { demand } = input;
  const loads = clusterLoads(demand);
  const counts = brokerCounts(demand, figure(mskStandardLimits.brokersPerClusterKRaft));
  return {
    impossible: zoneFaults(demand.zones),
    candidates: mskExpressBrokers.rows.flatMap((row) => {
      const best = smallestFitting(counts, (brokers) => expressAttempt(row, loads(brokers), input));
      return best === null ? [] : [best];
    }),
    excluded: [],
  };
}

function zoneFaults(stated: number): readonly string[] {
  const zones: readonly number[] | null = mskExpressLimits.zones.value;
  if (zones === null) return ['the number of zones that Express spans was not found'];
  return zones.includes(stated) ? [] : [`Express spans ${zones.join(' or ')} zones, not ${stated}`];
}

function expressAttempt(row: MskExpressBroker, load: ClusterLoad, input: SizingInput): Attempt {
  const usesOf = (of: ClusterLoad): StageUses => bothStages(of, (stage) => expressUses(row, of, stage, input.policy));
  return {
    ...usesOf(load),
    faults: load.survivors < 1 ? [noneLeft] : [],
    describe: () => ({
      option: `${load.brokers} x ${row.type}`,
      instanceType: row.type,
      brokers: load.brokers,
      vcpu: load.brokers * row.vcpu,
      volume: null,
      gaps: [],
      under: (demand) => usesOf(clusterLoads(demand)(load.brokers)),
      ...billOf(input, (prices) => expressCost(row.type, load, replicas, input.demand.zones, prices)),
    }),
  };
}

function expressUses(
  row: MskExpressBroker,
  load: ClusterLoad,
  stage: Stage,
  policy: CapacityPolicy,
): readonly ResourceUse[] {
  const rate = { ceiling: policy.expressRates, state: stage.state, unit: 'bytes/s', source: 'mskLimits' as const };
  return [
    resourceUse('ingress', {
      ...rate,
      used: load.peakInBytesPerSec / stage.alive,
      capacity: row.ingressSustainedMBps * megabyte,
      evidence: 'published',
      formula: 'peak ingress / brokers alive, of the sustained rate',
    }),
    resourceUse('egress', {
      ...rate,
      used: load.peakOutBytesPerSec / stage.alive,
      capacity: row.egressSustainedMBps * megabyte,
      evidence: 'published',
      formula: 'egress of groups, catch-up and replay / brokers alive, of the sustained rate',
    }),
    resourceUse('partitionIngress', {
      ...rate,
      ceiling: { normal: 1, degraded: 1, reason: 'a hard limit' },
      used: load.partitionInBytesPerSec,
      capacity: figure(mskExpressLimits.ingressPerPartitionMBps) * megabyte,
      evidence: 'published',
      formula: 'highest of peak x size x ratio / partitions over the topics; keys spread evenly',
    }),
    resourceUse('partitions', {
      used: Math.ceil(load.partitionReplicas / load.brokers),
      capacity: row.partitionsRecommended,
      ceiling: policy.partitions,
      state: stage.state,
      unit: 'partition replicas',
      evidence: 'guidance',
      formula: 'partitions x replicas, with the 50 of __consumer_offsets, / brokers',
      source: 'mskBestPractices',
    }),
    connectionsUse(stage, load, policy),
    newConnectionsUse(load, policy, figure(mskExpressLimits.iamNewConnectionsPerSec)),
  ];
}
