/** Sends through node-rdkafka; every record has a delivery report of its own, and a send settles with the last of them. */
import type { BatchAck, DriverProducer, DriverTarget, PartitionBatch, ProducerSettings } from './driver.ts';
import { connectClient, connectionSettings, disconnectClient, type Rdkafka } from './rdkafka-library.ts';

/** Records come in finished batches: librdkafka waits no longer than it takes to hand one over. */
const lingerMs = 1;
/** Deliveries wait for it; polling in the background, which not every version has, would spare them that. */
const pollIntervalMs = 1;
const mostRecords = 1_000_000;
const mostBatchBytes = 1_000_000;

interface Report {
  readonly offset: number;
  readonly opaque: Delivery;
}

/** A batch on its way. */
class Delivery {
  readonly batch: PartitionBatch;
  readonly #isAcknowledged: boolean;
  readonly #settle: (ack: BatchAck) => void;
  #left: number;
  #first: number | null = null;
  #last = -1;
  #isContiguous = true;
  #error: string | null = null;

  constructor(batch: PartitionBatch, records: number, isAcknowledged: boolean, settle: (ack: BatchAck) => void) {
    this.batch = batch;
    this.#isAcknowledged = isAcknowledged;
    this.#settle = settle;
    this.#left = records;
  }

  report(error: Error | null, offset: number): void {
    if (error !== null) this.#error ??= error.message;
    this.#isContiguous &&= this.#first === null || offset === this.#last + 1;
    this.#first ??= offset;
    this.#last = offset;
    this.#left -= 1;
    if (this.#left > 0) return;
    const { topic, partition } = this.batch;
    // Where librdkafka split the batch, others may have written in between: the offsets of its records are then not told.
    const baseOffset = this.#isAcknowledged && this.#isContiguous && this.#error === null ? this.#first : null;
    this.#settle({ topic, partition, baseOffset, ...(this.#error === null ? {} : { error: this.#error }) });
  }
}

export async function connectRdkafkaProducer(
  { Producer }: Rdkafka,
  target: DriverTarget,
  { acks, idempotent, compression, deliveryTimeoutMs }: ProducerSettings,
): Promise<DriverProducer> {
  const client = new Producer(
    {
      ...connectionSettings(target),
      'enable.idempotence': idempotent,
      'max.in.flight.requests.per.connection': 5,
      'linger.ms': lingerMs,
      'batch.size': mostBatchBytes,
      'batch.num.messages': mostRecords,
      'queue.buffering.max.messages': mostRecords,
      'compression.codec': compression,
      dr_cb: true,
    },
    { acks: acks === 'all' ? -1 : Number(acks), 'message.timeout.ms': deliveryTimeoutMs },
  );
  // Told with every delivery as well; without a listener it would end the process.
  client.on('event.error', () => {});
  client.on('delivery-report', (error: Error | null, { opaque, offset }: Report) =>
    opaque.report(error ?? null, offset),
  );
  await connectClient(client);
  client.setPollInterval(pollIntervalMs);
  return {
    send: async (batches) =>
      await Promise.all(
        batches.map(
          (batch) =>
            new Promise<BatchAck>((resolve) => {
              const { records } = batch;
              const delivery = new Delivery(batch, records.length, acks !== '0', resolve);
              for (const { key, value, timestampMs } of records) {
                try {
                  client.produce(batch.topic, batch.partition, value, key, timestampMs, delivery);
                } catch (error) {
                  delivery.report(error instanceof Error ? error : new Error(String(error)), -1);
                }
              }
            }),
        ),
      ),
    close: async () => await disconnectClient(client),
  };
}
