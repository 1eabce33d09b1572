/**
 * The engine's producer: finished record batches, one queue a partition, pipelined requests with many partitions each.
 * The caller fills and closes batches; this seals them, sends them, retries them and says what became of each.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadroomError } from '../../lib/errors.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import { brokerErrors, mayBeRetried, refused } from './broker-errors.ts';
import { BrokerSender, type SentBatch } from './broker-sender.ts';
import { Cluster } from './cluster.ts';
import { PartitionQueue, type TakenBatch } from './partition-queue.ts';
import type { PartitionAnswer } from './produce-request.ts';
import { newIdentity, type ProducerIdentity } from './producer-identity.ts';

export interface EngineProducerSettings {
  readonly acks: '0' | '1' | 'all';
  readonly idempotent: boolean;
  /** A batch not acknowledged after this, from `send` on, is given up; one on its way then, when its request ends. */
  readonly deliveryTimeoutMs: number;
  /** Requests without an answer, a broker. */
  readonly maxInFlight: number;
  /** Whose transactions the batches belong to; the batches carry the mark themselves. */
  readonly transaction?: { readonly transactionalId: string; readonly identity: ProducerIdentity };
}

/** The broker remembers the last five batches of a producer and partition; more in flight could not be told apart. */
export const maxIdempotentInFlight = 5;
const retryDelayMs = 50;
const expiryCheckMs = 100;
const maxRequestTimeoutMs = 30_000;
const gone = 'because the topic is gone: somebody deleted it';
/** Longer timers would fire at once. */
const maxTimerMs = 2 ** 31 - 1;

interface Partition {
  readonly topic: string;
  readonly index: number;
  readonly queue: PartitionQueue;
}

export type OnSettled = (error: Error | null, baseOffset: number | null) => void;

export class EngineProducer {
  readonly #settings: EngineProducerSettings;
  readonly #cluster: Cluster;
  readonly #identity: ProducerIdentity | null;
  readonly #partitions = new Map<string, Partition[]>();
  readonly #senders = new Map<number, BrokerSender<Partition>>();
  readonly #expiry: NodeJS.Timeout;
  readonly #idle: (() => void)[] = [];
  #pending = 0;
  #recovery: NodeJS.Timeout | null = null;
  #closed = false;

  /** Connects, reads the topics' leaders, and gets a producer id when idempotent. */
  static async open(
    target: DriverTarget,
    settings: EngineProducerSettings,
    topics: readonly string[],
  ): Promise<EngineProducer> {
    refuseForbidden(settings);
    const requestTimeoutMs = Math.min(maxRequestTimeoutMs, settings.deliveryTimeoutMs);
    const cluster = new Cluster(target, { requestTimeoutMs });
    try {
      await cluster.refresh(topics);
      const identity = settings.idempotent ? await identityFor(cluster, settings) : null;
      return new EngineProducer(settings, cluster, identity, topics);
    } catch (error) {
      cluster.close();
      throw error;
    }
  }

