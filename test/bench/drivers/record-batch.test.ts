import { Reader, readRecordsBatch } from '@platformatic/kafka';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRecordBatch } from '../../../bench/drivers/record-batch.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const record = fc.record({
  key: fc.option(bytes(20), { nil: null }),
  value: bytes(400),
  timestampMs: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
});
const compressions = ['none', 'gzip', 'snappy', 'lz4'] as const;

/** CRC-32C bit by bit (RFC 3720 B.4), so that the library's own does not vouch for itself. */
function crc32c(data: Buffer): number {
  let crc = 0xffff_ffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

describe('encodeRecordBatch', () => {
  it('is read back as it was written, by the library and by its checksum', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 70 }),
        fc.constantFrom(...compressions),
        fc.bigInt({ min: -1n, max: 2n ** 40n }),
        fc.integer({ min: -1, max: 2 ** 31 - 1 }),
        (records, compression, id, sequence) => {
          const encoded = encodeRecordBatch(records, compression, { id, epoch: 3 }, sequence);
          const batch = readRecordsBatch(Reader.from(encoded));
          expect(batch).toMatchObject({
            firstOffset: 0n,
            length: encoded.length - 12,
            partitionLeaderEpoch: -1,
            magic: 2,
            lastOffsetDelta: records.length - 1,
            producerId: id,
            producerEpoch: 3,
            firstSequence: sequence,
          });
          expect(batch.crc).toBe(crc32c(encoded.subarray(21)));
          expect(Number(batch.maxTimestamp)).toBe(Math.max(...records.map(({ timestampMs }) => timestampMs)));
          const read = batch.records.map(({ key, value, timestampDelta, offsetDelta, headers }) => ({
            key: key?.toString('hex') ?? null,
            value: value?.toString('hex'),
            timestampMs: Number(batch.firstTimestamp + timestampDelta),
            offsetDelta,
            headers: headers.length,
          }));
          const written = records.map(({ key, value, timestampMs }, offsetDelta) => ({
            key: key?.toString('hex') ?? null,
            value: value.toString('hex'),
            timestampMs,
            offsetDelta,
            headers: 0,
          }));
          expect(read).toEqual(written);
        },
      ),
      { numRuns: 60 },
    );
  });
});
