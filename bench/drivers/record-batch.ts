/**
 * Encodes record batches (format v2, https://kafka.apache.org/documentation/#recordbatch) straight into one buffer: no object and
 * no intermediate buffer a record, which is most of what a client library spends on small batches.
 */
import { compressionsAlgorithms, crc32c } from '@platformatic/kafka';
import { batchHeaderBytes, varintBytes } from '../../lib/plan/record-batch.ts';
import type { Compression } from '../../lib/requirements/types.ts';
import type { PartitionBatch } from './driver.ts';

export interface BatchProducer {
  /** -1 and -1 without idempotence. */
  readonly id: bigint;
  readonly epoch: number;
}

const magic = 2;
/** Offset of what the checksum covers: attributes to the end. */
const checksummedFrom = 21;
const lengthCountsFrom = 12;

/** `baseSequence`: the partition's sequence number of the first record; -1 without idempotence. */
export function encodeRecordBatch(
  records: PartitionBatch['records'],
  compression: Compression,
  producer: BatchProducer,
  baseSequence: number,
): Buffer {
  const firstMs = records[0]?.timestampMs ?? 0;
  const plain = encodeRecords(records, firstMs);
  const algorithm = compressionsAlgorithms[compression];
  const body = compression === 'none' ? plain : algorithm.compressSync(plain);
  const batch = Buffer.allocUnsafe(batchHeaderBytes + body.length);
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - lengthCountsFrom, 8);
  batch.writeInt32BE(-1, 12);
  batch.writeInt8(magic, 16);
  batch.writeInt16BE(algorithm.bitmask, 21);
  batch.writeInt32BE(records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(firstMs), 27);
  batch.writeBigInt64BE(BigInt(Math.max(firstMs, ...records.map(({ timestampMs }) => timestampMs))), 35);
  batch.writeBigInt64BE(producer.id, 43);
  batch.writeInt16BE(producer.epoch, 51);
  batch.writeInt32BE(baseSequence, 53);
  batch.writeInt32BE(records.length, 57);
  body.copy(batch, batchHeaderBytes);
  batch.writeUInt32BE(crc32c(batch.subarray(checksummedFrom)), 17);
  return batch;
}

function encodeRecords(records: PartitionBatch['records'], firstMs: number): Buffer {
  const sizes = records.map((record, index) => bodyBytes(record, index, firstMs));
  const buffer = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + varintBytes(size) + size, 0));
  let at = 0;
  for (const [index, { key, value, timestampMs }] of records.entries()) {
    at = writeVarint(buffer, at, sizes[index] ?? 0);
    buffer[at] = 0;
    at = writeVarint(buffer, at + 1, timestampMs - firstMs);
    at = writeVarint(buffer, at, index);
    at = writeVarint(buffer, at, key === null ? -1 : key.length);
    if (key !== null) at += key.copy(buffer, at);
    at = writeVarint(buffer, at, value.length);
    at += value.copy(buffer, at);
    // No headers.
    buffer[at] = 0;
    at += 1;
  }
  return buffer;
}

/** Of one record without its length: attributes, time, offset, key, value, number of headers. */
function bodyBytes(
  { key, value, timestampMs }: PartitionBatch['records'][number],
  index: number,
  firstMs: number,
): number {
  const keyBytes = key === null ? varintBytes(-1) : varintBytes(key.length) + key.length;
  const valueBytes = varintBytes(value.length) + value.length;
  return 1 + varintBytes(timestampMs - firstMs) + varintBytes(index) + keyBytes + valueBytes + 1;
}

/** Zigzag, 7 bits a byte; returns where the next value goes. */
function writeVarint(buffer: Buffer, offset: number, value: number): number {
  let at = offset;
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  while (rest >= 128) {
    buffer[at] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
    at += 1;
  }
  buffer[at] = rest;
  return at + 1;
}
