/**
 * Encodes record batches, format v2, into buffers the caller owns.
 * Source of the format: https://kafka.apache.org/documentation/#recordbatch
 */

import type { Compression } from '../../lib/requirements/types.ts';
import { batchHeaderBytes, batchLayout, batchLengthExcludes, batchMagic } from './batch-layout.ts';
import { codecOf, compress } from './codecs.ts';
import { crc32c } from './crc32c.ts';
import { varintBytes, varlongBytes, writeVarint, writeVarlong } from './varint.ts';

export interface RecordHeader {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

export interface BatchRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly timestampMs: number;
  readonly headers?: readonly RecordHeader[];
}

/** Who produced the batch; `unidentified` without idempotence. */
export interface BatchIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Sequence number of the first record. */
  readonly baseSequence: number;
}

export const unidentified: BatchIdentity = { producerId: -1n, producerEpoch: -1, baseSequence: -1 };

/** What the header says about the records behind it. */
export interface BatchContent {
  readonly attributes: number;
  readonly recordCount: number;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
}

/** Encodes the records as one batch in a new buffer, not yet sealed: producer and checksum are missing. */
export function encodeBatch(records: readonly BatchRecord[], compression: Compression): Buffer {
  const first = records[0];
  if (first === undefined) throw new RangeError('a record batch needs at least one record');
  let bytes = batchHeaderBytes;
  let maxTimestampMs = first.timestampMs;
  for (let index = 0; index < records.length; index++) {
    const record = records[index] as BatchRecord;
    const body = recordBodyBytes(record, record.timestampMs - first.timestampMs, index);
    bytes += varintBytes(body) + body;
    if (record.timestampMs > maxTimestampMs) maxTimestampMs = record.timestampMs;
  }
  const batch = Buffer.allocUnsafe(bytes);
  let at = batchHeaderBytes;
  for (let index = 0; index < records.length; index++) {
    const record = records[index] as BatchRecord;
    at = writeRecord(batch, at, record, record.timestampMs - first.timestampMs, index);
  }
  writeBatchHeader(batch, {
    attributes: 0,
    recordCount: records.length,
    baseTimestampMs: first.timestampMs,
    maxTimestampMs,
  });
  return compressBatch(batch, compression);
}

/** The batch with its records compressed, in a new buffer; still to be sealed. With compression none it stays as it is. */
export function compressBatch(batch: Buffer, compression: Compression): Buffer {
  const codec = codecOf(compression);
  if (codec === 0) return batch;
  const records = compress(codec, batch.subarray(batchHeaderBytes));
  const compressed = Buffer.concat([batch.subarray(0, batchHeaderBytes), records]);
  compressed.writeInt32BE(compressed.length - batchLengthExcludes, batchLayout.batchLength);
  compressed.writeInt16BE(batch.readInt16BE(batchLayout.attributes) | codec, batchLayout.attributes);
  return compressed;
}

/** Bytes of a record behind its length field. */
export function recordBodyBytes(record: BatchRecord, timestampDelta: number, offsetDelta: number): number {
  const headers = record.headers ?? [];
  let bytes = 1 + varlongBytes(timestampDelta) + varintBytes(offsetDelta);
  bytes += blobBytes(record.key) + blobBytes(record.value) + varintBytes(headers.length);
  for (const header of headers) bytes += blobBytes(header.key) + blobBytes(header.value);
  return bytes;
}

/** Writes one record with its length; returns the position after it. */
export function writeRecord(
  into: Buffer,
  start: number,
  record: BatchRecord,
  timestampDelta: number,
  offsetDelta: number,
): number {
  const headers = record.headers ?? [];
  let at = writeVarint(into, start, recordBodyBytes(record, timestampDelta, offsetDelta));
  into[at++] = 0; // attributes, unused
  at = writeVarlong(into, at, timestampDelta);
  at = writeVarint(into, at, offsetDelta);
  at = writeBlob(into, at, record.key);
  at = writeBlob(into, at, record.value);
  at = writeVarint(into, at, headers.length);
  for (const header of headers) {
    at = writeBlob(into, at, header.key);
    at = writeBlob(into, at, header.value);
  }
  return at;
}

/** Writes every header field but producer and checksum; `batch` is the whole batch and nothing else. */
export function writeBatchHeader(batch: Buffer, content: BatchContent): void {
  writeInt64(batch, batchLayout.baseOffset, 0);
  batch.writeInt32BE(batch.length - batchLengthExcludes, batchLayout.batchLength);
  batch.writeInt32BE(-1, batchLayout.partitionLeaderEpoch);
  batch[batchLayout.magic] = batchMagic;
  batch.writeInt16BE(content.attributes, batchLayout.attributes);
  batch.writeInt32BE(content.recordCount - 1, batchLayout.lastOffsetDelta);
  writeInt64(batch, batchLayout.baseTimestamp, content.baseTimestampMs);
  writeInt64(batch, batchLayout.maxTimestamp, content.maxTimestampMs);
  batch.writeInt32BE(content.recordCount, batchLayout.recordCount);
}

/** Writes the producer and the checksum, the last steps before the wire; may be repeated with another identity. */
export function sealBatch(batch: Buffer, identity: BatchIdentity): void {
  batch.writeBigInt64BE(identity.producerId, batchLayout.producerId);
  batch.writeInt16BE(identity.producerEpoch, batchLayout.producerEpoch);
  batch.writeInt32BE(identity.baseSequence, batchLayout.baseSequence);
  batch.writeUInt32BE(crc32c(batch.subarray(batchLayout.attributes)), batchLayout.crc);
}

function blobBytes(blob: Uint8Array | null): number {
  return blob === null ? 1 : varintBytes(blob.length) + blob.length;
}

function writeBlob(into: Uint8Array, at: number, blob: Uint8Array | null): number {
  if (blob === null) return writeVarint(into, at, -1);
  const start = writeVarint(into, at, blob.length);
  into.set(blob, start);
  return start + blob.length;
}

/** Exact for safe integers, and cheaper than a BigInt. */
function writeInt64(into: Buffer, at: number, value: number): void {
  into.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
  into.writeUInt32BE(value >>> 0, at + 4);
}
