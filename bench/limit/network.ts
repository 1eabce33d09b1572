/** What a load takes of a bandwidth that its brokers are known to have, where no counter of theirs can be read. */
import type { TopicMeasurement } from '../../lib/measurement/types.ts';
import { bytesPerMegabit } from '../../lib/plan/capacity/broker.ts';
import { batchesOf } from '../../lib/plan/disk/batches.ts';
import { mskStandardBrokers } from '../../lib/plan/facts/msk-standard.ts';
import type { Plan, TopicLoad } from '../../lib/plan/types.ts';
import type { MskCluster } from '../aws/msk-cluster.ts';

/** Of each broker, in each direction. */
export interface StatedNetwork {
  readonly brokers: number;
  readonly bytesPerSec: number;
}

/** By the type of instance that AWS says the brokers are, never the one planned; null: AWS was not asked, or states none. */
export function statedNetwork(msk: MskCluster | null): StatedNetwork | null {
  const { brokers = null, instanceType = null } = msk?.provisioned ?? {};
  const networkMbps = mskStandardBrokers.rows.find(({ type }) => type === instanceType)?.networkMbps ?? null;
  return brokers === null || networkMbps === null ? null : { brokers, bytesPerSec: networkMbps * bytesPerMegabit };
}

/**
 * Share that the batches take, to each replica and to each group as fast as it read, evenly over the brokers: a little too low, as
 * what stands around batches comes on top, and whatever others send.
 */
export function networkShare(
  stated: StatedNetwork,
  { topics }: Plan,
  measured: { readonly measuredMs: number; readonly topics: readonly TopicMeasurement[] },
): number {
  let inPerSec = 0;
  let outPerSec = 0;
  for (const { topic, achievedPerSec, recordsPerBatch, groups } of measured.topics) {
    const plan = topics.find(({ name }) => name === topic);
    if (plan === undefined) continue;
    const recordBytes = bytesInBatch(plan.load, Math.max(1, recordsPerBatch ?? 1));
    const readPerSec = groups.reduce((sum, { received }) => sum + (received * 1_000) / measured.measuredMs, 0);
    inPerSec += achievedPerSec * plan.replicationFactor * recordBytes;
    outPerSec += (achievedPerSec * (plan.replicationFactor - 1) + readPerSec) * recordBytes;
  }
  return Math.max(inPerSec, outPerSec) / stated.brokers / stated.bytesPerSec;
}

function bytesInBatch({ keyBytes, messageSizeBytes, compressionRatio }: TopicLoad, records: number): number {
  const shape = { keyBytes, valueBytes: messageSizeBytes - keyBytes, headersBytes: 0 };
  return batchesOf({ ...shape, lingerMs: 0, compressionRatio }, records).bytesPerRecord;
}
