/**
 * Walks the record batches of a Fetch response where they lie, without copying or building objects for records.
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
import { ChunkCursor } from './chunk-cursor.ts';
import { decompress } from './codecs.ts';
import { crc32c } from './crc32c.ts';
import { invalidAnswer } from './invalid-answer.ts';
import { walkRecords } from './walk-records.ts';

/**
 * Called for each record. `bytes` is valid during the call only; key and value are at [start, end), a null one has
 * start -1. The headers, if wanted, begin at `valueEnd` (see `readHeaders`).
 */
export type OnRecord = (
  offset: number,
  timestampMs: number,
  bytes: Buffer,
  keyStart: number,
  keyEnd: number,
  valueStart: number,
  valueEnd: number,
) => void;

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

export interface Walked {
  /** Where the next request begins; `fromOffset` when no batch was whole. */
  readonly nextOffset: number;
  readonly records: number;
  readonly batches: number;
  readonly controlBatches: number;
  /** Bytes of a last batch that was cut short. */
  readonly cutBytes: number;
}

/** Walks the batches in `chunks`. Throws BROKER_ANSWER_INVALID on bytes that are no record batch. */
export function walkBatches(chunks: readonly Buffer[], options: WalkOptions, onRecord: OnRecord): Walked {
  const cursor = new ChunkCursor(chunks);
  let nextOffset = options.fromOffset;
  let records = 0;
  let batches = 0;
  let controlBatches = 0;
  const aborted =
    options.aborted === undefined || options.aborted.length === 0 ? null : new OpenAborts(options.aborted);
  for (let header = nextWholeHeader(cursor); header !== null; header = nextWholeHeader(cursor)) {
    const views = cursor.takeViews(header.recordsBytes);
    if (options.checkCrc) checkCrc(header, views);
    batches++;
    nextOffset = Math.max(nextOffset, header.lastOffset + 1);
    if ((header.attributes & controlFlag) !== 0) {
      controlBatches++;
      aborted?.end(header.producerId);
      continue;
    }
    if (aborted?.has(header) === true) continue;
    records += walkRecords(recordChunks(header, views), header, options.fromOffset, onRecord);
  }
  return { nextOffset, records, batches, controlBatches, cutBytes: cursor.remaining };
}

/** The offset behind the last whole batch, from the headers alone; null when no batch is whole. */
export function offsetBehind(chunks: readonly Buffer[]): number | null {
  const cursor = new ChunkCursor(chunks);
  let behind: number | null = null;
  for (let header = nextWholeHeader(cursor); header !== null; header = nextWholeHeader(cursor)) {
    cursor.skip(header.recordsBytes);
    behind = header.lastOffset + 1;
  }
  return behind;
}

/** Header of a batch, as far as records need it. */
export interface WalkedHeader {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly attributes: number;
  readonly producerId: number;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly recordCount: number;
  readonly recordsBytes: number;
  readonly crc: number;
  /** The header's part of what the checksum covers. */
  readonly checked: Buffer;
}

/** Takes the next header if its whole batch is there; otherwise leaves the cursor at the cut batch. */
function nextWholeHeader(cursor: ChunkCursor): WalkedHeader | null {
  if (cursor.remaining < batchHeaderBytes) return null;
  const remaining = cursor.remaining;
  const at = cursor.peek(batchHeaderBytes);
  const bytes = cursor.buffer;
  const batchBytes = bytes.readInt32BE(at + batchLayout.batchLength) + batchLengthExcludes;
  const magic = bytes.readInt8(at + batchLayout.magic);
  if (magic !== batchMagic) throw invalidAnswer(`a record batch of format ${magic}; the engine reads format 2`);
  if (batchBytes < batchHeaderBytes) throw invalidAnswer(`a record batch of ${batchBytes} bytes`);
  if (batchBytes > remaining) return null;
  cursor.skip(batchHeaderBytes);
  const baseOffset = readInt64(bytes, at + batchLayout.baseOffset);
  return {
    baseOffset,
    lastOffset: baseOffset + bytes.readInt32BE(at + batchLayout.lastOffsetDelta),
    attributes: bytes.readInt16BE(at + batchLayout.attributes),
    producerId: readInt64(bytes, at + batchLayout.producerId),
    baseTimestampMs: readInt64(bytes, at + batchLayout.baseTimestamp),
    maxTimestampMs: readInt64(bytes, at + batchLayout.maxTimestamp),
    recordCount: bytes.readInt32BE(at + batchLayout.recordCount),
    recordsBytes: batchBytes - batchHeaderBytes,
    crc: bytes.readUInt32BE(at + batchLayout.crc),
    checked: bytes.subarray(at + batchLayout.attributes, at + batchHeaderBytes),
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
    while (this.#coming.length > 0 && (this.#coming[0] as AbortedTransaction).firstOffset <= lastOffset) {
      this.#open.add((this.#coming.shift() as AbortedTransaction).producerId);
    }
    return (attributes & transactionalFlag) !== 0 && this.#open.has(producerId);
  }

  /** By the mark at its end; that of a commit is never one of an aborted transaction that is open. */
  end(producerId: number): void {
    this.#open.delete(producerId);
  }
}

function checkCrc(header: WalkedHeader, views: readonly Buffer[]): void {
  let crc = crc32c(header.checked);
  for (const view of views) crc = crc32c(view, crc);
  if (crc !== header.crc) {
    throw invalidAnswer(
      `a record batch at offset ${header.baseOffset} with checksum ${crc}, its header says ${header.crc}`,
    );
  }
}

function recordChunks(header: WalkedHeader, views: readonly Buffer[]): readonly Buffer[] {
  const codec = header.attributes & codecMask;
  if (codec === 0) return views;
  try {
    return [decompress(codec, views.length === 1 ? (views[0] as Buffer) : Buffer.concat(views))];
  } catch (cause) {
    throw invalidAnswer(`a record batch at offset ${header.baseOffset} that cannot be decompressed`, cause);
  }
}

function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}
