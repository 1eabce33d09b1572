/** Has the records of one batch walked by the code of wasm/walk.ts, and handed to who wants to see them. */
import { invalidAnswer } from './invalid-answer.ts';
import type { OnRecord, RecordBytes, RecordVisitor, WalkedHeader } from './record-walker.ts';
import { SequenceCheck } from './stamp.ts';
import { viewOf } from './view-of.ts';
import { faults, firstRowWord, type RecordRange, rowWords, timeInRow, type Walked, WalkMemory } from './walk-memory.ts';

/** The time of every record is the batch's, set by the broker. */
const logAppendTimeFlag = 1 << 3;
const maxInt32 = 2 ** 31 - 1;

/** For records that lie in memory which the code does not reach, such as decompressed ones. */
const shared = new WalkMemory(128 * 1024);

/** Has each record at or above `fromOffset` of those in [start, end) visited; returns how many those were. */
export function walkRecords(
  lying: RecordBytes,
  header: WalkedHeader,
  fromOffset: number,
  visitor: RecordVisitor,
): number {
  const { bytes, start, end } = lying;
  const own = WalkMemory.of(bytes);
  const memory = own ?? shared;
  // Of a place in `bytes`, to the address.
  const shift = own === undefined ? copyToShared(lying) - start : bytes.byteOffset;
  const fromDelta = Math.min(Math.max(0, fromOffset - header.baseOffset), maxInt32);
  let range: RecordRange = { start: start + shift, end: end + shift, records: header.recordCount, fromDelta, shift };
  let visited = 0;
  while (range.records > 0) {
    const walked = visitor instanceof SequenceCheck ? memory.verify(range, visitor) : memory.rows(range);
    if (typeof visitor === 'function') handOver(memory, walked.visited, header, bytes, visitor);
    if (walked.fault !== faults.none) throw faultIn(header, walked);
    visited += walked.visited;
    range = { ...range, start: walked.at, records: walked.left };
  }
  if (range.start < range.end) throw malformed(header, `${range.end - range.start} bytes behind its last record`);
  return visited;
}

/** Returns the address. */
function copyToShared({ bytes, start, end }: RecordBytes): number {
  if (end - start > shared.bytes.length) shared.grow(Math.max(end - start, 2 * shared.bytes.length));
  bytes.copy(shared.bytes, 0, start, end);
  return shared.bytes.byteOffset;
}

/** Calls back for so many rows. All is a local number, or the compiler would box it. */
function handOver(
  { words, numbers }: WalkMemory,
  rows: number,
  { baseOffset, baseTimestampMs, maxTimestampMs, attributes }: WalkedHeader,
  bytes: Buffer,
  onRecord: OnRecord,
): void {
  const isLogAppendTime = (attributes & logAppendTimeFlag) !== 0;
  const timestampMs = isLogAppendTime ? maxTimestampMs : baseTimestampMs;
  const timestampScale = isLogAppendTime ? 0 : 1;
  const view = viewOf(bytes);
  const end = firstRowWord + rows * rowWords;
  for (let at = firstRowWord; at < end; at += rowWords) {
    const timestampDelta = numbers[(at + timeInRow) >> 1] as number;
    onRecord(
      baseOffset + (words[at] as number),
      timestampMs + timestampScale * timestampDelta,
      bytes,
      words[at + 1] as number,
      words[at + 2] as number,
      words[at + 3] as number,
      words[at + 4] as number,
      view,
    );
  }
}

function faultIn(header: WalkedHeader, { fault, left, offsetDelta }: Walked): Error {
  if (fault === faults.fewerRecords) return malformed(header, `${left} records fewer than its header says`);
  if (fault === faults.longInteger) return malformed(header, 'an integer longer than 32 bits');
  return malformed(header, `record ${offsetDelta} whose fields do not fit its length`);
}

function malformed(header: WalkedHeader, what: string): Error {
  return invalidAnswer(`a record batch at offset ${header.baseOffset} with ${what}`);
}
