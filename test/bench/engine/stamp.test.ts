import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatchedBatch } from '../../../bench/engine/batch-template.ts';
import { compressBatch, encodeBatch, sealBatch, unidentified } from '../../../bench/engine/record-batch.ts';
import { PartitionWalk } from '../../../bench/engine/record-walker.ts';
import { SequenceCheck, stampBytes, writeStamp } from '../../../bench/engine/stamp.ts';
import { viewOf } from '../../../bench/engine/view-of.ts';
import { WalkMemory } from '../../../bench/engine/walk-memory.ts';
import { loadZstd } from '../../../bench/engine/zstd.ts';
import { compressions } from '../../../lib/requirements/types.ts';

function check(sequences: readonly number[], producer = 3): SequenceCheck {
  const found = new SequenceCheck(3);
  for (const sequence of sequences) {
    const bytes = Buffer.alloc(stampBytes + 5);
    writeStamp(viewOf(bytes), 5, producer, sequence, 1.7e15);
    found.see(viewOf(bytes), 5, bytes.length);
  }
  return found;
}

describe('SequenceCheck', () => {
  it('is clean when every sequence comes once and in order', () => {
    expect(check([0, 1, 2, 3])).toMatchObject({ clean: true, received: 4 });
  });

  it.each([
    ['a loss', [0, 1, 3], { gaps: 1, backward: 0 }],
    ['a duplicate', [0, 1, 1, 2], { gaps: 0, backward: 1 }],
    ['a swap', [0, 2, 1, 3], { gaps: 1, backward: 1 }],
    ['a loss beyond 32 bits', [2 ** 33], { gaps: 2 ** 33, backward: 0 }],
  ])('finds %s', (_, sequences, counts) => {
    expect(check(sequences)).toMatchObject({ clean: false, ...counts });
  });

  it('goes on over the border of 32 bits, and of their sign', () => {
    for (const border of [2 ** 31, 2 ** 32, 2 ** 33]) {
      const around = [border - 2, border - 1, border, border + 1];
      expect(check(around)).toMatchObject({ clean: false, gaps: border - 2, backward: 0 });
      expect(check([...around, border - 1])).toMatchObject({ gaps: border - 2, backward: 1 });
      expect(check([...around, border + 3])).toMatchObject({ gaps: border - 1, backward: 0 });
    }
    expect(check([0, 1], 2 ** 32 - 1)).toMatchObject({ foreign: 2 });
  });

  it('counts what carries no stamp of its producer', () => {
    expect(check([0], 4)).toMatchObject({ clean: false, foreign: 1 });
    const short = new SequenceCheck(3);
    short.see(viewOf(Buffer.alloc(stampBytes - 1)), 0, stampBytes - 1);
    // A null value, behind enough bytes of others.
    short.see(viewOf(Buffer.alloc(100)), -1, 50);
    expect(short).toMatchObject({ clean: false, foreign: 2, received: 2 });
  });
});

describe('SequenceCheck on records as they are walked', () => {
  const sequences = fc.oneof(fc.nat(5), fc.constantFrom(2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40));
  const stamped = fc.tuple(fc.constantFrom(3, 3, 3, 3, 2 ** 31), sequences).map(([producer, sequence]) => {
    const value = Buffer.alloc(stampBytes + 30);
    writeStamp(viewOf(value), 0, producer, sequence, 1.7e15);
    return value;
  });
  const values = fc.oneof({ arbitrary: stamped, weight: 9 }, fc.constantFrom(null, Buffer.alloc(0), Buffer.alloc(19)));
  const keys = fc.option(fc.uint8Array({ maxLength: 80 }).map((key) => Buffer.from(key)));
  const anyRecord = fc.record({ key: keys, value: values, timestampMs: fc.constant(1.7e12) });

  it('finds what it finds record by record, in memory of its own and elsewhere', () => {
    fc.assert(
      fc.property(
        fc.array(anyRecord, { minLength: 1, maxLength: 700 }),
        fc.nat(9),
        fc.boolean(),
        (records, fromOffset, isReceived) => {
          const batch = encodeBatch(records, 'none');
          sealBatch(batch, unidentified);
          const byRecord = new SequenceCheck(3);
          for (const { value } of records.slice(fromOffset)) {
            const bytes = value ?? Buffer.alloc(0);
            byRecord.see(viewOf(bytes), value === null ? -1 : 0, bytes.length);
          }
          const memory = new WalkMemory(batch.length);
          memory.bytes.set(batch);
          const asWalked = new SequenceCheck(3);
          const walk = new PartitionWalk({ fromOffset, checkCrc: true }, asWalked);
          walk.take(isReceived ? memory.bytes : batch, 0, batch.length);
          expect(asWalked).toEqual(byRecord);
          expect(walk.records).toBe(byRecord.received);
        },
      ),
    );
  });
});

describe('batches patched and compressed anew for each send', () => {
  const sendAll = (compression: (typeof compressions)[number]): readonly Buffer[] => {
    const batch = new PatchedBatch({ record: { key: null, value: Buffer.alloc(200, 'a') }, capacity: 50, spanMs: 60 });
    return [0, 1, 2, 3].map((send) => {
      batch.clear();
      for (let at = batch.append(1); at >= 0; at = batch.append(1))
        writeStamp(batch.view, at, 3, send * 50 + batch.count - 1, 1.7e15);
      // The same memory is patched again for the next send.
      const sent = Buffer.from(compressBatch(batch.close(), compression));
      sealBatch(sent, unidentified);
      return sent;
    });
  };
  const found = (batches: readonly (Buffer | undefined)[]): SequenceCheck => {
    const result = new SequenceCheck(3);
    const chunks = batches.flatMap((batch) => (batch === undefined ? [] : [batch]));
    const walk = new PartitionWalk({ fromOffset: 0, checkCrc: true }, result);
    const bytes = Buffer.concat(chunks);
    expect(walk.take(bytes, 0, bytes.length)).toBe(bytes.length);
    return result;
  };

  it.each(compressions)(
    'are verified record by record with %s: a loss, a duplicate and a swap are found',
    async (codec) => {
      await loadZstd();
      const [a, b, c, d] = sendAll(codec);
      expect(found([a, b, c, d])).toMatchObject({ clean: true, received: 200 });
      expect(found([a, c, d])).toMatchObject({ clean: false, gaps: 50 });
      expect(found([a, b, b, c, d])).toMatchObject({ clean: false, backward: 50 });
      expect(found([a, c, b, d])).toMatchObject({ clean: false, gaps: 50, backward: 50 });
      if (codec !== 'none') expect(a?.length).toBeLessThan(50 * 100);
    },
  );
});
