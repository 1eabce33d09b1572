import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchHeaderBytes, batchLayout, controlFlag, transactionalFlag } from '../../../bench/engine/batch-layout.ts';
import { type BatchRecord, encodeBatch, sealBatch, unidentified } from '../../../bench/engine/record-batch.ts';
import { type OnRecord, PartitionWalk } from '../../../bench/engine/record-walker.ts';
import { WalkMemory } from '../../../bench/engine/walk-memory.ts';
import { loadZstd } from '../../../bench/engine/zstd.ts';
import { compressions } from '../../../lib/requirements/types.ts';
import { readHeaders } from './read-headers.ts';
import {
  anyRecords,
  encodeByReference,
  type PlainRecord,
  plain,
  recordsOfOneTime,
  splitAt,
} from './reference-batches.ts';

interface Way {
  readonly fromOffset?: number;
  readonly checkCrc?: boolean;
  /** What the memory has behind what has arrived. */
  readonly bytesBehind?: number;
  /** False: in memory that the walker does not reach, as after a library's decryption. */
  readonly isReceived?: boolean;
}

/** In memory that the walker reaches. */
function received(bytes: Buffer): Buffer {
  const memory = new WalkMemory(bytes.length);
  memory.bytes.set(bytes);
  return memory.bytes;
}

/** As the bytes arrive: what is not taken is there again, with the next chunk behind it. */
function walkWith(chunks: readonly Buffer[], onRecord: OnRecord, way: Way = {}) {
  const { fromOffset = 0, checkCrc = true, bytesBehind = 9, isReceived = true } = way;
  const placed = (bytes: Buffer) => (isReceived ? received(bytes) : bytes);
  const walk = new PartitionWalk({ fromOffset, checkCrc }, onRecord);
  let left = Buffer.alloc(0);
  for (const chunk of chunks) {
    // Somewhere in a larger memory, as in a receive buffer.
    const memory = placed(Buffer.concat([Buffer.alloc(7, 0xff), left, chunk, Buffer.alloc(bytesBehind, 0xff)]));
    const end = memory.length - bytesBehind;
    left = Buffer.from(memory.subarray(walk.take(memory, 7, end), end));
  }
  const { records, batches, controlBatches, nextOffset } = walk;
  return { records, batches, controlBatches, nextOffset, cutBytes: left.length };
}

function walk(chunks: readonly Buffer[], way: Way = {}) {
  const found: PlainRecord[] = [];
  const visit: OnRecord = (offset, timestampMs, bytes, keyStart, keyEnd, start, end, view) => {
    const text = (from: number, to: number) => (from < 0 ? null : bytes.toString('hex', from, to));
    const headers = readHeaders(bytes, end).map(
      ({ key, value }) => [key.toString('hex'), value === null ? null : value.toString('hex')] as const,
    );
    if (end > start && start >= 0) expect(view.getUint8(start)).toBe(bytes[start]);
    found.push({ offset, timestampMs, key: text(keyStart, keyEnd), value: text(start, end), headers });
  };
  const walked = walkWith(chunks, visit, way);
  return { ...walked, found };
}

/** A batch as a broker stores it: sealed, and at an offset. */
function stored(records: readonly BatchRecord[], baseOffset: number, compression: 'none' | 'gzip' | 'lz4' = 'none') {
  const batch = encodeBatch(records, compression);
  sealBatch(batch, unidentified);
  batch.writeBigInt64BE(BigInt(baseOffset), batchLayout.baseOffset);
  return batch;
}

const record = (value: string): BatchRecord => ({
  key: null,
  value: Buffer.from(value),
  timestampMs: 1_700_000_000_000,
});
const three = ['a', 'bb', 'ccc'].map(record);

