import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchHeaderBytes, meanRecordBytes, recordBytes, varintBytes } from '../../lib/plan/record-batch.ts';

// The encoder of a client that brokers accept is the judge of our sizes.
const require = createRequire(import.meta.url);
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (record: {
  offsetDelta: number;
  timestampDelta: number;
  key: Buffer | null;
  value: Buffer;
}) => { buffer: Buffer };
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0/index.js') as {
  RecordBatch: (batch: { records: readonly unknown[] }) => Promise<{ buffer: Buffer }>;
};

describe('record batch sizes', () => {
  it('agree with an encoder for any key, value and deltas', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.nat(20_000),
        fc.nat(20_000),
        fc.integer({ min: -100, max: 100_000 }),
        (keyBytes, valueBytes, offsetDelta, timestampDelta) => {
          const encoded = encodeRecord({
            offsetDelta,
            timestampDelta,
            key: keyBytes === 0 ? null : Buffer.alloc(keyBytes),
            value: Buffer.alloc(valueBytes),
          }).buffer;
          expect(recordBytes({ keyBytes, valueBytes, headersBytes: 0 }, offsetDelta, timestampDelta)).toBe(
            encoded.length,
          );
        },
      ),
    );
  });

  it('add up to a whole batch', async () => {
    const records = Array.from({ length: 100 }, (_, i) =>
      encodeRecord({ offsetDelta: i, timestampDelta: 0, key: Buffer.alloc(16), value: Buffer.alloc(184) }),
    );
    const batch = (await RecordBatch({ records })).buffer;
    const shape = { keyBytes: 16, valueBytes: 184, headersBytes: 0 };
    expect(batchHeaderBytes + 100 * meanRecordBytes(shape, 100, 0)).toBe(batch.length);
  });

  it('give the mean of any batch exactly, as if every record were counted', () => {
    const shape = { keyBytes: 8, valueBytes: 100, headersBytes: 0 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 0, max: 2_000_000 }), (records, spreadMs) => {
        let total = 0;
        for (let i = 0; i < records; i += 1) total += recordBytes(shape, i, Math.floor((i * spreadMs) / records));
        expect(meanRecordBytes(shape, records, spreadMs) * records).toBeCloseTo(total, 3);
      }),
    );
  });

  it.each([
    [0, 1],
    [63, 1],
    [64, 2],
    [-64, 1],
    [-65, 2],
    [8191, 2],
    [8192, 3],
    [2 ** 40, 6],
  ])('a zigzag varint of %d takes %d bytes', (value, bytes) => {
    expect(varintBytes(value)).toBe(bytes);
  });
});
