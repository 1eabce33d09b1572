/** The work that a measured load was, from what it did to each topic. */
import { batchesOf } from '../disk/batches.ts';
import { batchingOf } from '../disk/topic-disk.ts';
import type { TopicPlan } from '../types.ts';
import { addWork, noWork, workOf } from './predict.ts';
import type { Observation, Work } from './types.ts';

export interface TopicWork {
  readonly plan: TopicPlan;
  readonly recordsPerSec: number;
  /** Null: the client did not tell. */
  readonly recordsPerBatch: number | null;
  /** By all groups together. */
  readonly consumedPerSec: number;
}

export interface MeasuredLoad {
  readonly from: string;
  readonly brokers: number;
  /** Of all brokers; null: not to be seen. */
  readonly cores: number | null;
  readonly topics: readonly TopicWork[];
}

/** Null where a client did not tell how full its batches were, or nothing was produced. */
export function observationOf({ from, brokers, cores, topics }: MeasuredLoad): Observation | null {
  let work: Work = { ...noWork, broker: brokers };
  for (const { plan, recordsPerBatch, recordsPerSec, consumedPerSec } of topics) {
    if (recordsPerBatch === null || recordsPerBatch <= 0) return null;
    const bytes = recordBytes(plan, recordsPerBatch);
    const copies = Math.min(plan.replicationFactor, brokers);
    const traffic = workOf({
      producedBytesPerSec: recordsPerSec * bytes,
      replicatedBytesPerSec: recordsPerSec * bytes * (copies - 1),
      consumedBytesPerSec: consumedPerSec * bytes,
      batchesPerSec: recordsPerSec / recordsPerBatch,
    });
    work = addWork(work, traffic);
  }
  if (work.producedMB <= 0) return null;
  return { from, work, cores, disk: null };
}

/** Bytes a record on the wire and on one disk, in batches of so many. */
export function recordBytes(plan: TopicPlan, recordsPerBatch: number): number {
  const { load, producer, partitions, replicationFactor: replicas } = plan;
  // The target decides segments, not records.
  const batching = batchingOf({ load, producer, partitions, replicas, target: 'existing' });
  return batchesOf(batching, recordsPerBatch).bytesPerRecord;
}
