import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchingInput, predictBatches } from '../../../lib/plan/disk/batches.ts';

const base: BatchingInput = {
  ratePerSec: 1000,
  partitions: 10,
  keyBytes: 16,
  valueBytes: 184,
  headersBytes: 0,
  producers: 4,
  lingerMs: 5,
  batchBytes: 16_384,
  keyed: true,
  compressionRatio: 1,
};

describe('predictBatches', () => {
  it('charges a whole batch header to every record at a low rate', () => {
    const { recordsPerBatch, bytesPerRecord } = predictBatches({ ...base, ratePerSec: 1, lingerMs: 0 });
    expect(recordsPerBatch).toBeCloseTo(1, 12);
    // 61 header + length 2 + attributes, two deltas, key length, header count 5 + value length 2 + 200
    expect(bytesPerRecord).toBeCloseTo(61 + 2 + 5 + 2 + 200, 9);
  });

  it('puts all records of a window into one batch when they have no key', () => {
    expect(predictBatches({ ...base, keyed: false }).recordsPerBatch).toBeCloseTo(1 + 250 * 0.005, 12);
  });

  it('spreads keyed records over the partitions', () => {
    const windowRecords = 1 + 250 * 0.005;
    expect(predictBatches(base).recordsPerBatch).toBeCloseTo(windowRecords / (10 * (1 - 0.9 ** windowRecords)), 12);
  });

  it('never fills a batch beyond batch.size', () => {
    const { recordsPerBatch } = predictBatches({ ...base, ratePerSec: 1e6, keyed: false, lingerMs: 50 });
    expect(recordsPerBatch).toBe(Math.floor((16_384 - 61) / 209));
  });

  it('compresses the records and not the batch header', () => {
    const plain = predictBatches({ ...base, ratePerSec: 1, lingerMs: 0 });
    const half = predictBatches({ ...base, ratePerSec: 1, lingerMs: 0, compressionRatio: 0.5 });
    expect(half.bytesPerRecord).toBeCloseTo(61 + (plain.bytesPerRecord - 61) / 2, 9);
  });

  it('never writes less in total at a higher rate, though a record costs less', () => {
    const rate = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(rate, fc.double({ min: 1, max: 100, noNaN: true }), fc.boolean(), (ratePerSec, times, keyed) => {
        const [few, many] = [ratePerSec, ratePerSec * times].map(
          (each) => each * predictBatches({ ...base, keyed, ratePerSec: each }).bytesPerRecord,
        );
        expect(many).toBeGreaterThanOrEqual((few ?? 0) * (1 - 1e-12));
      }),
    );
  });
});
