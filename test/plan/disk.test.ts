import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocatedBytes, type LogInput, predictBatches, predictCompactedLog, predictLog } from '../../lib/plan/disk.ts';

const base: LogInput = {
  ratePerSec: 1000,
  partitions: 10,
  replicas: 3,
  retentionMs: 60_000,
  segmentMs: 10_000,
  segmentBytes: 1_073_741_824,
  retentionCheckIntervalMs: 1700,
  keyBytes: 16,
  valueBytes: 184,
  headersBytes: 0,
  producers: 4,
  lingerMs: 5,
  batchBytes: 16_384,
  keyed: true,
  compressionRatio: 1,
};

/** Rolls and deletes segments of one partition as a broker does, and samples its bytes every 10 ms. */
function simulate(input: LogInput, bytesPerRecord: number): { mean: number; max: number } {
  const bytesPerMs = (input.ratePerSec * bytesPerRecord) / input.partitions / 1000;
  const segments: { bytes: number; firstMs: number; lastMs: number }[] = [];
  const samples: number[] = [];
  const stepMs = 10;
  const endMs = input.retentionMs * 2 + 40 * Math.max(input.segmentMs, input.retentionCheckIntervalMs);
  const settledMs = input.retentionMs + 2 * (input.segmentMs + input.retentionCheckIntervalMs);
  for (let now = 0; now < endMs; now += stepMs) {
    const active = segments.at(-1);
    const bytes = bytesPerMs * stepMs;
    if (active === undefined || now - active.firstMs >= input.segmentMs || active.bytes + bytes > input.segmentBytes)
      segments.push({ bytes, firstMs: now, lastMs: now });
    else {
      active.bytes += bytes;
      active.lastMs = now;
    }
    if (now % input.retentionCheckIntervalMs < stepMs)
      while ((segments[0]?.lastMs ?? now) < now - input.retentionMs) segments.shift();
    if (now >= settledMs) samples.push(segments.reduce((sum, segment) => sum + segment.bytes, 0));
  }
  const logs = input.partitions * input.replicas;
  return {
    mean: (logs * samples.reduce((a, b) => a + b, 0)) / samples.length,
    max: logs * samples.reduce((a, b) => Math.max(a, b), 0),
  };
}

describe('predictLog', () => {
  it.each([
    ['segments rolled by time', {}],
    ['segments rolled by size', { segmentBytes: 120_000, retentionMs: 40_000 }],
    ['checks rarer than rolls', { segmentMs: 3000, retentionCheckIntervalMs: 7700, retentionMs: 30_000 }],
    ['a retention shorter than a segment', { retentionMs: 2000 }],
  ] satisfies [string, Partial<LogInput>][])('meets a simulated broker within 1 %%: %s', (_, change) => {
    const input = { ...base, ...change };
    const prediction = predictLog(input);
    const found = simulate(input, prediction.bytesPerRecord);
    expect(Math.abs(found.mean / prediction.meanLogBytes - 1)).toBeLessThan(0.01);
    expect(found.max).toBeLessThanOrEqual(prediction.maxLogBytes * 1.001);
    expect(found.max).toBeGreaterThan(prediction.maxLogBytes * 0.95);
  });

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

  it('grows with rate, retention, replicas and segment length', () => {
    const factor = fc.double({ min: 1, max: 50, noNaN: true });
    const fields = fc.constantFrom('ratePerSec', 'retentionMs', 'replicas', 'segmentMs', 'valueBytes' as const);
    fc.assert(
      fc.property(fields, factor, (field, times) => {
        const more = predictLog({
          ...base,
          [field]: Math.ceil(base[field as keyof LogInput] as number) * Math.ceil(times),
        });
        // Fuller batches may save a little of what a higher rate adds, never all of it.
        expect(more.maxLogBytes).toBeGreaterThanOrEqual(predictLog(base).maxLogBytes);
      }),
    );
  });

  it('holds nothing at rate zero', () => {
    expect(predictLog({ ...base, ratePerSec: 0 })).toMatchObject({ meanLogBytes: 0, maxLogBytes: 0 });
  });

  it('counts deleted files that wait and whole index blocks as allocated', () => {
    const prediction = predictLog(base);
    const waiting = 1000 * prediction.bytesPerRecord * 3 * 60;
    expect(allocatedBytes(base, prediction, 60_000)).toBe(
      Math.ceil(prediction.maxLogBytes + prediction.indexBytes + waiting),
    );
    expect(prediction.indexBytes % 4096).toBe(0);
    expect(prediction.indexBytes).toBeGreaterThanOrEqual(30 * 2 * 4096);
  });
});

describe('predictCompactedLog', () => {
  it('holds at least twice the live keys, and more keys never need less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 1, max: 1_000_000 }), (keys, more) => {
        const few = predictCompactedLog({ ...base, keys });
        expect(few.maxLogBytes).toBeGreaterThanOrEqual(2 * keys * 200 * 3);
        expect(predictCompactedLog({ ...base, keys: keys + more }).maxLogBytes).toBeGreaterThanOrEqual(few.maxLogBytes);
      }),
    );
  });
});
