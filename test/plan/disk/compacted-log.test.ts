import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompactedLogInput, harmonic, predictCompactedLog } from '../../../lib/plan/disk/compacted-log.ts';
import { batchHeaderBytes, recordBytes } from '../../../lib/plan/record-batch.ts';
import { createRandom } from '../../../lib/random.ts';

const base: CompactedLogInput = {
  ratePerSec: 1000,
  partitions: 10,
  replicas: 3,
  keys: 1_000_000,
  segmentMs: 604_800_000,
  segmentBytes: 104_857_600,
  keyBytes: 16,
  valueBytes: 184,
  headersBytes: 0,
  producers: 4,
  lingerMs: 5,
  batchBytes: 16_384,
  keyed: true,
  compressionRatio: 1,
};

/** Writes `batches` of `size` records with evenly drawn keys, then keeps the last record of each key as the cleaner does. */
function cleanedBytes(keys: number, size: number, batches: number): number {
  const random = createRandom(3);
  const lastBatchOf = new Map<number, number>();
  const lastOfKey = new Map<number, { batch: number; index: number }>();
  for (let batch = 0; batch < batches; batch += 1)
    for (let index = 0; index < size; index += 1) {
      const key = Math.floor(random() * keys);
      lastOfKey.set(key, { batch, index });
      lastBatchOf.set(key, batch);
    }
  const headers = new Set(lastBatchOf.values()).size * batchHeaderBytes;
  return [...lastOfKey.values()].reduce((sum, { index }) => sum + recordBytes(base, index, 0), headers);
}

describe('predictCompactedLog', () => {
  it.each([1, 5, 70])('meets a simulated cleaner within 1 %% for batches of %d records', (recordsPerBatch) => {
    const keys = 5000;
    const { cleanedBytes: predicted } = predictCompactedLog(
      { ...base, keys, partitions: 1, replicas: 1 },
      { recordsPerBatch, bytesPerRecord: batchHeaderBytes / recordsPerBatch + recordBytes(base, 0, 0) },
    );
    const found = cleanedBytes(keys, recordsPerBatch, Math.ceil((keys * 14) / recordsPerBatch));
    expect(Math.abs(found / predicted - 1)).toBeLessThan(0.01);
  });

  it('holds at least twice the live keys, never less than it expects, and more for more keys or a higher rate', () => {
    const more = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), more, more, (keys, extra, rate) => {
        const few = predictCompactedLog({ ...base, keys });
        expect(few.maxLogBytes).toBeGreaterThanOrEqual(2 * keys * 200 * 3);
        expect(few.liveBytes).toBeGreaterThanOrEqual(few.cleanedBytes - 1);
        expect(predictCompactedLog({ ...base, keys: keys + extra }).maxLogBytes).toBeGreaterThanOrEqual(
          few.maxLogBytes,
        );
        expect(predictCompactedLog({ ...base, keys, ratePerSec: 1000 + rate }).maxLogBytes).toBeGreaterThanOrEqual(
          few.maxLogBytes,
        );
      }),
    );
  });
});

describe('harmonic', () => {
  it.each([
    [1, 1],
    [2, 1.5],
    [1.5, 1.25],
    [10, 2.928_968_254],
    [1000, 7.485_470_861],
  ])('of %d is %d', (n, sum) => {
    expect(harmonic(n)).toBeCloseTo(sum, 8);
  });
});
