/**
 * The load engine behind the driver interface. The interface hands over records, so each is encoded anew; a load that
 * wants the engine's own price fills `PatchedBatch`es and sends them through `EngineProducer` itself.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compressions } from '../../lib/requirements/types.ts';
import { EngineProducer, maxIdempotentInFlight } from '../engine/producer.ts';
import { encodeBatch } from '../engine/record-batch.ts';
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
  return {
    // Queued before anything is awaited: a send must not overtake the one before it.
    send: async (batches) => await Promise.all(batches.map((batch) => sendOne(producer, batch, compression))),
    close: async () => await producer.close(closeMaxMs),
  };
}

function sendOne(
  producer: EngineProducer,
  { topic, partition, records }: PartitionBatch,
  compression: ProducerSettings['compression'],
): Promise<BatchAck> {
  return new Promise((resolve) => {
    producer.send(topic, partition, encodeBatch(records, compression), records.length, (error, baseOffset) => {
      const ack = { topic, partition, baseOffset };
      resolve(error === null ? ack : { ...ack, error: error.message });
    });
  });
}
