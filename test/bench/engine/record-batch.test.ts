import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchHeaderBytes, batchLayout } from '../../../bench/engine/batch-layout.ts';
import { encodeBatch, sealBatch, unidentified } from '../../../bench/engine/record-batch.ts';
import { loadZstd } from '../../../bench/engine/zstd.ts';
import { compressions } from '../../../lib/requirements/types.ts';
import { anyRecords, encodeByReference, plain, readByReference, recordsOfOneTime } from './reference-batches.ts';

const record = { key: Buffer.from('k'), value: Buffer.from('v'), timestampMs: 1_700_000_000_000 };

describe('encodeBatch', () => {
  it('is read back by the reference reader, in every compression', async () => {
    await loadZstd();
    fc.assert(
      fc.property(anyRecords, fc.constantFrom(...compressions), (records, compression) => {
        const batch = encodeBatch(records, compression);
        sealBatch(batch, unidentified);
        expect(readByReference(batch)).toEqual(plain(records, 0));
      }),
      { numRuns: 60 },
    );
  });

  it('equals the reference encoding byte for byte, but for the fields the reference fills otherwise', () => {
    fc.assert(
      fc.property(recordsOfOneTime, (records) => {
        const ours = encodeBatch(records, 'none');
        sealBatch(ours, { producerId: -1n, producerEpoch: 0, baseSequence: 0 });
        const theirs = encodeByReference(records, 'none');
        // The reference says leader epoch 0 where unknown is -1; the checksum does not cover it.
        theirs.writeInt32BE(-1, batchLayout.partitionLeaderEpoch);
        expect(ours.equals(theirs)).toBe(true);
      }),
    );
  });

  it('seals again with another identity', () => {
    const batch = encodeBatch([record, record], 'none');
    sealBatch(batch, unidentified);
    const before = batch.readUInt32BE(batchLayout.crc);
    sealBatch(batch, { producerId: 4_000n, producerEpoch: 3, baseSequence: 17 });
    expect(batch.readUInt32BE(batchLayout.crc)).not.toBe(before);
    expect(batch.readBigInt64BE(batchLayout.producerId)).toBe(4_000n);
    expect(batch.readInt16BE(batchLayout.producerEpoch)).toBe(3);
    expect(batch.readInt32BE(batchLayout.baseSequence)).toBe(17);
    expect(batch.readInt32BE(batchLayout.lastOffsetDelta)).toBe(1);
    expect(batch.readInt32BE(batchLayout.batchLength)).toBe(batch.length - 12);
  });

  it('refuses an empty batch', () => {
    expect(() => encodeBatch([], 'none')).toThrow('at least one record');
  });

  it('has a header of 61 bytes', () => {
    const batch = encodeBatch([{ key: null, value: null, timestampMs: 0 }], 'none');
    // length, attributes, time delta, offset delta, key, value, headers: a byte each
    expect(batch.length - batchHeaderBytes).toBe(7);
  });
});