  private constructor(
    settings: EngineProducerSettings,
    cluster: Cluster,
    identity: ProducerIdentity | null,
    topics: readonly string[],
  ) {
    this.#settings = settings;
    this.#cluster = cluster;
    this.#identity = identity;
    for (const topic of topics) this.#partitions.set(topic, []);
    this.#expiry = setInterval(
      () => this.#giveUp(Date.now(), `within ${settings.deliveryTimeoutMs} ms`),
      expiryCheckMs,
    );
  }

  /** Batches sent and not settled. */
  get pending(): number {
    return this.#pending;
  }

  partitionsOf(topic: string): number {
    return this.#cluster.partitionsOf(topic);
  }

  /**
   * Sends one batch; `bytes` is the producer's until `settled` is called, once, with the base offset (null with
   * acks=0) or with the error. Batches of one partition are sent in the order of the calls.
   */
  send(topic: string, partition: number, bytes: Buffer, records: number, settled: OnSettled): void {
    if (this.#closed) throw new HeadroomError('INTERNAL', 'a batch was sent on a closed producer');
    this.#pending++;
    const deadlineMs = Date.now() + this.#settings.deliveryTimeoutMs;
    const target = this.#partition(topic, partition);
    target.queue.add({
      bytes,
      records,
      deadlineMs,
      done: (error, baseOffset) => {
        this.#pending--;
        settled(error, baseOffset);
        if (this.#pending === 0) for (const resolve of this.#idle.splice(0)) resolve();
      },
    });
    this.#offer(target);
  }

  /** Resolves when every batch sent so far, and since, is settled. */
  settled(): Promise<void> {
    return this.#pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Waits for what is pending, at most `waitMaxMs`, and disconnects; what is pending still is settled as failed. */
  async close(waitMaxMs = maxTimerMs): Promise<void> {
    const timer = new AbortController();
    const limit = sleep(waitMaxMs, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([this.settled(), limit]);
    timer.abort();
    this.#closed = true;
    clearInterval(this.#expiry);
    if (this.#recovery !== null) clearTimeout(this.#recovery);
    this.#cluster.close();
    this.#giveUp(Number.POSITIVE_INFINITY, 'before the producer was closed');
  }

  #partition(topic: string, index: number): Partition {
    let partitions = this.#partitions.get(topic);
    if (partitions === undefined) {
      partitions = [];
      this.#partitions.set(topic, partitions);
    }
    let partition = partitions[index];
    if (partition === undefined) {
      partition = { topic, index, queue: new PartitionQueue(this.#identity) };
      partitions[index] = partition;
    }
    return partition;
  }

  /** Puts the partition in the line of its leader; without one it waits for new metadata. */
  #offer(partition: Partition): void {
    if (!partition.queue.ready) return;
    const leader = this.#cluster.leaderOf(partition.topic, partition.index);
    if (leader === null) {
      this.#block(partition);
      return;
    }
    let sender = this.#senders.get(leader);
    if (sender === undefined) {
      const acks = this.#settings.acks === 'all' ? -1 : (Number(this.#settings.acks) as 0 | 1);
      sender = new BrokerSender<Partition>({
        connect: () => this.#cluster.link(leader),
        produce: {
          acks,
          timeoutMs: Math.min(maxRequestTimeoutMs, this.#settings.deliveryTimeoutMs),
          transactionalId: this.#settings.transaction?.transactionalId ?? null,
        },
        maxInFlight: this.#settings.maxInFlight,
        onAnswer: (sent, answer) => this.#onAnswer(sent, answer),
        onUnknown: (sent, wasSent) => this.#onUnknown(sent, wasSent),
      });
      this.#senders.set(leader, sender);
    }
    sender.offer(partition);
  }

  #onAnswer({ partition, batch }: SentBatch<Partition>, answer: PartitionAnswer): void {
    const { queue } = partition;
    const code = answer.errorCode;
    if (code === brokerErrors.none || code === brokerErrors.duplicateSequence) {
      queue.settle(batch);
      batch.done(null, answer.baseOffset < 0 ? null : answer.baseOffset);
    } else if (code === brokerErrors.outOfOrderSequence || code === brokerErrors.unknownProducerId) {
      this.#onSequenceRefused(partition, batch, code);
    } else if (mayBeRetried(code)) {
      queue.giveBack(batch);
      this.#block(partition);
    } else {
      queue.settle(batch);
      batch.done(refused(`a batch of ${batch.records} records for ${partition.topic}-${partition.index}`, code), null);
    }
    this.#offer(partition);
  }

  #onSequenceRefused(partition: Partition, batch: TakenBatch, code: number): void {
    const { queue } = partition;
    const explained = queue.hasEarlier(batch) || !queue.isOfThisEpoch(batch);
    // The epochs of transactions are the coordinator's.
    if (explained || (this.#settings.transaction === undefined && queue.beginEpoch())) {
      queue.giveBack(batch);
      this.#block(partition);
    } else {
      queue.settle(batch);
      batch.done(refused(`a batch for ${partition.topic}-${partition.index}`, code), null);
    }
  }

  /** The connection broke or timed out: written or not, nobody told. */
  #onUnknown({ partition, batch }: SentBatch<Partition>, wasSent: boolean): void {
    batch.outcomeUnknown ||= wasSent;
    if (this.#closed) {
      partition.queue.settle(batch);
      batch.done(unacknowledged(batch, partition, 'before the producer was closed'), null);
      return;
    }
    partition.queue.giveBack(batch);
    this.#block(partition);
  }

  #block(partition: Partition): void {
    partition.queue.blocked = true;
    this.#recovery ??= setTimeout(() => void this.#recover(), retryDelayMs);
  }

  /** Looks for the leaders anew and lets the blocked partitions go on; without metadata, again after the delay. */
  async #recover(): Promise<void> {
    const refreshed = await this.#cluster.refresh([...this.#partitions.keys()]).then(
      () => true,
      () => false,
    );
    this.#recovery = null;
    if (this.#closed) return;
    for (const [topic, partitions] of this.#partitions) {
      const isGone = this.#cluster.isGone(topic);
      for (const partition of partitions) {
        if (partition === undefined || !partition.queue.blocked) continue;
        if (isGone) this.#expire(partition, Number.POSITIVE_INFINITY, gone);
        if (refreshed) {
          partition.queue.blocked = false;
          this.#offer(partition);
        } else this.#block(partition);
      }
    }
  }

  /** Gives up what waits beyond its deadline. */
  #giveUp(nowMs: number, limit: string): void {
    for (const partitions of this.#partitions.values()) {
      for (const partition of partitions) {
        if (partition !== undefined) this.#expire(partition, nowMs, limit);
      }
    }
  }

  #expire(partition: Partition, nowMs: number, limit: string): void {
    for (const batch of partition.queue.expire(nowMs)) batch.done(unacknowledged(batch, partition, limit), null);
  }
}

async function identityFor(
  cluster: Cluster,
  { transaction, deliveryTimeoutMs }: EngineProducerSettings,
): Promise<ProducerIdentity> {
  return transaction?.identity ?? (await newIdentity(cluster, deliveryTimeoutMs));
}

function unacknowledged(
  { records, outcomeUnknown }: TakenBatch,
  { topic, index }: Partition,
  limit: string,
): HeadroomError {
  const outcome = outcomeUnknown ? 'it may have been written' : 'it was not written';
  return new HeadroomError(
    'DELIVERY_FAILED',
    `${records} records for ${topic}-${index} were not acknowledged ${limit}; ${outcome}`,
    { hint: 'The partition had no reachable leader, or the load is above what the cluster takes.' },
  );
}

function refuseForbidden({ acks, idempotent, maxInFlight }: EngineProducerSettings): void {
  if (!idempotent) return;
  if (acks !== 'all') throw new HeadroomError('USAGE', `idempotence needs acks=all, got acks=${acks}`);
  if (maxInFlight > maxIdempotentInFlight) {
    throw new HeadroomError(
      'USAGE',
      `idempotence allows ${maxIdempotentInFlight} requests in flight, got ${maxInFlight}`,
    );
  }
}
