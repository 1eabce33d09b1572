/**
 * A batch of one partition, from its first record on. It holds ids and times, about 20 bytes a record; the records are made
 * when the batch is sent, since all that waits while a cluster stalls would be too much for the memory.
 */
import type { DriverRecord, PartitionBatch, RecordCursor } from '../drivers/driver.ts';
import { writeKey } from './identity.ts';
import type { Payload } from './payload.ts';

/** Of a record beyond key and value: lengths, deltas, attributes. */
export const recordOverheadBytes = 10;

/** Asked for once: the getter checks what it is called on. */
const { timeOrigin } = performance;

export class LoadBatch implements PartitionBatch, RecordCursor {
  readonly topic: string;
  readonly partition: number;
  /** Ascending. */
  readonly ids: number[] = [];
  /** When each record was handed over by the pacer. */
  readonly sentMs: number[] = [];
  payloadBytes = 0;
  timestampMs = 0;
  readonly #payload: Payload;
  #id = 0;
  #keyIndex = 0;

  constructor(topic: string, partition: number, payload: Payload) {
    this.topic = topic;
    this.partition = partition;
    this.#payload = payload;
  }

  append(id: number, payloadBytes: number, nowMs: number): void {
    this.ids.push(id);
    this.sentMs.push(nowMs);
    this.payloadBytes += payloadBytes;
  }

  get count(): number {
    return this.ids.length;
  }

  /** About what it takes on the wire. */
  get bytes(): number {
    return this.payloadBytes + this.ids.length * recordOverheadBytes;
  }

  get records(): readonly DriverRecord[] {
    return this.ids.map((id, index) => this.#payload.recordOf(id, this.#timestampMsOf(index)));
  }

  get cursor(): RecordCursor {
    return this;
  }

  moveTo(index: number): void {
    const id = this.ids[index] as number;
    this.#id = id;
    this.#keyIndex = this.#payload.keyOf(id);
    this.timestampMs = this.#timestampMsOf(index);
  }

  get pattern(): object | null {
    return this.#payload.isPatchable ? this.#payload : null;
  }

  get keyBytes(): number {
    return this.#payload.keyBytes;
  }

  get valueBytes(): number {
    return this.#payload.valueBytesOf(this.#id);
  }

  writeKey(into: DataView, at: number): void {
    writeKey(into, at, this.#keyIndex);
  }

  writeValue(into: Buffer, at: number): void {
    this.#payload.writeValue(into, at, this.#id);
  }

  patchValue(into: DataView, at: number): void {
    this.#payload.patchValue(into, at, this.#id, this.#keyIndex, this.timestampMs);
  }

  #timestampMsOf(index: number): number {
    return Math.floor(timeOrigin + (this.sentMs[index] as number));
  }
}
