/** What AWS's own sums give for the chosen type, beside the plan: nobody should have to look them up to compare. */

import { mskStandardLimits } from '../facts/msk-limits.ts';
import { mskStandardBrokers } from '../facts/msk-standard.ts';
import { cite } from '../facts/sources.ts';
import type { Why } from '../types.ts';
import { awsBrokers, awsSafeIngressMiBps, awsStorageGiB, clusterThroughput } from './aws-model.ts';
import { mebibyte } from './broker.ts';
import type { Candidate } from './candidate.ts';
import { clusterLoads } from './cluster-load.ts';
import type { Demand } from './demand.ts';

const hourMs = 3_600_000;
/** AWS's article takes 0.8 of each limit for production. */
const productionShare = 0.8;

/** Brokers and space by AWS's script, throughput by its right-sizing equation; nothing for types that are not MSK Standard. */
export function awsComparison(demand: Demand, chosen: Candidate): readonly Why[] {
  const row = mskStandardBrokers.rows.find(({ type }) => type === chosen.instanceType);
  const { brokers } = chosen;
  if (row === undefined || brokers === null || row.networkMiBps === null || row.ebsMiBps === null) return [];
  const load = clusterLoads(demand)(brokers);
  const peakMiBps = load.peakInBytesPerSec / mebibyte;
  const fanout = load.peakInBytesPerSec === 0 ? 0 : load.peakOutBytesPerSec / load.peakInBytesPerSec;
  const safeMiBps = awsSafeIngressMiBps({
    volumeMiBps: row.ebsMiBps,
    networkMiBps: row.networkMiBps,
    fanout,
    tiered: false,
  });
  const storageGiB = demand.topics.reduce((sum, topic) => {
    const hours = topic.compact ? 0 : (topic.retentionMs ?? 0) / hourMs;
    return sum + awsStorageGiB(topic.averageInBytesPerSec / mebibyte, hours, topic.replicas);
  }, 0);
  const mostGiB = mskStandardLimits.storageMaxGiB.value ?? Number.NaN;
  const bounds = {
    ingress: awsBrokers(peakMiBps, safeMiBps, demand.zones),
    partitions: awsBrokers(load.partitionReplicas, row.partitionsRecommended, demand.zones),
    storage: awsBrokers(storageGiB, mostGiB, demand.zones),
  };
  const replicas = 1 + load.peakReplicationBytesPerSec / Math.max(1, load.peakInBytesPerSec);
  const most = clusterThroughput({
    brokers,
    replicas,
    groups: fanout,
    storage: chosen.volume?.throughputMiBps ?? Number.NaN,
    volumeLink: row.ebsMiBps,
    network: row.networkMiBps,
  });
  const whys: readonly Why[] = [
    {
      figure: "AWS's script: brokers",
      value: Math.max(...Object.values(bounds)),
      unit: `brokers ${row.type}, ${Math.ceil(storageGiB)} GiB over all`,
      formula: 'highest of ceil(demand / capacity) in ingress, partitions and storage, in multiples of the zones',
      inputs: { ...bounds, peakMiBps, safeMiBps },
      source: cite('mskSizing'),
    },
    {
      figure: "AWS's right-sizing equation: throughput",
      value: most.limit * productionShare,
      unit: `MiB/s for the cluster, ${most.binds} binds`,
      formula: `min(storage x N / r, volume link x N / r, network x N / (groups + r - 1)) x ${productionShare}`,
      inputs: { brokers, replicas, groups: fanout, peakMiBps },
      source: 'AWS Big Data blog, best practices for right-sizing Apache Kafka clusters, 2022-03-17',
    },
  ];
  return whys.map(stated);
}

function stated(why: Why): Why {
  if (!Number.isNaN(why.value)) return why;
  const inputs = Object.fromEntries(Object.entries(why.inputs).filter(([, value]) => !Number.isNaN(value)));
  return { ...why, value: 'a figure it needs was not found', inputs };
}