describe('PartitionWalk', () => {
  it('finds what the reference encoder wrote, however the bytes are split', async () => {
    await loadZstd();
    fc.assert(
      fc.property(
        recordsOfOneTime,
        fc.constantFrom(...compressions),
        fc.array(fc.nat(), { maxLength: 40 }),
        fc.boolean(),
        (records, compression, places, isReceived) => {
          const { found, nextOffset } = walk(splitAt(encodeByReference(records, compression), places), { isReceived });
          expect(found).toEqual(plain(records, 0));
          expect(nextOffset).toBe(records.length);
        },
      ),
    );
  });

  it('finds what our encoder wrote, with any time stamps', () => {
    fc.assert(
      fc.property(anyRecords, fc.nat(9), (records, bytesBehind) => {
        expect(walk([stored(records, 5)], { bytesBehind }).found).toEqual(plain(records, 5));
      }),
    );
  });

  it('finds records whose lengths take one, two, three and four bytes, with keys and without, to the end of the memory', () => {
    const lengths = [0, 1, 3, 4, 57, 58, 62, 63, 64, 65, 127, 128, 8_182, 8_191, 8_192, 16_384, 1_048_576];
    const keys = [null, ...lengths];
    const sized = (length: number) => Buffer.alloc(length, length);
    for (const keyBytes of keys) {
      const records = lengths.map((length, index) => ({
        key: keyBytes === null ? null : sized(keyBytes),
        value: sized(length),
        timestampMs: 1_700_000_000_000 + 90 * index,
      }));
      // Each of them last in its memory, once.
      for (const last of keyBytes === 1_048_576 ? [records] : records.map((_, index) => records.slice(0, index + 1)))
        expect(walk([stored(last, 0)], { bytesBehind: 0 }).found).toEqual(plain(last, 0));
    }
  });

  it('finds records larger than all before, where they were compressed, and smaller ones behind them', () => {
    const sizes = [300_000, 1, 2_000_000];
    const records = sizes.map((bytes) => record('v'.repeat(bytes)));
    const batches = records.map((one, index) => stored([one], index, 'gzip'));
    expect(walk(batches).found).toEqual(plain(records, 0));
  });

  it('finds ten thousand records of one batch, each at its offset', () => {
    const records = Array.from({ length: 10_000 }, () => record(''));
    expect(walk([stored(records, 7)]).found.map(({ offset }) => offset)).toEqual(records.map((_, index) => 7 + index));
  });

  it('gives the same for bytes split at every place, and for one byte a chunk', () => {
    const bytes = Buffer.concat([stored(three, 0), stored(three, 3, 'gzip'), stored(three, 6)]);
    const expected = plain([...three, ...three, ...three], 0);
    for (let place = 1; place < bytes.length; place++) expect(walk(splitAt(bytes, [place])).found).toEqual(expected);
    expect(walk(Array.from(bytes, (byte) => Buffer.from([byte]))).found).toEqual(expected);
  });

  it('leaves a last batch that was cut short, at every byte of it', () => {
    const whole = stored(three, 40);
    const last = stored(three, 43);
    for (let bytes = 0; bytes < last.length; bytes++) {
      const chunks = [Buffer.concat([whole, last.subarray(0, bytes)])];
      const { found, nextOffset, cutBytes } = walk(chunks, { fromOffset: 40 });
      expect([found.length, nextOffset, cutBytes]).toEqual([3, 43, bytes]);
    }
  });

  it('passes over records before the offset asked for', () => {
    const { found, records, nextOffset } = walk([stored(three, 10)], { fromOffset: 12 });
    expect(found.map(({ offset }) => offset)).toEqual([12]);
    expect([records, nextOffset]).toEqual([1, 13]);
  });

  it('passes over control batches, and past a batch that compaction emptied', () => {
    const control = stored([record('marker')], 3);
    control.writeInt16BE(controlFlag, batchLayout.attributes);
    sealBatch(control, unidentified);
    const empty = Buffer.from(stored(three, 4).subarray(0, batchHeaderBytes));
    empty.writeInt32BE(batchHeaderBytes - 12, batchLayout.batchLength);
    empty.writeInt32BE(0, batchLayout.recordCount);
    sealBatch(empty, unidentified);
    const { found, nextOffset, controlBatches, batches } = walk([Buffer.concat([stored(three, 0), control, empty])]);
    expect([found.length, nextOffset, controlBatches, batches]).toEqual([3, 7, 1, 3]);
  });

  it('forgets an aborted transaction whose mark begins the answer: the next of that producer is committed', () => {
    const batchOf = (offset: number, attributes: number) => {
      const batch = stored(three, offset);
      batch.writeInt16BE(attributes, batchLayout.attributes);
      batch.writeBigInt64BE(7n, batchLayout.producerId);
      return batch;
    };
    const bytes = Buffer.concat([batchOf(10, controlFlag | transactionalFlag), batchOf(13, transactionalFlag)]);
    const found: number[] = [];
    const options = { fromOffset: 10, checkCrc: false, aborted: [{ producerId: 7, firstOffset: 4 }] };
    new PartitionWalk(options, (offset) => found.push(offset)).take(bytes, 0, bytes.length);
    expect(found).toEqual([13, 14, 15]);
  });

  it('takes the time of the batch when the broker set it', () => {
    const batch = stored(three, 0);
    batch.writeInt16BE(1 << 3, batchLayout.attributes);
    batch.writeBigInt64BE(1_800_000_000_000n, batchLayout.maxTimestamp);
    sealBatch(batch, unidentified);
    expect(walk([batch]).found.map(({ timestampMs }) => timestampMs)).toEqual(Array(3).fill(1_800_000_000_000));
  });

  it('finds nothing in nothing', () => {
    expect(walk([], { fromOffset: 9 })).toMatchObject({ records: 0, batches: 0, nextOffset: 9 });
  });
});

