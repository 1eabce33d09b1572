/**
 * kafkajs behind the driver interface. Its traps, each read in its source and held here:
 * - send() resolves although a partition was never written, when a connection drops in mid-send: acknowledgements are reported
 *   per partition exactly as the brokers gave them, so that the ledger sees what is missing;
 * - idempotent sends that overlap on a partition share sequence numbers, which loses one of them: one send at a time;
 * - it has gzip alone and takes the other codecs from outside: they are the engine's;
 * - after an idempotent send without an outcome its sequence numbers are used again: the producer is replaced.
 */
import { createRequire } from 'node:module';
import kafkajs, { CompressionTypes, Kafka, logLevel, type Message, type Producer, type RecordMetadata } from 'kafkajs';
import { compressions } from '../../lib/requirements/types.ts';
import { codecOf, compress, decompress } from '../engine/codecs.ts';
import { loadZstd } from '../engine/zstd.ts';
import { kafkajsSecurity } from '../security/connection-options.ts';
import { acksValues, handedOver } from './acks.ts';
import { createDeadlineProducer } from './deadline.ts';
import type { BatchAck, Driver, DriverTarget, PartitionBatch, ProducerSettings } from './driver.ts';
import { createKafkajsConsumer } from './kafkajs-consumer.ts';
import { patiently } from './patience.ts';

export const kafkajsDriver: Driver = {
  name: 'kafkajs',
  version: (createRequire(import.meta.url)('kafkajs/package.json') as { version: string }).version,
  compressions,
  maxOutstandingSends: ({ idempotent }) => (idempotent ? 1 : Number.POSITIVE_INFINITY),
  createProducer: async (target, settings) =>
    await createDeadlineProducer(settings, async () => await patiently(async () => await connect(target, settings))),
  createConsumer: async (target, settings, onRecords, onError) =>
    await patiently(async () => await createKafkajsConsumer(kafkaOf(target), settings, onRecords, onError)),
};

for (const codec of [CompressionTypes.Snappy, CompressionTypes.LZ4, CompressionTypes.ZSTD] as const) {
  const ready = async () => {
    if (codec === CompressionTypes.ZSTD) await loadZstd();
  };
  kafkajs.CompressionCodecs[codec] = () => ({
    compress: async ({ buffer }: { readonly buffer: Buffer }) => {
      await ready();
      return compress(codec, buffer);
    },
    decompress: async (bytes: Buffer) => {
      await ready();
      return decompress(codec, bytes);
    },
  });
}

/** Never logs: a run's own console stays readable, and what matters arrives as a rejection or a crash event. */
function kafkaOf(target: DriverTarget, requestTimeoutMs = 30_000): Kafka {
  return new Kafka({
    ...kafkajsSecurity(target),
    clientId: target.clientId,
    brokers: [...target.bootstrap],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3_000,
    requestTimeout: requestTimeoutMs,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 10 },
  });
}

async function connect(target: DriverTarget, settings: ProducerSettings) {
  const { acks, idempotent, compression, deliveryTimeoutMs } = settings;
  const producer: Producer = kafkaOf(target, deliveryTimeoutMs).producer({
    idempotent,
    // Metadata is looked up again after each failure; the deadline ends the attempts.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: Number.MAX_SAFE_INTEGER },
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  return {
    send: async (batches: readonly PartitionBatch[]): Promise<readonly BatchAck[]> => {
      const metadata = await producer.sendBatch({
        acks: acksValues[acks],
        timeout: deliveryTimeoutMs,
        compression: codecOf(compression),
        topicMessages: batches.map(({ topic, partition, records }) => ({
          topic,
          messages: records.map(
            ({ key, value, timestampMs }): Message => ({ key, value, partition, timestamp: String(timestampMs) }),
          ),
        })),
      });
      return acks === '0' ? handedOver(batches) : metadata.map(ackOf);
    },
    close: async () => await producer.disconnect(),
  };
}

function ackOf({ topicName, partition, baseOffset, errorCode }: RecordMetadata): BatchAck {
  const ack = { topic: topicName, partition, baseOffset: baseOffset === undefined ? null : Number(baseOffset) };
  return errorCode === 0 ? ack : { ...ack, error: `broker error ${errorCode}` };
}
