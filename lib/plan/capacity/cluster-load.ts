/** The demand laid out on a number of brokers: what replication adds, and what each stage of the cluster carries. */
import { addWork, noWork, workOf } from '../calibration/predict.ts';
import type { Work } from '../calibration/types.ts';
import { kafkaFacts } from '../facts/kafka.ts';
import { type Demand, type Totals, totalsOf } from './demand.ts';

export interface ClusterLoad extends Totals {
  readonly brokers: number;
  /** Brokers left after the loss named in `survive`. */
  readonly survivors: number;
  readonly averageReplicationBytesPerSec: number;
  readonly peakReplicationBytesPerSec: number;
  /** Leaders and followers, those of __consumer_offsets included. */
  readonly partitionReplicas: number;
  /** Of all replicas of all partitions. */
  readonly segments: number;
  /** Peak ingress x replicas / 3: the CPU heuristic is stated for three replicas. */
  readonly cpuIngressBytesPerSec: number;
  /** At peak, as a calibration counts it. */
  readonly work: Work;
  /** The guaranteed records with the copies that the survivors can hold. */
  readonly guaranteedBytes: number;
  /** Of the busiest partition without record overhead, records spread evenly over a topic's partitions. */
  readonly partitionInBytesPerSec: number;
  readonly partitionOutBytesPerSec: number;
}

/** A function that gives the load on N brokers; each N is computed once. */
export function clusterLoads(demand: Demand): (brokers: number) => ClusterLoad {
  const totals = totalsOf(demand);
  const known = new Map<number, ClusterLoad>();
  return (brokers) => {
    const found = known.get(brokers) ?? clusterLoad(demand, totals, brokers);
    known.set(brokers, found);
    return found;
  };
}

function clusterLoad(demand: Demand, totals: Totals, brokers: number): ClusterLoad {
  const survivors = Math.max(0, demand.survivors(brokers));
  const offsetsReplicas = (kafkaFacts.offsetsTopicPartitions.value ?? Number.NaN) * Math.min(3, brokers);
  let averageReplication = 0;
  let peakReplication = 0;
  let partitionReplicas = offsetsReplicas;
  let segments = offsetsReplicas;
  let cpuIngress = 0;
  let work: Work = { ...noWork, broker: brokers };
  let guaranteedBytes = 0;
  let partitionIn = 0;
  let partitionOut = 0;
  for (const topic of demand.topics) {
    const copies = Math.min(topic.replicas, brokers);
    averageReplication += topic.averageInBytesPerSec * (copies - 1);
    peakReplication += topic.peakInBytesPerSec * (copies - 1);
    partitionReplicas += topic.partitions * copies;
    segments += topic.partitions * copies * (Math.ceil(Math.max(topic.segmentsBySize, topic.segmentsByAge)) + 1);
    cpuIngress += (topic.peakInBytesPerSec * copies) / 3;
    work = addWork(
      work,
      workOf({
        producedBytesPerSec: topic.peakInBytesPerSec,
        replicatedBytesPerSec: topic.peakInBytesPerSec * (copies - 1),
        consumedBytesPerSec: topic.peakOutBytesPerSec,
        batchesPerSec: topic.peakBatchesPerSec,
      }),
    );
    guaranteedBytes += topic.guaranteedBytes * Math.min(topic.replicas, survivors);
    partitionIn = Math.max(partitionIn, topic.payloadInBytesPerSec / topic.partitions);
    partitionOut = Math.max(partitionOut, topic.payloadOutBytesPerSec / topic.partitions);
  }
  return {
    ...totals,
    brokers,
    survivors,
    averageReplicationBytesPerSec: averageReplication,
    peakReplicationBytesPerSec: peakReplication,
    partitionReplicas,
    segments,
    cpuIngressBytesPerSec: cpuIngress,
    work,
    guaranteedBytes,
    partitionInBytesPerSec: partitionIn,
    partitionOutBytesPerSec: partitionOut,
  };
}
