/** The innermost loop of consuming: the records of one batch, field by field, on plain numbers. */
import { ChunkCursor } from './chunk-cursor.ts';
import { invalidAnswer } from './invalid-answer.ts';
import type { OnRecord, WalkedHeader } from './record-walker.ts';

/** The time of every record is the batch's, set by the broker. */
const logAppendTimeFlag = 1 << 3;
const varintMaxBytes = 5;
const varlongMaxBytes = 10;

/** Calls back for each record at or above `fromOffset`; returns how many those were. */
export function walkRecords(
  chunks: readonly Buffer[],
  header: WalkedHeader,
  fromOffset: number,
  onRecord: OnRecord,
): number {
  const cursor = new ChunkCursor(chunks);
  const walk = new RecordWalk(header, fromOffset, onRecord);
  while (walk.left > 0) {
    const whole = cursor.contiguous;
    if (whole > 0) cursor.skip(walk.over(cursor.chunk, cursor.position, cursor.position + whole) - cursor.position);
    if (walk.left > 0) walkAcrossChunks(cursor, walk, header);
  }
  if (cursor.remaining > 0) throw malformed(header, `${cursor.remaining} bytes behind its last record`);
  return walk.called;
}

/** One record that begins in one chunk and ends in another. */
function walkAcrossChunks(cursor: ChunkCursor, walk: RecordWalk, header: WalkedHeader): void {
  if (cursor.remaining === 0) throw malformed(header, `${walk.left} records fewer than its header says`);
  const start = cursor.peek(Math.min(varintMaxBytes, cursor.remaining));
  const length = readVarint(cursor.buffer, start);
  const bytes = after - start + length;
  if (length < 0 || Number.isNaN(bytes) || bytes > cursor.remaining) throw malformed(header, 'a record beyond its end');
  const from = cursor.take(bytes);
  if (walk.over(cursor.buffer, from, from + bytes) !== from + bytes)
    throw malformed(header, 'a record of no clear length');
}

class RecordWalk {
  left: number;
  called = 0;
  readonly #header: WalkedHeader;
  readonly #fromOffset: number;
  readonly #onRecord: OnRecord;

  constructor(header: WalkedHeader, fromOffset: number, onRecord: OnRecord) {
    this.left = header.recordCount;
    this.#header = header;
    this.#fromOffset = fromOffset;
    this.#onRecord = onRecord;
  }

  /** Walks the records that lie wholly in [start, end); returns where the first that does not begins. */
  over(bytes: Buffer, start: number, end: number): number {
    const { baseOffset, baseTimestampMs, maxTimestampMs, attributes } = this.#header;
    const fixedTimestampMs = (attributes & logAppendTimeFlag) === 0 ? null : maxTimestampMs;
    const onRecord = this.#onRecord;
    let at = start;
    while (this.left > 0) {
      const recordStart = at;
      const length = readVarintWithin(bytes, at, end);
      at = after;
      const recordEnd = at + length;
      if (recordEnd > end || Number.isNaN(recordEnd)) return recordStart;
      at++; // the record's attributes, unused
      const timestampDelta = readVarlong(bytes, at);
      at = after;
      const offsetDelta = readVarint(bytes, at);
      at = after;
      const keyBytes = readVarint(bytes, at);
      const keyStart = keyBytes < 0 ? -1 : after;
      const keyEnd = keyStart + Math.max(keyBytes, 0);
      const valueBytes = readVarint(bytes, keyBytes < 0 ? after : keyEnd);
      const valueEnd = valueBytes < 0 ? after : after + valueBytes;
      // A length that points outside its record would hand foreign bytes to the caller.
      if (length < 0 || !(valueEnd <= recordEnd) || keyBytes < -1 || valueBytes < -1) {
        throw malformed(this.#header, `record ${offsetDelta} whose fields do not fit its length`);
      }
      const offset = baseOffset + offsetDelta;
      if (offset >= this.#fromOffset) {
        const timestampMs = fixedTimestampMs ?? baseTimestampMs + timestampDelta;
        onRecord(offset, timestampMs, bytes, keyStart, keyEnd, valueBytes < 0 ? -1 : after, valueEnd);
        this.called++;
      }
      at = recordEnd;
      this.left--;
    }
    return at;
  }
}

/** Headers of a record from where its value ends; only for callers that want them, as they cost objects. */
export function readHeaders(bytes: Buffer, valueEnd: number): { key: Buffer; value: Buffer | null }[] {
  const headers: { key: Buffer; value: Buffer | null }[] = [];
  let left = readVarint(bytes, valueEnd);
  let at = after;
  for (; left > 0; left--) {
    const keyBytes = readVarint(bytes, at);
    const key = bytes.subarray(after, after + keyBytes);
    const valueBytes = readVarint(bytes, after + keyBytes);
    headers.push({ key, value: valueBytes < 0 ? null : bytes.subarray(after, after + valueBytes) });
    at = after + Math.max(valueBytes, 0);
  }
  return headers;
}

/** Position behind what `readVarint` or `readVarlong` read last: two results without an object. */
let after = 0;

/** NaN when the bytes end within it or it is longer than 32 bits allow. */
function readVarint(bytes: Buffer, start: number): number {
  let byte = bytes[start] as number;
  let raw = byte & 0x7f;
  let at = start + 1;
  for (let shift = 7; byte >= 0x80; shift += 7) {
    if (shift > 28) return Number.NaN;
    byte = bytes[at++] as number;
    raw |= (byte & 0x7f) << shift;
  }
  after = at;
  return byte === undefined ? Number.NaN : (raw >>> 1) ^ -(raw & 1);
}

/** NaN when the varint does not end before `end`. */
function readVarintWithin(bytes: Buffer, start: number, end: number): number {
  const value = start < end ? readVarint(bytes, start) : Number.NaN;
  return after > end ? Number.NaN : value;
}

/** Exact for |value| <= 2^52, rounded beyond. */
function readVarlong(bytes: Buffer, start: number): number {
  const first = bytes[start] as number;
  if (first < 0x80) {
    after = start + 1;
    return (first >>> 1) ^ -(first & 1);
  }
  let raw = 0;
  let factor = 1;
  let at = start;
  let byte = 0x80;
  while (byte >= 0x80 && at - start < varlongMaxBytes) {
    byte = bytes[at++] as number;
    raw += (byte & 0x7f) * factor;
    factor *= 128;
  }
  after = at;
  return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
}

function malformed(header: WalkedHeader, what: string): Error {
  return invalidAnswer(`a record batch at offset ${header.baseOffset} with ${what}`);
}
