/**
 * A thin producer on the protocol layer of @platformatic/kafka: its connections, metadata and responses, our own record batches.
 * One request a leader and send. A batch keeps its bytes, and with them its sequence numbers, over all attempts, so a broker
 * recognises what it has already; one send at a time when idempotent (deadline.ts) keeps them in order.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Base, type Broker, NetworkError, ProtocolError, ResponseError } from '@platformatic/kafka';
import { platformaticSecurity } from '../security/connection-options.ts';
import { acksValues, failedAck, handedOver, isFinal } from './acks.ts';
import type { BatchAck, DriverProducer, DriverTarget, PartitionBatch, ProducerSettings } from './driver.ts';
import { connectionTo, type Encoded, initProducer, type ProduceResponse, produce } from './produce-request.ts';
import { type BatchProducer, encodeRecordBatch } from './record-batch.ts';

/** As the Java client: retry.backoff.ms 100, metadata.max.age.ms 5 min. */
const retryDelayMs = 100;
const metadataMaxAgeMs = 300_000;
const withoutId: BatchProducer = { id: -1n, epoch: -1 };

/** What one attempt came to: acknowledged or failed for good, and what is worth another attempt. */
interface Attempt {
  readonly settled: readonly BatchAck[];
  readonly open: readonly Encoded[];
  readonly error: unknown;
}

export async function connectDirectProducer(target: DriverTarget, settings: ProducerSettings): Promise<DriverProducer> {
  const client = new Base({
    ...platformaticSecurity(target),
    clientId: target.clientId,
    bootstrapBrokers: [...target.bootstrap],
    retries: false,
    connectTimeout: 3_000,
    requestTimeout: settings.deliveryTimeoutMs,
    metadataMaxAge: metadataMaxAgeMs,
    autocreateTopics: false,
    // Without acknowledgements only a full socket can hold the load back.
    handleBackPressure: settings.acks === '0',
  });
  try {
    await client.connectToBrokers();
    const producer = settings.idempotent ? await initProducer(client) : withoutId;
    return new DirectProducer(client, settings, producer);
  } catch (error) {
    await client.close();
    throw error;
  }
}

class DirectProducer implements DriverProducer {
  readonly #client: Base;
  readonly #settings: ProducerSettings;
  readonly #producer: BatchProducer;
  /** Next sequence number by topic and partition. */
  readonly #sequences = new Map<string, number>();

  constructor(client: Base, settings: ProducerSettings, producer: BatchProducer) {
    this.#client = client;
    this.#settings = settings;
    this.#producer = producer;
  }

  async send(batches: readonly PartitionBatch[]): Promise<readonly BatchAck[]> {
    const untilMs = performance.now() + this.#settings.deliveryTimeoutMs;
    const acks: BatchAck[] = [];
    let open: readonly Encoded[] = batches.map((batch) => this.#encode(batch));
    while (true) {
      const attempt = await this.#attempt(open);
      acks.push(...attempt.settled);
      open = attempt.open;
      if (open.length === 0) return acks;
      if (performance.now() + retryDelayMs >= untilMs) {
        return [...acks, ...open.map((batch) => failedAck(batch, attempt.error))];
      }
      this.#client.clearMetadata();
      await sleep(retryDelayMs);
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #encode({ topic, partition, records }: PartitionBatch): Encoded {
    const key = `${topic}/${partition}`;
    const sequence = this.#settings.idempotent ? (this.#sequences.get(key) ?? 0) : -1;
    // Sequence numbers are 31 bits wide and begin again at 0.
    if (sequence >= 0) this.#sequences.set(key, (sequence + records.length) % 2 ** 31);
    return {
      topic,
      partition,
      bytes: encodeRecordBatch(records, this.#settings.compression, this.#producer, sequence),
    };
  }

  async #attempt(batches: readonly Encoded[]): Promise<Attempt> {
    let byLeader: ReadonlyMap<Broker, readonly Encoded[]>;
    try {
      byLeader = await this.#groupByLeader(batches);
    } catch (error) {
      return unanswered(batches, error);
    }
    const attempts = await Promise.all(
      [...byLeader].map(async ([broker, group]) => await this.#request(broker, group)),
    );
    return {
      settled: attempts.flatMap(({ settled }) => settled),
      open: attempts.flatMap(({ open }) => open),
      error: attempts.find(({ error }) => error !== null)?.error ?? null,
    };
  }

  async #groupByLeader(batches: readonly Encoded[]): Promise<ReadonlyMap<Broker, readonly Encoded[]>> {
    const { brokers, topics } = await this.#client.metadata({
      topics: [...new Set(batches.map(({ topic }) => topic))],
    });
    const groups = new Map<Broker, Encoded[]>();
    for (const batch of batches) {
      const leader = brokers.get(topics.get(batch.topic)?.partitions[batch.partition]?.leader ?? -1);
      if (leader === undefined) throw new NetworkError(`partition ${batch.partition} of ${batch.topic} has no leader`);
      const group = groups.get(leader);
      if (group === undefined) groups.set(leader, [batch]);
      else group.push(batch);
    }
    return groups;
  }

  async #request(broker: Broker, batches: readonly Encoded[]): Promise<Attempt> {
    const { acks, deliveryTimeoutMs } = this.#settings;
    try {
      const connection = await connectionTo(this.#client, broker);
      const response = await produce.async(connection, acksValues[acks], deliveryTimeoutMs, batches);
      if (typeof response === 'boolean') return { settled: handedOver(batches), open: [], error: null };
      return answered(batches, response);
    } catch (error) {
      // Some partitions of a response may be refused while others were written.
      return error instanceof ResponseError ? answered(batches, responseOf(error)) : unanswered(batches, error);
    }
  }
}

/** A partition without an answer stays without an entry: that is for the ledger to see. */
function answered(batches: readonly Encoded[], { responses }: ProduceResponse): Attempt {
  const settled: BatchAck[] = [];
  const open: Encoded[] = [];
  let lastError: unknown = null;
  for (const { name, partitionResponses } of responses) {
    for (const { index, errorCode, baseOffset } of partitionResponses) {
      const batch = batches.find(({ topic, partition }) => topic === name && partition === index);
      if (batch === undefined) continue;
      if (errorCode === 0) settled.push({ topic: name, partition: index, baseOffset: Number(baseOffset) });
      else {
        const error = new ProtocolError(errorCode);
        lastError = error;
        if (isFinal(error)) settled.push(failedAck(batch, error));
        else open.push(batch);
      }
    }
  }
  return { settled, open, error: lastError };
}

function unanswered(batches: readonly Encoded[], error: unknown): Attempt {
  if (isFinal(error)) return { settled: batches.map((batch) => failedAck(batch, error)), open: [], error };
  return { settled: [], open: batches, error };
}

function responseOf(error: ResponseError): ProduceResponse {
  return (error as ResponseError & { readonly response: ProduceResponse }).response;
}
