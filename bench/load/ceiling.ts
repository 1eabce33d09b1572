/**
 * How fast this process makes the batches of a topic when nobody takes them: what it would reach at most with the engine on a
 * cluster of no latency, with the machine as busy as it is. A load near it measures the harness.
 */
import type { GeneratorCeiling } from '../../lib/measurement/generator-ceiling.ts';
import type { TopicPlan } from '../../lib/plan/types.ts';
import type { Driver } from '../drivers/driver.ts';
import { BatchEncoder } from '../engine/batch-encoder.ts';
import { sealBatch, unidentified } from '../engine/record-batch.ts';
import { loadZstd } from '../engine/zstd.ts';
import { openLoad } from './open-load.ts';
import type { LoadShape } from './shape.ts';

/** Far above what one process makes: at a rate that it nearly keeps, what it catches up would count on top. */
const askedPerSec = 2_000_000;
const warmUpMs = 150;
const measureMs = 300;

/** Encodes, compresses and seals every batch as the engine does, and acknowledges it at once. */
const discarding: Driver = {
  name: 'discarding',
  version: '1',
  compressions: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
  maxOutstandingSends: () => Number.POSITIVE_INFINITY,
  createProducer: async (_target, { acks, compression }) => {
    if (compression === 'zstd') await loadZstd();
    const encoder = new BatchEncoder(compression);
    return {
      send: async (batches) =>
        batches.map((batch) => {
          const encoded = encoder.encode(batch);
          sealBatch(encoded.bytes, unidentified);
          // On its way for a turn, as with a cluster: memory of one batch alone would never leave the cache.
          if (acks !== '0') setImmediate(() => encoder.reuse(encoded));
          return { topic: batch.topic, partition: batch.partition, baseOffset: null };
        }),
      close: async () => encoder.close(),
    };
  },
  createConsumer: async () => ({ close: async () => {} }),
};

/** Takes about a second. Rejects with the signal's reason. */
export async function measureCeiling(
  topic: TopicPlan,
  {
    seed,
    shape,
    signal,
  }: { readonly seed: number; readonly shape?: LoadShape | undefined; readonly signal: AbortSignal },
): Promise<GeneratorCeiling> {
  const session = await openLoad({
    target: { bootstrap: [], clientId: discarding.name },
    driver: discarding,
    topics: [{ plan: topic, clusterTopic: topic.name, groups: [] }],
    seed,
    ...(shape === undefined ? {} : { shape }),
    onIncident: () => {},
    signal,
  });
  try {
    const { topics, generator } = await session.run({
      ratePerSec: { [topic.name]: askedPerSec },
      measureMs,
      warmUpMinMs: warmUpMs,
      warmUpMaxMs: warmUpMs,
      drainMaxMs: 0,
      stage: 'generator ceiling',
      signal,
      onProgress: () => {},
    });
    return {
      topic: topic.name,
      recordsPerSec: Math.round(topics[0]?.achievedPerSec ?? 0),
      cpuMicrosPerRecord: generator.cpuMicrosPerRecord,
    };
  } finally {
    await session.close();
  }
}
