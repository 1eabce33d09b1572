/** The innermost loop of consuming: the records of one batch, field by field, on plain numbers. */
import { invalidAnswer } from './invalid-answer.ts';
import type { OnRecord, RecordBytes, WalkedHeader } from './record-walker.ts';

/** The time of every record is the batch's, set by the broker. */
const logAppendTimeFlag = 1 << 3;
const varlongMaxBytes = 10;
const lowBits = 0x7f;
/** Integers from here on take more than one byte, and more than two. */
const oneByte = 1 << 7;
const twoBytes = 1 << 14;

/** Calls back for each record at or above `fromOffset` of those in [start, end); returns how many those were. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the same lines four times, read in place as said below
export function walkRecords(
  { bytes, start, end }: RecordBytes,
  header: WalkedHeader,
  fromOffset: number,
  onRecord: OnRecord,
): number {
  const { baseOffset, baseTimestampMs, maxTimestampMs, attributes, recordCount } = header;
  const fixedTimestampMs = (attributes & logAppendTimeFlag) === 0 ? null : maxTimestampMs;
  let called = 0;
  let at = start;
  for (let left = recordCount; left > 0; left--) {
    if (at >= end) throw malformed(header, `${left} records fewer than its header says`);
    // Integers of up to two bytes, as nearly all are, are read in place: a call for each costs a quarter of the walk.
    let raw = bytes[at++] as number;
    if (raw >= oneByte) raw = (raw & lowBits) | ((bytes[at++] as number) << 7);
    if (raw >= twoBytes) {
      raw = readRest(bytes, at, raw, header);
      at = after;
    }
    const recordEnd = at + signed(raw);
    // Behind the length lie the record's attributes, unused.
    const timestampDelta = readVarlong(bytes, at + 1);
    at = after;
    raw = bytes[at++] as number;
    if (raw >= oneByte) raw = (raw & lowBits) | ((bytes[at++] as number) << 7);
    if (raw >= twoBytes) {
      raw = readRest(bytes, at, raw, header);
      at = after;
    }
    const offsetDelta = signed(raw);
    raw = bytes[at++] as number;
    if (raw >= oneByte) raw = (raw & lowBits) | ((bytes[at++] as number) << 7);
    if (raw >= twoBytes) {
      raw = readRest(bytes, at, raw, header);
      at = after;
    }
    const keyBytes = signed(raw);
    const keyStart = keyBytes < 0 ? -1 : at;
    if (keyBytes > 0) at += keyBytes;
    const keyEnd = keyBytes < 0 ? -1 : at;
    raw = bytes[at++] as number;
    if (raw >= oneByte) raw = (raw & lowBits) | ((bytes[at++] as number) << 7);
    if (raw >= twoBytes) {
      raw = readRest(bytes, at, raw, header);
      at = after;
    }
    const valueBytes = signed(raw);
    const valueEnd = valueBytes < 0 ? at : at + valueBytes;
    // A length that points outside its record would hand foreign bytes to the caller.
    if (recordEnd > end || valueEnd > recordEnd || offsetDelta < 0 || keyBytes < -1 || valueBytes < -1) {
      throw malformed(header, `record ${offsetDelta} whose fields do not fit its length`);
    }
    const offset = baseOffset + offsetDelta;
    if (offset >= fromOffset) {
      const timestampMs = fixedTimestampMs ?? baseTimestampMs + timestampDelta;
      onRecord(offset, timestampMs, bytes, keyStart, keyEnd, valueBytes < 0 ? -1 : at, valueEnd);
      called++;
    }
    at = recordEnd;
  }
  if (at < end) throw malformed(header, `${end - at} bytes behind its last record`);
  return called;
}

/** Position behind what was read last, where a function reads: two results without an object. */
let after = 0;

/** The third byte and those behind it of an integer in 32 bits, whose first two are in `raw`; what lies behind the bytes is 0. */
function readRest(bytes: Buffer, start: number, raw: number, header: WalkedHeader): number {
  let value = raw & (twoBytes - 1);
  let at = start;
  let byte = oneByte;
  for (let shift = 14; byte >= oneByte; shift += 7) {
    if (shift > 28) throw malformed(header, 'an integer longer than 32 bits');
    byte = bytes[at++] ?? 0;
    value |= (byte & lowBits) << shift;
  }
  after = at;
  return value;
}

function signed(zigzag: number): number {
  return (zigzag >>> 1) ^ -(zigzag & 1);
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
