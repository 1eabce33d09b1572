/**
 * A producer on @platformatic/kafka. The library's traps, each read in its source and held here:
 * - acks default to 1 when a send does not name them: every send does;
 * - its own retries go to the broker that led before the first attempt, so an idempotent producer, which retries for ever, never
 *   leaves a lost broker: they are off, and each new attempt here looks the leaders up again;
 * - idempotent sequence numbers move when a send has succeeded, so overlapping sends would share them: one send at a time
 *   (deadline.ts), and a further attempt carries the same batches to the partitions that have not answered;
 * - a leader that is not known throws outside of any promise: it is made an error of the send.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Broker,
  type Callback,
  type Connection,
  kGetConnection,
  NetworkError,
  Producer,
} from '@platformatic/kafka';
import { loadZstd } from '../engine/zstd.ts';
import { platformaticSecurity } from '../security/connection-options.ts';
import { rootCause } from '../target/connect.ts';
import { acksValues, failedAck, handedOver, isFinal } from './acks.ts';
import type { BatchAck, DriverProducer, DriverTarget, PartitionBatch, ProducerSettings } from './driver.ts';

/** As the Java client: retry.backoff.ms 100, metadata.max.age.ms 5 min. */
const retryDelayMs = 100;
const metadataMaxAgeMs = 300_000;

export async function connectPlatformaticProducer(
  target: DriverTarget,
  settings: ProducerSettings,
): Promise<DriverProducer> {
  const producer = new GuardedProducer({
    ...platformaticSecurity(target),
    clientId: target.clientId,
    bootstrapBrokers: [...target.bootstrap],
    idempotent: settings.idempotent,
    retries: false,
    connectTimeout: 3_000,
    requestTimeout: settings.deliveryTimeoutMs,
    timeout: settings.deliveryTimeoutMs,
    metadataMaxAge: metadataMaxAgeMs,
    autocreateTopics: false,
    // Without acknowledgements only a full socket can hold the load back.
    handleBackPressure: settings.acks === '0',
  });
  try {
    if (settings.compression === 'zstd') await loadZstd();
    await producer.connectToBrokers();
    if (settings.idempotent) await producer.initIdempotentProducer({});
  } catch (error) {
    // Its connections must not stay behind; how they end does not matter.
    await Promise.resolve(producer.close(true)).catch(() => {});
    throw error;
  }
  return {
    send: async (batches) => await sendUntilAcked(producer, settings, batches),
    close: async () => await producer.close(true),
  };
}

class GuardedProducer extends Producer<Buffer, Buffer, Buffer, Buffer> {
  override [kGetConnection](broker: Broker | undefined, callback: Callback<Connection>): void {
    if (broker === undefined) callback(new NetworkError('the leader of a partition is not known'));
    else super[kGetConnection](broker, callback);
  }
}

/** Attempts until every batch is acknowledged, an error is final, or the time to deliver is over. */
async function sendUntilAcked(
  producer: Producer,
  settings: ProducerSettings,
  batches: readonly PartitionBatch[],
): Promise<readonly BatchAck[]> {
  const untilMs = performance.now() + settings.deliveryTimeoutMs;
  const acks: BatchAck[] = [];
  let pending = batches;
  while (true) {
    const { acked, error } = await attempt(producer, settings, pending);
    acks.push(...acked);
    if (error === null) return acks;
    const answered = new Set(acked.map(({ partition }) => partition));
    pending = pending.filter(({ partition }) => !answered.has(partition));
    const isOver = performance.now() + retryDelayMs >= untilMs;
    if (isOver || isFinal(error)) {
      if (acks.length === 0) throw new Error(rootCause(error), { cause: error });
      return [...acks, ...pending.map((batch) => failedAck(batch, error))];
    }
    producer.clearMetadata();
    await sleep(retryDelayMs);
  }
}

interface Attempt {
  readonly acked: readonly BatchAck[];
  /** Null when the library reported success, whatever it acknowledged. */
  readonly error: Error | null;
}

async function attempt(
  producer: Producer,
  { acks, compression }: ProducerSettings,
  batches: readonly PartitionBatch[],
): Promise<Attempt> {
  try {
    const { offsets } = await producer.send({ messages: messagesOf(batches), acks: acksValues[acks], compression });
    if (acks === '0') return { acked: handedOver(batches), error: null };
    return { acked: acksOf(offsets), error: null };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    // The brokers that did answer before another one failed.
    const { produced } = error as { produced?: { offsets?: Offsets } };
    return { acked: acksOf(produced?.offsets), error };
  }
}

function messagesOf(batches: readonly PartitionBatch[]) {
  const messages = [];
  for (const { topic, partition, records } of batches) {
    for (const { key, value, timestampMs } of records) {
      const timestamp = BigInt(timestampMs);
      messages.push(
        key === null ? { topic, partition, value, timestamp } : { topic, partition, key, value, timestamp },
      );
    }
  }
  return messages;
}

type Offsets = readonly { readonly topic: string; readonly partition: number; readonly offset: bigint }[];

function acksOf(offsets: Offsets | undefined): readonly BatchAck[] {
  return (offsets ?? []).map(({ topic, partition, offset }) => ({
    topic,
    partition,
    baseOffset: offset < 0n ? null : Number(offset),
  }));
}
