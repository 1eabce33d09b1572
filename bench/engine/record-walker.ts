/**
 * Walks the record batches of a partition where they lie, as they arrive, without copying or building objects for records.
 * A broker may cut the last batch short; that is no fault, it comes again with the next request.
 */
import {
  batchHeaderBytes,
  batchLayout,
  batchLengthExcludes,
  batchMagic,
  codecMask,
  controlFlag,
  transactionalFlag,
} from './batch-layout.ts';
import { decompress } from './codecs.ts';
import { crc32c } from './crc32c.ts';
import { invalidAnswer } from './invalid-answer.ts';
import type { SequenceCheck } from './stamp.ts';
import { walkRecords } from './walk-records.ts';

/**
 * Called for each record. `bytes` is valid during the call only; key and value are at [start, end), a null one has
 * start -1. The headers begin at `valueEnd`. It walks no records itself: all walks share memory. `view` shows the same memory, for integers.
 */
export type OnRecord = (
  offset: number,
  timestampMs: number,
  bytes: Buffer,
  keyStart: number,
  keyEnd: number,
  valueStart: number,
  valueEnd: number,
  view: DataView,
) => void;

/** Sees each record, or has their ids verified as they are walked, at half of the price. */
export type RecordVisitor = OnRecord | SequenceCheck;

export interface WalkOptions {
  /** Records before this offset are passed over: a broker sends whole batches. */
  readonly fromOffset: number;
  readonly checkCrc: boolean;
  /** Transactions to leave out. */
  readonly aborted?: readonly AbortedTransaction[];
}

export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** What one answer holds of one partition. */
export class PartitionWalk {
  /** Where the next request begins; `fromOffset` before a batch was whole. */
  nextOffset: number;
  records = 0;
  batches = 0;
  controlBatches = 0;
  readonly #options: WalkOptions;
  readonly #aborted: OpenAborts | null;
  readonly #visitor: RecordVisitor;

  constructor(options: WalkOptions, visitor: RecordVisitor) {
    const { fromOffset, aborted = [] } = options;
    this.nextOffset = fromOffset;
    this.#options = options;
    this.#aborted = aborted.length === 0 ? null : new OpenAborts(aborted);
    this.#visitor = visitor;
  }

  /**
   * Takes the whole batches in [start, end); returns where the first begins that is not whole.
   * Throws BROKER_ANSWER_INVALID on bytes that are no record batch.
   */
  take(bytes: Buffer, start: number, end: number): number {
    let at = start;
    for (let header = wholeHeader(bytes, at, end); header !== null; header = wholeHeader(bytes, at, end)) {
      const recordsStart = at + batchHeaderBytes;
      at += header.batchBytes;
      if (this.#options.checkCrc) checkCrc(header, bytes.subarray(recordsStart - checkedHeaderBytes, at));
      this.#walk(header, { bytes, start: recordsStart, end: at });
      this.batches++;
      this.nextOffset = Math.max(this.nextOffset, header.lastOffset + 1);
    }
    return at;
  }

  #walk(header: WalkedHeader, lying: RecordBytes): void {
    if ((header.attributes & controlFlag) !== 0) {
      this.controlBatches++;
      this.#aborted?.end(header);
    } else if (this.#aborted?.has(header) !== true) {
      this.records += walkRecords(plainRecords(header, lying), header, this.#options.fromOffset, this.#visitor);
    }
  }
}

/** Where records lie. */
export interface RecordBytes {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Header of a batch, as far as records need it. */
export interface WalkedHeader {
  /** Of the whole batch, its header included. */
  readonly batchBytes: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly attributes: number;
  readonly producerId: number;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly recordCount: number;
  readonly crc: number;
}

/** The header's part of what the checksum covers. */
const checkedHeaderBytes = batchHeaderBytes - batchLayout.attributes;

/** The header at `at` if its whole batch lies before `end`, otherwise null. */
function wholeHeader(bytes: Buffer, at: number, end: number): WalkedHeader | null {
  if (end - at < batchHeaderBytes) return null;
  const batchBytes = bytes.readInt32BE(at + batchLayout.batchLength) + batchLengthExcludes;
  const magic = bytes.readInt8(at + batchLayout.magic);
  if (magic !== batchMagic) throw invalidAnswer(`a record batch of format ${magic}; the engine reads format 2`);
  if (batchBytes < batchHeaderBytes) throw invalidAnswer(`a record batch of ${batchBytes} bytes`);
  if (batchBytes > end - at) return null;
  const baseOffset = readInt64(bytes, at + batchLayout.baseOffset);
  return {
    batchBytes,
    baseOffset,
    lastOffset: baseOffset + bytes.readInt32BE(at + batchLayout.lastOffsetDelta),
    attributes: bytes.readInt16BE(at + batchLayout.attributes),
    producerId: readInt64(bytes, at + batchLayout.producerId),
    baseTimestampMs: readInt64(bytes, at + batchLayout.baseTimestamp),
    maxTimestampMs: readInt64(bytes, at + batchLayout.maxTimestamp),
    recordCount: bytes.readInt32BE(at + batchLayout.recordCount),
    crc: bytes.readUInt32BE(at + batchLayout.crc),
  };
}

/** The aborted transactions that a walk has entered and not left. A producer has one transaction open at a time. */
class OpenAborts {
  readonly #coming: AbortedTransaction[];
  readonly #open = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#coming = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  has({ attributes, producerId, lastOffset }: WalkedHeader): boolean {
    this.#enter(lastOffset);
    return (attributes & transactionalFlag) !== 0 && this.#open.has(producerId);
  }

  /** By the mark at its end; that of a commit is never one of an aborted transaction that is open. */
  end({ producerId, lastOffset }: WalkedHeader): void {
    // An answer may begin with the mark: left to come, its transaction would swallow the producer's next one.
    this.#enter(lastOffset);
    this.#open.delete(producerId);
  }

  #enter(lastOffset: number): void {
    while (this.#coming.length > 0 && (this.#coming[0] as AbortedTransaction).firstOffset <= lastOffset) {
      this.#open.add((this.#coming.shift() as AbortedTransaction).producerId);
    }
  }
}

function checkCrc({ baseOffset, crc }: WalkedHeader, checked: Buffer): void {
  const found = crc32c(checked);
  if (found !== crc) {
    throw invalidAnswer(`a record batch at offset ${baseOffset} with checksum ${found}, its header says ${crc}`);
  }
}

function plainRecords(header: WalkedHeader, lying: RecordBytes): RecordBytes {
  const codec = header.attributes & codecMask;
  if (codec === 0) return lying;
  try {
    const bytes = decompress(codec, lying.bytes.subarray(lying.start, lying.end));
    return { bytes, start: 0, end: bytes.length };
  } catch (cause) {
    throw invalidAnswer(`a record batch at offset ${header.baseOffset} that cannot be decompressed`, cause);
  }
}

function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}
