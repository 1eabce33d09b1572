import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LogInput, predictLog } from '../../../lib/plan/disk/deleted-log.ts';

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

  it('counts whole index blocks of every segment, and not the length Kafka reserves', () => {
    const { files } = predictLog(base);
    expect(files.indexBytes % 4096).toBe(0);
    expect(files.indexBytes).toBeGreaterThanOrEqual(30 * 2 * 4096);
    expect(files.preallocatedBytes).toBe(30 * 2 * 10_485_760);
  });

  it('has no more segments than batches, however short they are', () => {
    const slow = { ...base, ratePerSec: 0.01, retentionMs: 3_600_000, segmentMs: 1000, lingerMs: 0 };
    const shorter = predictLog({ ...slow, segmentMs: 500 });
    // 36 records in an hour on 10 partitions: 3.6 segments a partition and the open one.
    expect(shorter.files.indexBytes).toBeLessThan(30 * 6 * 2 * 4096);
    expect(shorter.files.indexBytes).toBeCloseTo(predictLog(slow).files.indexBytes, -4);
  });
});
