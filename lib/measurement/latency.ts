/**
 * Latencies as HDR histograms in microseconds. No sample is ever dropped: what the histogram cannot hold is counted beside it,
 * and a percentile that falls among those samples has no number. Percentiles come from (merged) histograms, never from averages.
 */
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { RecentCounts } from './recent-counts.ts';
import type { Latency } from './types.ts';

/** One hour: above any delivery timeout, so that an overflow is a defect worth seeing rather than a slow record. */
export const highestMicros = 3_600_000_000;

export interface LatencyRecorder {
  readonly count: number;
  /** Any finite number; a negative sample is counted and stands at 0, below every other. */
  recordMs(milliseconds: number): void;
  /** As in `percentileMs`. */
  percentileMs(quantile: number): number | null;
  toLatency(): Latency;
  reset(): void;
}

/** `digits` = significant decimal digits kept: 3 takes about 180 kB, 2 about 24 kB. */
export function createLatencyRecorder(digits: 2 | 3 = 3): LatencyRecorder {
  const tally = emptyTally(buildHistogram(digits));
  const recent = new RecentCounts(digits);
  const whole = (): Tally => {
    recent.moveInto(tally.histogram);
    return tally;
  };
  return {
    get count() {
      return tally.count;
    },
    recordMs: (milliseconds) => record(tally, recent, Math.round(milliseconds * 1000)),
    percentileMs: (quantile) => tallyPercentileMs(whole(), quantile),
    toLatency: () => toLatency(whole()),
    reset: () => {
      whole().histogram.reset();
      tally.count = 0;
      tally.overflow = 0;
      tally.negative = 0;
      tally.zero = 0;
    },
  };
}

/** All samples of all the latencies, as if one recorder had seen them. Of nothing: the empty latency. */
export function mergeLatencies(latencies: readonly Latency[]): Latency {
  return toLatency(latencies.reduce(addTo, emptyTally(buildHistogram(3))));
}

/**
 * The sample at rank ceil(quantile x count), to 3 digits. Null without samples; also null, with `overflow` > 0,
 * when that sample is above the range (the value is then at least an hour), so it can never read as a smaller number.
 * `quantile` in (0, 1].
 */
export function percentileMs(latency: Latency, quantile: number): number | null {
  return tallyPercentileMs(addTo(emptyTally(buildHistogram(3)), latency), quantile);
}

interface Tally {
  readonly histogram: Histogram;
  count: number;
  overflow: number;
  negative: number;
  zero: number;
}

function emptyTally(histogram: Histogram): Tally {
  return { histogram, count: 0, overflow: 0, negative: 0, zero: 0 };
}

/** Of microseconds up to `highestMicros`. */
export function buildHistogram(digits: 2 | 3): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestMicros,
    numberOfSignificantValueDigits: digits,
    bitBucketSize: 32,
    autoResize: false,
  });
}

function record(tally: Tally, recent: RecentCounts, micros: number): void {
  if (micros > 0 && micros <= highestMicros) {
    tally.count += 1;
    recent.add(micros);
    return;
  }
  if (!Number.isFinite(micros)) throw new RangeError(`a latency must be a finite number, got ${micros}`);
  tally.count += 1;
  if (micros > highestMicros) {
    tally.overflow += 1;
    return;
  }
  if (micros < 0) tally.negative += 1;
  else tally.zero += 1;
  recent.add(0);
}

function addTo(tally: Tally, latency: Latency): Tally {
  if (latency.histogram !== null) tally.histogram.add(decodeFromCompressedBase64(latency.histogram));
  tally.count += latency.count;
  tally.overflow += latency.overflow;
  tally.negative += latency.negative;
  tally.zero += latency.zero;
  return tally;
}

function tallyPercentileMs(tally: Tally, quantile: number): number | null {
  if (tally.count === 0) return null;
  // The small step down keeps 0.07 x 100 = 7.000000000000001 at rank 7.
  const rank = Math.max(1, Math.ceil(quantile * tally.count - 1e-9 * tally.count));
  const held = tally.count - tally.overflow;
  if (rank > held) return null;
  // Over the held samples only; half a rank keeps the library from rounding to a neighbour.
  return tally.histogram.getValueAtPercentile(((rank - 0.5) / held) * 100) / 1000;
}

function toLatency(tally: Tally): Latency {
  const { histogram, count, overflow, negative, zero } = tally;
  return {
    count,
    overflow,
    negative,
    zero,
    histogram: count === 0 ? null : encodeIntoCompressedBase64(histogram),
    p50Ms: tallyPercentileMs(tally, 0.5),
    p90Ms: tallyPercentileMs(tally, 0.9),
    p99Ms: tallyPercentileMs(tally, 0.99),
    p999Ms: tallyPercentileMs(tally, 0.999),
    maxMs: tallyPercentileMs(tally, 1),
  };
}
