import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLatencyRecorder, highestMicros, mergeLatencies, percentileMs } from '../../lib/measurement/latency.ts';

function latencyOf(samplesMs: readonly number[]) {
  const recorder = createLatencyRecorder();
  for (const sample of samplesMs) recorder.recordMs(sample);
  return recorder.toLatency();
}

const aboveRangeMs = highestMicros / 1000 + 1;

describe('latency', () => {
  it('is empty, without any number, when nothing was recorded', () => {
    const latency = latencyOf([]);
    expect(latency).toEqual({
      count: 0,
      overflow: 0,
      negative: 0,
      zero: 0,
      histogram: null,
      p50Ms: null,
      p90Ms: null,
      p99Ms: null,
      p999Ms: null,
      maxMs: null,
    });
    expect(percentileMs(latency, 0.99)).toBeNull();
    expect(mergeLatencies([])).toEqual(latency);
  });

  it('gives the sample at rank ceil(q x n), to three digits', () => {
    const latency = latencyOf(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(latency.p50Ms).toBeCloseTo(50, 0);
    expect(latency.p99Ms).toBeCloseTo(99, 0);
    expect(latency.maxMs).toBeCloseTo(100, 0);
    expect(percentileMs(latency, 0.07)).toBeCloseTo(7, 1);
    expect(percentileMs(latencyOf([5]), 0.5)).toBeCloseTo(5, 2);
  });

  it('counts negative and zero samples, below all others, and drops none', () => {
    const latency = latencyOf([-3, -0.5, 0, 10]);
    expect(latency).toMatchObject({ count: 4, negative: 2, zero: 1, overflow: 0, p50Ms: 0 });
    expect(latency.maxMs).toBeCloseTo(10, 1);
  });

  it('never lets an overflow read as a smaller number', () => {
    const samples = [...Array.from({ length: 98 }, () => 1), aboveRangeMs, aboveRangeMs];
    const latency = latencyOf(samples);
    expect(latency).toMatchObject({ count: 100, overflow: 2, p99Ms: null, p999Ms: null, maxMs: null });
    expect(latency.p90Ms).toBeCloseTo(1, 2);
    expect(latencyOf([aboveRangeMs])).toMatchObject({ count: 1, p50Ms: null });
    expect(percentileMs(mergeLatencies([latency, latencyOf([1])]), 1)).toBeNull();
  });

  it('refuses what is not a number', () => {
    expect(() => createLatencyRecorder().recordMs(Number.NaN)).toThrow(RangeError);
  });

  it('merges without loss, in any order', () => {
    const samples = fc.array(fc.double({ min: -10, max: aboveRangeMs, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(samples, samples, (left, right) => {
        const merged = mergeLatencies([latencyOf(left), latencyOf(right)]);
        expect(merged).toEqual(mergeLatencies([latencyOf(right), latencyOf(left)]));
        const { histogram: mergedHistogram, ...numbers } = merged;
        const { histogram, ...expected } = latencyOf([...left, ...right]);
        expect(numbers).toEqual(expected);
        expect(mergedHistogram === null).toBe(histogram === null);
      }),
      { numRuns: 30 },
    );
  });

  it('survives the journey through JSON', () => {
    const latency = latencyOf([1, 2, 300]);
    expect(percentileMs(JSON.parse(JSON.stringify(latency)), 1)).toBe(latency.maxMs);
  });

  it('can be reset and used again', () => {
    const recorder = createLatencyRecorder(2);
    recorder.recordMs(aboveRangeMs);
    recorder.reset();
    expect(recorder.count).toBe(0);
    recorder.recordMs(2);
    expect(recorder.percentileMs(0.99)).toBeCloseTo(2, 1);
  });
});
