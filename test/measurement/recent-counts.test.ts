import fc from 'fast-check';
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { buildHistogram, highestMicros } from '../../lib/measurement/latency.ts';
import { RecentCounts } from '../../lib/measurement/recent-counts.ts';

/** Of every size, with those at the borders of buckets. */
const values = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: highestMicros }),
    fc.integer({ min: 0, max: 5_000 }),
    fc
      .tuple(fc.integer({ min: 0, max: 31 }), fc.integer({ min: -1, max: 1 }))
      .map(([power, by]) => Math.min(highestMicros, Math.max(0, 2 ** power + by))),
  ),
  { maxLength: 200 },
);

describe.each([2, 3] as const)('recent counts of %i digits', (digits) => {
  it('fill the buckets that the histogram itself fills', () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        const direct = buildHistogram(digits);
        const filled = buildHistogram(digits);
        const recent = new RecentCounts(digits);
        for (const part of [first, second]) {
          for (const value of part) {
            direct.recordValue(value);
            recent.add(value);
          }
          recent.moveInto(filled);
        }
        expect(encodeIntoCompressedBase64(filled)).toBe(encodeIntoCompressedBase64(direct));
        for (const percentile of [1, 50, 99, 99.9, 100])
          expect(filled.getValueAtPercentile(percentile)).toBe(direct.getValueAtPercentile(percentile));
      }),
    );
  });

  it('hold the highest value of the range', () => {
    const filled = buildHistogram(digits);
    const recent = new RecentCounts(digits);
    recent.add(highestMicros);
    recent.add(0);
    recent.moveInto(filled);
    expect(filled.totalCount).toBe(2);
    expect(filled.getValueAtPercentile(100)).toBeGreaterThanOrEqual(highestMicros);
  });
});
