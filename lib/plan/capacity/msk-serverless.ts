/** MSK Serverless: no brokers to choose, a quota for the whole cluster and for each partition. */
import { mskServerlessLimits as limits } from '../facts/msk-limits.ts';
import { candidateOf } from './candidate.ts';
import { type ClusterLoad, clusterLoads } from './cluster-load.ts';
import { clientConnections, newConnectionsUse } from './connections.ts';
import { serverlessCost } from './costs.ts';
import type { Demand } from './demand.ts';
import { type Resource, type ResourceUse, resourceUse, type StageUses } from './resources.ts';
import { billOf, type Candidates, type SizingInput } from './sizing.ts';

const megabyte = 1_000_000;
const gigabyte = 1_000_000_000;
/** Hidden, as is their number; three copies are kept. */
const assumedBrokers = 3;
const replicas = 3;

export function serverlessCandidates(input: SizingInput): Candidates {
  const load = clusterLoads(input.demand)(assumedBrokers);
  // AWS keeps the quotas when a zone is lost, so both stages are alike.
  const under = (demand: Demand): StageUses => {
    const uses = serverlessUses({ ...input, demand }, clusterLoads(demand)(assumedBrokers));
    return { normal: uses, degraded: uses };
  };
  const candidate = candidateOf({
    ...under(input.demand),
    faults: [],
    describe: () => ({
      option: 'one cluster',
      instanceType: null,
      brokers: null,
      vcpu: 0,
      volume: null,
      gaps: [],
      under,
      ...billOf(input, (prices) => serverlessCost(load, replicas, prices)),
    }),
  });
  return { impossible: [], candidates: [candidate], excluded: [] };
}

function serverlessUses({ demand, policy }: SizingInput, load: ClusterLoad): readonly ResourceUse[] {
  const quota = (
    resource: Resource,
    used: number,
    capacity: number,
    unit: string,
    formula: string,
    evidence: ResourceUse['evidence'] = 'published',
  ): ResourceUse =>
    resourceUse(resource, {
      used,
      capacity,
      ceiling: policy.serverlessQuotas,
      state: 'normal',
      unit,
      evidence,
      formula,
      source: 'mskLimits',
    });
  const figure = (fact: { readonly value: number | null }, factor = 1): number => (fact.value ?? Number.NaN) * factor;
  return [
    quota('ingress', load.peakInBytesPerSec, figure(limits.ingressMBps, megabyte), 'bytes/s', 'peak ingress'),
    quota(
      'egress',
      load.peakOutBytesPerSec,
      figure(limits.egressMBps, megabyte),
      'bytes/s',
      'egress of groups, catch-up and replay',
    ),
    quota('partitions', load.partitions, figure(limits.partitions), 'partitions', 'leaders of topics not compacted'),
    quota(
      'compactedPartitions',
      load.compactedPartitions,
      figure(limits.compactedPartitions),
      'partitions',
      'leaders of compacted topics',
    ),
    quota(
      'partitionIngress',
      load.partitionInBytesPerSec,
      figure(limits.ingressPerPartitionMBps, megabyte),
      'bytes/s',
      'highest of peak x size x ratio / partitions over the topics; keys spread evenly',
    ),
    quota(
      'partitionEgress',
      load.partitionOutBytesPerSec,
      figure(limits.egressPerPartitionMBps, megabyte),
      'bytes/s',
      'highest of that x readers / partitions over the topics',
    ),
    quota(
      'compactedPartitionSize',
      largestCompactedPartition(demand),
      figure(limits.compactedPartitionGB, gigabyte),
      'bytes',
      'one copy of a compacted topic / partitions',
    ),
    quota(
      'connections',
      clientConnections(load),
      figure(limits.connections),
      'connections',
      'producers + 2 x consumer threads',
    ),
    newConnectionsUse(load, policy, figure(limits.newConnectionsPerSec)),
    quota('consumerGroups', load.groups, figure(limits.consumerGroups), 'groups', 'groups of all topics'),
    quota(
      'requests',
      produceRequestsPerSec(demand),
      figure(limits.requestsPerSec),
      'requests/s',
      `at most one produce request a producer, broker (${assumedBrokers} assumed) and linger time; fetches not counted`,
      'heuristic',
    ),
  ];
}

function largestCompactedPartition({ topics }: Demand): number {
  return Math.max(
    0,
    ...topics.filter(({ compact }) => compact).map((topic) => topic.onDiskBytes / topic.replicas / topic.partitions),
  );
}

function produceRequestsPerSec({ topics }: Demand): number {
  return topics.reduce((sum, topic) => {
    const windows = (topic.producers * assumedBrokers * 1000) / Math.max(1, topic.lingerMs);
    return sum + Math.min(topic.peakRecordsPerSec, windows);
  }, 0);
}
