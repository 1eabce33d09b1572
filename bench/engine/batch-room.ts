/**
 * Memory for one record batch (format v2) at a time, again and again. The records of a load are written into it without an
 * object or a buffer for each; where a value of the same pattern and place lies from the batch before, only what differs is
 * written: with its padding in place a record costs half.
 */
import type { RecordCursor } from '../drivers/driver.ts';
import { batchHeaderBytes } from './batch-layout.ts';
import { writeBatchHeader } from './record-batch.ts';
import { varintBytes, varlongBytes, writeVarint, writeVarlong } from './varint.ts';
import { viewOf } from './view-of.ts';

/** Of a record besides key and value: attributes and the number of headers, a varlong of 10 bytes and four varints of 5. */
const mostOverheadBytes = 2 + 10 + 4 * 5;

/** What a batch of these records never exceeds. */
export function roomFor({ count, payloadBytes }: RecordCursor): number {
  return batchHeaderBytes + count * mostOverheadBytes + payloadBytes;
}

export class BatchRoom {
  readonly bytes: Buffer;
  readonly #view: DataView;
  #pattern: object | null = null;
  /** Where the values begin and end that lie here, one behind the other. */
  #starts: number[] = [];
  #ends: number[] = [];

  constructor(bytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(bytes);
    this.#view = viewOf(this.bytes);
  }

  /** Writes the records as one batch, uncompressed; still to be sealed. Valid until the next one. */
  encode(records: RecordCursor): Buffer {
    const { count, pattern } = records;
    if (count === 0) throw new RangeError('a record batch needs at least one record');
    if (pattern === null || pattern !== this.#pattern) this.forget();
    this.#pattern = pattern;
    records.moveTo(0);
    const baseTimestampMs = records.timestampMs;
    let maxTimestampMs = baseTimestampMs;
    let at = batchHeaderBytes;
    for (let index = 0; index < count; index++) {
      records.moveTo(index);
      const { timestampMs } = records;
      if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs;
      at = this.#write(at, records, timestampMs - baseTimestampMs, index);
    }
    const batch = this.bytes.subarray(0, at);
    writeBatchHeader(batch, { attributes: 0, recordCount: count, baseTimestampMs, maxTimestampMs });
    return batch;
  }

  /** What lies here is not used again. */
  forget(): void {
    this.#starts = [];
    this.#ends = [];
  }

  #write(start: number, record: RecordCursor, timestampDelta: number, index: number): number {
    const { bytes } = this;
    const { keyBytes, valueBytes } = record;
    const ofKey = varintBytes(keyBytes) + Math.max(0, keyBytes);
    const ofValue = varintBytes(valueBytes) + valueBytes;
    const ofDeltas = varlongBytes(timestampDelta) + varintBytes(index);
    let at = writeVarint(bytes, start, 1 + ofDeltas + ofKey + ofValue + 1);
    bytes[at++] = 0; // attributes, unused
    at = writeVarlong(bytes, at, timestampDelta);
    at = writeVarint(bytes, at, index);
    at = writeVarint(bytes, at, keyBytes);
    if (keyBytes >= 0) {
      record.writeKey(this.#view, at);
      at += keyBytes;
    }
    at = writeVarint(bytes, at, valueBytes);
    if (this.#starts[index] !== at || this.#ends[index] !== at + valueBytes) {
      record.writeValue(bytes, at);
      this.#keep(index, at, at + valueBytes);
    }
    record.patchValue(this.#view, at);
    at += valueBytes;
    bytes[at++] = 0; // headers, none
    return at;
  }

  /** A value that lies elsewhere than the one before it did may have overwritten those behind. */
  #keep(index: number, start: number, end: number): void {
    this.#starts.length = index;
    this.#ends.length = index;
    this.#starts.push(start);
    this.#ends.push(end);
  }
}
