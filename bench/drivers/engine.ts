/** The load engine behind the driver interface. The records of a load are written where they belong in their batch. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compressions } from '../../lib/requirements/types.ts';
import { BatchEncoder } from '../engine/batch-encoder.ts';
import { EngineProducer, maxIdempotentInFlight } from '../engine/producer.ts';
import { loadZstd } from '../engine/zstd.ts';
import { packageRoot } from '../package-root.ts';
import type { BatchAck, Driver, DriverProducer, DriverTarget, PartitionBatch, ProducerSettings } from './driver.ts';
import { createEngineConsumer } from './engine-consumer.ts';
import { patiently } from './patience.ts';

/** How long the end of a run may wait for brokers that are gone. */
const closeMaxMs = 3_000;

export const engineDriver: Driver = {
  name: 'engine',
  version: (createRequire(import.meta.url)(join(packageRoot, 'package.json')) as { version: string }).version,
  compressions,
  // The engine could have five: batches that fill while one send is under way cost the brokers less than five half-empty
  // ones, and every driver here then has the same.
  maxOutstandingSends: ({ idempotent }) => (idempotent ? 1 : Number.POSITIVE_INFINITY),
  createProducer,
  createConsumer: createEngineConsumer,
};

async function createProducer(target: DriverTarget, settings: ProducerSettings): Promise<DriverProducer> {
  const { acks, idempotent, deliveryTimeoutMs, compression } = settings;
  const engine = { acks, idempotent, deliveryTimeoutMs, maxInFlight: maxIdempotentInFlight };
  if (compression === 'zstd') await loadZstd();
  const producer = await patiently(async () => await EngineProducer.open(target, engine, []));
  const encoder = new BatchEncoder(compression);
  const sendOne = (batch: PartitionBatch): Promise<BatchAck> =>
    new Promise((resolve) => {
      const { topic, partition } = batch;
      const encoded = encoder.encode(batch);
      producer.send(topic, partition, encoded.bytes, encoded.records, (error, baseOffset) => {
        // Without an answer of the broker the socket may still have to read it.
        if (error === null && acks !== '0') encoder.reuse(encoded);
        const ack = { topic, partition, baseOffset };
        resolve(error === null ? ack : { ...ack, error: error.message });
      });
    });
  return {
    // Queued before anything is awaited: a send must not overtake the one before it.
    send: async (batches) => await Promise.all(batches.map(sendOne)),
    close: async () => {
      await producer.close(closeMaxMs);
      encoder.close();
    },
  };
}