describe('PartitionWalk on bytes that are wrong', () => {
  it('names a checksum that does not match, for any flipped bit it covers', () => {
    const good = stored(three, 0);
    for (let place = batchLayout.attributes; place < good.length; place++) {
      const bad = Buffer.from(good);
      bad[place] = (bad[place] ?? 0) ^ 0x10;
      expect(() => walk([bad])).toThrow(/checksum/);
    }
  });

  it('refuses other formats, impossible lengths and unknown codecs', () => {
    const bad = (place: number, byte: number) => {
      const batch = stored(three, 0);
      batch[place] = byte;
      return () => walk([batch], { checkCrc: false });
    };
    expect(bad(batchLayout.magic, 1)).toThrow('format 1');
    expect(bad(batchLayout.batchLength, 0xff)).toThrow(/record batch of -\d+ bytes/);
    expect(bad(batchLayout.attributes + 1, 7)).toThrow('cannot be decompressed');
    expect(bad(batchLayout.attributes + 1, 1)).toThrow('cannot be decompressed');
  });

  it('refuses a batch that ends before the records its header counts', () => {
    const batch = stored(three, 0);
    batch.writeInt32BE(5, batchLayout.recordCount);
    sealBatch(batch, unidentified);
    for (const chunks of [[batch], splitAt(batch, [batch.length - 4])])
      expect(() => walk(chunks)).toThrow('2 records fewer than its header says');
  });

  it('refuses bytes behind the last record, and integers that are too long, wherever they are', () => {
    const fewer = stored(three, 0);
    fewer.writeInt32BE(2, batchLayout.recordCount);
    expect(() => walk([fewer], { checkCrc: false })).toThrow(/with 10 bytes behind its last record/);
    // Length, offset and length of the key; the attributes and the time stand between them.
    for (const place of [0, 3, 4]) {
      const long = stored([record('v'.repeat(40))], 0);
      long.fill(0xff, batchHeaderBytes + place, batchHeaderBytes + place + 6);
      expect(() => walk([long], { checkCrc: false })).toThrow('an integer longer than 32 bits');
    }
  });

  it('without checksums never hands out bytes beyond the batch, never hangs, and throws only its own error', () => {
    fc.assert(
      fc.property(
        recordsOfOneTime,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(9),
        fc.boolean(),
        (records, hits, bytesBehind, isReceived) => {
          const batch = stored(records.slice(0, 20), 0);
          for (const [place, byte] of hits)
            batch[batchHeaderBytes + (place % (batch.length - batchHeaderBytes))] = byte;
          try {
            const visit: OnRecord = (offset, _time, _bytes, keyStart, keyEnd, start, end) => {
              const within = (from: number, to: number) => 7 <= from && from <= to && to <= 7 + batch.length;
              expect(offset).toBeGreaterThanOrEqual(0);
              expect(keyStart === -1 || within(keyStart, keyEnd)).toBe(true);
              expect(start === -1 || within(start, end)).toBe(true);
            };
            walkWith([batch], visit, { checkCrc: false, bytesBehind, isReceived });
          } catch (error) {
            expect(error).toMatchObject({ code: 'BROKER_ANSWER_INVALID' });
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
