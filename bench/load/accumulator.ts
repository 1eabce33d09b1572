/**
 * What stands between an application's send() and the wire in one producer client: records wait for a batch to fill or for
 * linger to pass, a limited number of sends is outstanding, and a full buffer takes no more records.
 * The same for every library, so that all are measured with equal batches. Times are monotonic milliseconds.
 */
import type { BatchAck, DriverProducer } from '../drivers/driver.ts';
import { LoadBatch, recordOverheadBytes } from './load-batch.ts';
import type { Payload } from './payload.ts';

export interface AccumulatorSettings {
  /** Name on the cluster. */
  readonly topic: string;
  readonly lingerMs: number;
  readonly batchBytes: number;
  /** Records waiting or under way; beyond it records stay with the pacer (`buffer.memory`). */
  readonly bufferBytes: number;
  readonly maxOutstandingSends: number;
}

/** What became of a batch. `noEntry`: the send was reported as done without an acknowledgement for this batch. */
export type BatchOutcome =
  | { readonly kind: 'acknowledged'; readonly baseOffset: number | null }
  | { readonly kind: 'failed' | 'noEntry'; readonly reason: string };

export interface AccumulatorEvents {
  /** Called when a batch is handed to the driver. */
  readonly onSend: (batch: LoadBatch, nowMs: number) => void;
  readonly onOutcome: (batch: LoadBatch, outcome: BatchOutcome, nowMs: number) => void;
}

export class Accumulator {
  outstandingSends = 0;
  readonly #settings: AccumulatorSettings;
  readonly #producer: DriverProducer;
  readonly #events: AccumulatorEvents;
  readonly #now: () => number;
  readonly #payload: Payload;
  /** Batches by partition, oldest first; only the last one is still open. */
  readonly #queues: LoadBatch[][] = [];
  /** Those of them that hold any. */
  #waiting: LoadBatch[][] = [];
  #queuedBytes = 0;
  #outstandingBytes = 0;
  #fullBatches = 0;
  /** Hand-over of the oldest waiting record; Infinity when none waits. */
  #oldestMs = Number.POSITIVE_INFINITY;

  constructor(
    settings: AccumulatorSettings,
    payload: Payload,
    producer: DriverProducer,
    events: AccumulatorEvents,
    now: () => number,
  ) {
    this.#settings = settings;
    this.#payload = payload;
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

  append(id: number, partition: number, nowMs: number): void {
    const payloadBytes = this.#payload.bytesOf(id);
    const bytes = payloadBytes + recordOverheadBytes;
    this.#openBatch(partition, bytes).append(id, payloadBytes, nowMs);
    this.#queuedBytes += bytes;
    if (nowMs < this.#oldestMs) this.#oldestMs = nowMs;
  }

  /** Sends whatever is due, as far as sends may be outstanding. */
  pump(nowMs: number): void {
    while (this.#queuedBytes > 0 && this.dueMs <= nowMs) this.#flush(nowMs);
  }

  /** Gives up what waits; what is under way stays under way. */
  clear(): readonly LoadBatch[] {
    const waiting = this.#waiting.flat();
    for (const queue of this.#waiting) queue.length = 0;
    this.#waiting = [];
    this.#queuedBytes = 0;
    this.#fullBatches = 0;
    this.#oldestMs = Number.POSITIVE_INFINITY;
    return waiting;
  }

  #openBatch(partition: number, bytes: number): LoadBatch {
    let queue = this.#queues[partition];
    if (queue === undefined) {
      queue = [];
      this.#queues[partition] = queue;
    }
    const last = queue.at(-1);
    if (last === undefined) this.#waiting.push(queue);
    else if (last.bytes + bytes <= this.#settings.batchBytes) return last;
    else this.#fullBatches += 1;
    const batch = new LoadBatch(this.#settings.topic, partition, this.#payload);
    queue.push(batch);
    return batch;
  }

  /** One send with the oldest batch of every partition. */
  #flush(nowMs: number): void {
    const batches: LoadBatch[] = [];
    const waiting: LoadBatch[][] = [];
    let oldestMs = Number.POSITIVE_INFINITY;
    let bytes = 0;
    for (const queue of this.#waiting) {
      const batch = queue.shift() as LoadBatch;
      batches.push(batch);
      bytes += batch.bytes;
      const next = queue[0];
      if (next === undefined) continue;
      waiting.push(queue);
      this.#fullBatches -= 1;
      oldestMs = Math.min(oldestMs, next.sentMs[0] ?? nowMs);
    }
    this.#waiting = waiting;
    this.#oldestMs = oldestMs;
    this.#queuedBytes -= bytes;
    this.#outstandingBytes += bytes;
    this.outstandingSends += 1;
    for (const batch of batches) this.#events.onSend(batch, nowMs);
    this.#send(batches, bytes);
  }

  async #send(batches: readonly LoadBatch[], bytes: number): Promise<void> {
    let outcomeOf: (batch: LoadBatch) => BatchOutcome;
    try {
      const acks = new Map((await this.#producer.send(batches)).map((ack) => [ack.partition, ack]));
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
