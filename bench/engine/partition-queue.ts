/**
 * Batches of one partition on their way: which may be sent now, and in what order those that failed go out again.
 * Knows no clock and no network. Idempotence as in the Java client: every batch keeps its sequence number over
 * retries, after a failure the partition goes on one batch at a time, in order, until all that were sent are settled.
 */
import { type BatchIdentity, unidentified } from './record-batch.ts';

export interface QueuedBatch {
  /** Whole batch, header included; sealed when it is taken. */
  readonly bytes: Buffer;
  readonly records: number;
  readonly deadlineMs: number;
  readonly done: (error: Error | null, baseOffset: number | null) => void;
}

/** A batch that was handed out, with what it was sealed with. */
export class TakenBatch implements QueuedBatch {
  readonly bytes: Buffer;
  readonly records: number;
  readonly deadlineMs: number;
  readonly done: QueuedBatch['done'];
  readonly order: number;
  identity: BatchIdentity = unidentified;
  /** Sent, and no answer told whether it was written. */
  outcomeUnknown = false;

  constructor({ bytes, records, deadlineMs, done }: QueuedBatch, order: number) {
    this.bytes = bytes;
    this.records = records;
    this.deadlineMs = deadlineMs;
    this.done = done;
    this.order = order;
  }
}

/** Sequence numbers begin again at 0 after 2^31 - 1. */
const sequenceModulus = 2 ** 31;
const maxEpoch = 32_767;

export class PartitionQueue {
  /** Set by the owner while failed batches must wait for new metadata. */
  blocked = false;
  readonly #waiting: TakenBatch[] = [];
  readonly #returned: TakenBatch[] = [];
  readonly #inFlight = new Set<TakenBatch>();
  readonly #producerId: bigint | null;
  #epoch: number;
  #nextSequence = 0;
  #nextOrder = 0;
  #recovering = false;

  /** Without a producer id the batches carry no sequence, and a retry may write twice. */
  constructor(producer: { readonly producerId: bigint; readonly producerEpoch: number } | null) {
    this.#producerId = producer?.producerId ?? null;
    this.#epoch = producer?.producerEpoch ?? -1;
  }

  /** Batches not settled yet. */
  get pending(): number {
    return this.#waiting.length + this.#returned.length + this.#inFlight.size;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  add(batch: QueuedBatch): void {
    this.#waiting.push(new TakenBatch(batch, this.#nextOrder++));
  }

  /** Whether `take` would give a batch. */
  get ready(): boolean {
    if (this.blocked || ((this.#recovering || this.#returned.length > 0) && this.#inFlight.size > 0)) return false;
    return this.#returned.length + this.#waiting.length > 0;
  }

  /** The next batch to send, its identity set: seal it with that. Null when none may go now. */
  take(): TakenBatch | null {
    if (!this.ready) return null;
    // Recovery ends with the last failed batch settled; until then one at a time keeps their order.
    this.#recovering = this.#returned.length > 0;
    const batch = (this.#returned.shift() ?? this.#waiting.shift()) as TakenBatch;
    if (this.#producerId !== null && !this.isOfThisEpoch(batch)) {
      batch.identity = {
        producerId: this.#producerId,
        producerEpoch: this.#epoch,
        baseSequence: this.#nextSequence,
      };
      this.#nextSequence = (this.#nextSequence + batch.records) % sequenceModulus;
    }
    this.#inFlight.add(batch);
    return batch;
  }

  /** The broker settled the batch, for good or ill: it goes out no more. */
  settle(batch: TakenBatch): void {
    this.#inFlight.delete(batch);
  }

  /** The batch failed in a way that allows another try. */
  giveBack(batch: TakenBatch): void {
    this.#inFlight.delete(batch);
    let place = this.#returned.length;
    while (place > 0 && (this.#returned[place - 1] as TakenBatch).order > batch.order) place--;
    this.#returned.splice(place, 0, batch);
  }

  /** Whether an earlier batch is unsettled, which explains a gap in the sequence the broker saw. */
  hasEarlier(batch: TakenBatch): boolean {
    if (this.#returned.some(({ order }) => order < batch.order)) return true;
    for (const { order } of this.#inFlight) if (order < batch.order) return true;
    return false;
  }

  /**
   * The broker does not know the sequence before this batch, and nothing unsettled explains it (its state expired, or
   * an earlier batch was given up): begin again at 0 in a new epoch. False when the epochs are used up.
   */
  beginEpoch(): boolean {
    if (this.#epoch === maxEpoch) return false;
    this.#epoch++;
    this.#nextSequence = 0;
    return true;
  }

  /** Whether the batch was sealed since the last `beginEpoch`. */
  isOfThisEpoch(batch: TakenBatch): boolean {
    return batch.identity !== unidentified && batch.identity.producerEpoch === this.#epoch;
  }

  /** Takes out what waits beyond its deadline, oldest first. Batches in flight are the business of the request's timeout. */
  expire(nowMs: number): TakenBatch[] {
    const late: TakenBatch[] = [];
    for (const queue of [this.#returned, this.#waiting]) {
      while (queue.length > 0 && (queue[0] as TakenBatch).deadlineMs <= nowMs) late.push(queue.shift() as TakenBatch);
    }
    return late;
  }
}
