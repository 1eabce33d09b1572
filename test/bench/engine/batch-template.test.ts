import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatchedBatch, recordsWithin } from '../../../bench/engine/batch-template.ts';
import { encodeBatch, sealBatch, unidentified } from '../../../bench/engine/record-batch.ts';
import { plain, readByReference } from './reference-batches.ts';

const pattern = {
  key: Buffer.from('key-00'),
  value: Buffer.alloc(180, 'x'),
  headers: [{ key: Buffer.from('h'), value: Buffer.from('abc') }],
};
const startMs = 1_700_000_000_000;

/** Fills a batch with records that carry their number; returns the records it should hold. */
function fill(batch: PatchedBatch, timesMs: readonly number[]) {
  const expected = [];
  for (const timestampMs of timesMs) {
    const valueStart = batch.append(timestampMs);
    if (valueStart < 0) break;
    batch.view.setUint32(valueStart, expected.length + 7);
    const value = Buffer.from(pattern.value);
    value.writeUInt32BE(expected.length + 7);
    expected.push({ ...pattern, value, timestampMs });
  }
  return expected;
}

describe('PatchedBatch', () => {
  it('is, after patching, what the encoder makes of the same records', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 200 }), (delays) => {
        const batch = new PatchedBatch({ record: pattern, capacity: 200, spanMs: 60 });
        // The first record's time is the base in both.
        const records = fill(
          batch,
          [0, ...delays].slice(0, delays.length).map((delay) => startMs + delay),
        );
        const patched = batch.close();
        const encoded = encodeBatch(records, 'none');
        sealBatch(patched, unidentified);
        sealBatch(encoded, unidentified);
        expect(patched.equals(encoded)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it.each([63, 64, 8_127, 8_128, 1_000_000])('holds records %i ms apart, whatever the width of the delta', (spanMs) => {
    const batch = new PatchedBatch({ record: pattern, capacity: 3, spanMs });
    const records = fill(batch, [startMs, startMs + 1, startMs + spanMs]);
    expect(records).toHaveLength(3);
    const bytes = batch.close();
    sealBatch(bytes, unidentified);
    expect(readByReference(bytes)).toEqual(plain(records, 0));
  });

  it('is full at its capacity and beyond its span, and can be used again', () => {
    const batch = new PatchedBatch({ record: pattern, capacity: 2, spanMs: 5 });
    expect(fill(batch, [startMs, startMs + 64])).toHaveLength(1);
    expect(fill(batch, [startMs, startMs])).toHaveLength(1);
    expect(batch.count).toBe(2);
    batch.clear();
    const again = fill(batch, [startMs + 9_000]);
    const bytes = batch.close();
    sealBatch(bytes, unidentified);
    expect(readByReference(bytes)).toEqual(plain(again, 0));
  });

  it('patches records without key, value or headers', () => {
    const batch = new PatchedBatch({ record: { key: null, value: null }, capacity: 70, spanMs: 5 });
    for (let index = 0; index < 70; index++) batch.append(startMs);
    const bytes = batch.close();
    sealBatch(bytes, unidentified);
    expect(readByReference(bytes)).toHaveLength(70);
  });

  it('cannot be closed empty, nor span more than a three-byte delta holds', () => {
    expect(() => new PatchedBatch({ record: pattern, capacity: 1, spanMs: 1 }).close()).toThrow('at least one');
    expect(() => new PatchedBatch({ record: pattern, capacity: 1, spanMs: 2_000_000 })).toThrow('2000000');
    expect(() => new PatchedBatch({ record: pattern, capacity: 0, spanMs: 1 })).toThrow('capacity 0');
  });
});

describe('recordsWithin', () => {
  it.each([63, 500, 20_000])('is the most that fits, for spans of %i ms', (spanMs) => {
    const maxBytes = 65_536;
    const capacity = recordsWithin(pattern, spanMs, maxBytes);
    expect(new PatchedBatch({ record: pattern, capacity, spanMs }).bytes.length).toBeLessThanOrEqual(maxBytes);
    expect(new PatchedBatch({ record: pattern, capacity: capacity + 1, spanMs }).bytes.length).toBeGreaterThan(
      maxBytes,
    );
  });

  it('is one even when not one fits', () => {
    expect(recordsWithin(pattern, 5, 10)).toBe(1);
  });
});
