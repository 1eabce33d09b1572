/**
 * What stands between an application's send() and the wire in one producer client: records wait for a batch to fill or for
 * linger to pass, a limited number of sends is outstanding, and a full buffer takes no more records.
 * The same for every library, so that all are measured with equal batches. Times are monotonic milliseconds.
 */
import type { BatchAck, DriverProducer, DriverRecord, PartitionBatch } from '../drivers/driver.ts';

export interface AccumulatorSettings {
  /** Name on the cluster. */
  readonly topic: string;
  readonly lingerMs: number;
  readonly batchBytes: number;
  /** Records waiting or under way; beyond it records stay with the pacer (`buffer.memory`). */
  readonly bufferBytes: number;
  readonly maxOutstandingSends: number;
}

export interface Batch {
  readonly partition: number;
  readonly ids: number[];
  /** When each record was handed over by the pacer. */
  readonly sentMs: number[];
  bytes: number;
}

/** What became of a batch. `noEntry`: the send was reported as done without an acknowledgement for this batch. */
export type BatchOutcome =
  | { readonly kind: 'acknowledged'; readonly baseOffset: number | null }
  | { readonly kind: 'failed' | 'noEntry'; readonly reason: string };

export interface AccumulatorEvents {
  /**
   * Makes a record, once, when its batch is sent: all that waits while a cluster stalls would be too much for the memory.
   * `sentMs` is when it was handed over.
   */
  readonly makeRecord: (id: number, sentMs: number) => DriverRecord;
  /** Called when a batch is handed to the driver. */
  readonly onSend: (batch: Batch, nowMs: number) => void;
  readonly onOutcome: (batch: Batch, outcome: BatchOutcome, nowMs: number) => void;
}

/** Of a record beyond key and value: lengths, deltas, attributes. */
const recordOverheadBytes = 10;

export class Accumulator {
  outstandingSends = 0;
  readonly #settings: AccumulatorSettings;
  readonly #producer: DriverProducer;
  readonly #events: AccumulatorEvents;
  readonly #now: () => number;
  /** Batches by partition, oldest first; only the last one is still open. */
  readonly #queues = new Map<number, Batch[]>();
  #queuedBytes = 0;
  #outstandingBytes = 0;
  #fullBatches = 0;
  /** Hand-over of the oldest waiting record; Infinity when none waits. */
  #oldestMs = Number.POSITIVE_INFINITY;

  constructor(settings: AccumulatorSettings, producer: DriverProducer, events: AccumulatorEvents, now: () => number) {
    this.#settings = settings;
    this.#producer = producer;
    this.#events = events;
    this.#now = now;
  }

  get hasRoom(): boolean {
    return this.#queuedBytes + this.#outstandingBytes < this.#settings.bufferBytes;
  }

  get isIdle(): boolean {
    return this.#queuedBytes === 0 && this.outstandingSends === 0;
  }

  /** When waiting records must go; Infinity when none wait or no further send may be outstanding. */
  get dueMs(): number {
    if (this.outstandingSends >= this.#settings.maxOutstandingSends) return Number.POSITIVE_INFINITY;
    return this.#fullBatches > 0 ? this.#oldestMs : this.#oldestMs + this.#settings.lingerMs;
  }

  /** `payloadBytes`: of key and value. */
  append(id: number, partition: number, payloadBytes: number, nowMs: number): void {
    const bytes = payloadBytes + recordOverheadBytes;
    const batch = this.#openBatch(partition, bytes);
    batch.ids.push(id);
    batch.sentMs.push(nowMs);
    batch.bytes += bytes;
    this.#queuedBytes += bytes;
    if (nowMs < this.#oldestMs) this.#oldestMs = nowMs;
  }

  /** Sends whatever is due, as far as sends may be outstanding. */
  pump(nowMs: number): void {
    while (this.#queuedBytes > 0 && this.dueMs <= nowMs) this.#flush(nowMs);
  }

  /** Gives up what waits; what is under way stays under way. */
  clear(): readonly Batch[] {
    const waiting = [...this.#queues.values()].flat();
    this.#queues.clear();
    this.#queuedBytes = 0;
    this.#fullBatches = 0;
    this.#oldestMs = Number.POSITIVE_INFINITY;
    return waiting;
  }

  #openBatch(partition: number, bytes: number): Batch {
    const queue = this.#queues.get(partition) ?? [];
    if (queue.length === 0) this.#queues.set(partition, queue);
    const last = queue.at(-1);
    if (last !== undefined && last.bytes + bytes <= this.#settings.batchBytes) return last;
    if (last !== undefined) this.#fullBatches += 1;
    const batch: Batch = { partition, ids: [], sentMs: [], bytes: 0 };
    queue.push(batch);
    return batch;
  }

  /** One send with the oldest batch of every partition. */
  #flush(nowMs: number): void {
    const batches: Batch[] = [];
    let oldestMs = Number.POSITIVE_INFINITY;
    let bytes = 0;
    for (const [partition, queue] of this.#queues) {
      const batch = queue.shift();
      if (batch === undefined) continue;
      batches.push(batch);
      bytes += batch.bytes;
      const next = queue[0];
      if (next === undefined) this.#queues.delete(partition);
      else {
        this.#fullBatches -= 1;
        oldestMs = Math.min(oldestMs, next.sentMs[0] ?? nowMs);
      }
    }
    const { makeRecord, onSend } = this.#events;
    const sending = batches.map(({ partition, ids, sentMs }) => ({
      topic: this.#settings.topic,
      partition,
      records: ids.map((id, index) => makeRecord(id, sentMs[index] ?? nowMs)),
    }));
    this.#oldestMs = oldestMs;
    this.#queuedBytes -= bytes;
    this.#outstandingBytes += bytes;
    this.outstandingSends += 1;
    for (const batch of batches) onSend(batch, nowMs);
    this.#send(batches, sending, bytes);
  }

  async #send(batches: readonly Batch[], sending: readonly PartitionBatch[], bytes: number): Promise<void> {
    let outcomeOf: (batch: Batch) => BatchOutcome;
    try {
      const acks = new Map((await this.#producer.send(sending)).map((ack) => [ack.partition, ack]));
      outcomeOf = ({ partition }) => outcome(acks.get(partition));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      outcomeOf = () => ({ kind: 'failed', reason });
    }
    this.outstandingSends -= 1;
    this.#outstandingBytes -= bytes;
    const nowMs = this.#now();
    for (const batch of batches) this.#events.onOutcome(batch, outcomeOf(batch), nowMs);
    this.pump(nowMs);
  }
}

function outcome(ack: BatchAck | undefined): BatchOutcome {
  if (ack === undefined) return { kind: 'noEntry', reason: 'no acknowledgement entry' };
  if (ack.error !== undefined) return { kind: 'failed', reason: ack.error };
  return { kind: 'acknowledged', baseOffset: ack.baseOffset };
}
