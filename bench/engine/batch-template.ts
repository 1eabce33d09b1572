/**
 * Record batches encoded once and patched in place: when every record has the same shape, a record costs a few stores
 * instead of an encoding. The time delta of each record keeps a fixed width, so that patching never moves a byte.
 */
import { batchHeaderBytes } from './batch-layout.ts';
import { type BatchRecord, recordBodyBytes, writeBatchHeader, writeRecord } from './record-batch.ts';
import { varintBytes } from './varint.ts';
import { viewOf } from './view-of.ts';

/**
 * Millisecond deltas whose zigzag form takes one, two or three bytes, in the shortest encoding.
 * The wider ones begin above zero, so the base time of their batches lies before the first record.
 */
const deltaRanges = [
  { bytes: 1, low: -64, high: 63 },
  { bytes: 2, low: 64, high: 8_191 },
  { bytes: 3, low: 8_192, high: 1_048_575 },
] as const;

type DeltaRange = (typeof deltaRanges)[number];

export type RecordPattern = Omit<BatchRecord, 'timestampMs'>;

export interface TemplateShape {
  /** The pattern of every record; its bytes are what is sent wherever nothing is patched. */
  readonly record: RecordPattern;
  /** Most records of a batch. */
  readonly capacity: number;
  /** Longest time between the first and the last record of a batch. */
  readonly spanMs: number;
}

/** Most records of that pattern whose batch has at most `maxBytes`, header included; at least one. */
export function recordsWithin(record: RecordPattern, spanMs: number, maxBytes: number): number {
  const { low } = deltaRangeOf(spanMs);
  let bytes = batchHeaderBytes;
  let count = 0;
  while (bytes <= maxBytes) {
    bytes += recordBytes(record, low, count);
    if (bytes <= maxBytes) count++;
  }
  return Math.max(1, count);
}

/** A batch of one shape; one object serves one batch at a time, again and again. */
export class PatchedBatch {
  /** The whole buffer; patch records here at the positions `append` returns. */
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly #ends: Uint32Array;
  readonly #deltaStarts: Uint32Array;
  readonly #valueStarts: Uint32Array;
  readonly #range: DeltaRange;
  #count = 0;
  #baseTimestampMs = 0;
  #maxTimestampMs = 0;

  constructor(shape: TemplateShape) {
    const { record, capacity, spanMs } = shape;
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`capacity ${capacity} is not at least 1`);
    this.#range = deltaRangeOf(spanMs);
    this.#ends = new Uint32Array(capacity);
    this.#deltaStarts = new Uint32Array(capacity);
    this.#valueStarts = new Uint32Array(capacity);
    let bytes = batchHeaderBytes;
    for (let index = 0; index < capacity; index++) bytes += recordBytes(record, this.#range.low, index);
    this.bytes = Buffer.alloc(bytes);
    this.view = viewOf(this.bytes);
    this.#encode(record);
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds one record. Returns where its value begins, to patch what makes it unique;
   * -1 when the batch is full or the time too far from its first record's: then close it and take the next.
   */
  append(timestampMs: number): number {
    const index = this.#count;
    const { low, high } = this.#range;
    if (index === this.#ends.length) return -1;
    if (index === 0) {
      this.#baseTimestampMs = timestampMs - Math.max(low, 0);
      this.#maxTimestampMs = timestampMs;
    }
    const delta = timestampMs - this.#baseTimestampMs;
    if (delta < low || delta > high) return -1;
    if (timestampMs > this.#maxTimestampMs) this.#maxTimestampMs = timestampMs;
    this.#writeDelta(this.#deltaStarts[index] as number, delta);
    this.#count = index + 1;
    return this.#valueStarts[index] as number;
  }

  /** The batch so far, its header written, ready to be sealed: a view, valid until `clear`. */
  close(): Buffer {
    if (this.#count === 0) throw new RangeError('a record batch needs at least one record');
    const batch = this.bytes.subarray(0, this.#ends[this.#count - 1] as number);
    writeBatchHeader(batch, {
      attributes: 0,
      recordCount: this.#count,
      baseTimestampMs: this.#baseTimestampMs,
      maxTimestampMs: this.#maxTimestampMs,
    });
    return batch;
  }

  /** Empties the batch for its next use; what was patched stays until patched again. */
  clear(): void {
    this.#count = 0;
  }

  #encode(record: RecordPattern): void {
    // Behind the value's first byte: the value, then the headers with their count.
    const behind =
      (record.value?.length ?? 0) + recordBodyBytes({ ...nothing, headers: record.headers ?? [] }, 0, 0) - 5;
    const pattern = { ...record, timestampMs: 0 };
    let at = batchHeaderBytes;
    for (let index = 0; index < this.#ends.length; index++) {
      const end = writeRecord(this.bytes, at, pattern, this.#range.low, index);
      this.#deltaStarts[index] = at + varintBytes(recordBodyBytes(pattern, this.#range.low, index)) + 1;
      this.#valueStarts[index] = end - behind;
      this.#ends[index] = end;
      at = end;
    }
  }

  #writeDelta(at: number, delta: number): void {
    const zigzag = (delta << 1) ^ (delta >> 31);
    const bytes = this.bytes;
    if (this.#range.bytes === 1) {
      bytes[at] = zigzag;
      return;
    }
    bytes[at] = (zigzag & 0x7f) | 0x80;
    if (this.#range.bytes === 2) {
      bytes[at + 1] = zigzag >>> 7;
      return;
    }
    bytes[at + 1] = ((zigzag >>> 7) & 0x7f) | 0x80;
    bytes[at + 2] = zigzag >>> 14;
  }
}

/** A record of five one-byte fields: attributes, time delta, offset delta, no key, no value. */
const nothing = { key: null, value: null, timestampMs: 0 };

function deltaRangeOf(spanMs: number): DeltaRange {
  const range = deltaRanges.find(({ low, high }) => spanMs <= high - Math.max(low, 0));
  if (range === undefined) throw new RangeError(`a batch cannot span ${spanMs} ms; at most 1040383 ms`);
  return range;
}

function recordBytes(record: RecordPattern, delta: number, index: number): number {
  const body = recordBodyBytes({ ...record, timestampMs: 0 }, delta, index);
  return varintBytes(body) + body;
}
