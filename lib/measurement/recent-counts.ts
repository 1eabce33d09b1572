/**
 * Samples on their way into an HDR histogram, counted by its own buckets. A load records seven latencies of each record, and the
 * library's `recordValue` (a logarithm and three powers of two in floating point) took an eighth of the generator's CPU.
 */
import type { Histogram } from 'hdr-histogram-js';

/** Values below 2^magnitude have a bucket each: the first power of two at or above 2 x 10^digits. */
const magnitudes = { 2: 8, 3: 11 } as const;
const valueBits = 32;

/** For histograms whose lowest discernible value is 1. */
export class RecentCounts {
  /** By the bucket's index in the histogram. */
  readonly #counts: Uint32Array;
  readonly #magnitude: number;
  /** Above every index in use. */
  #end = 0;

  constructor(digits: 2 | 3) {
    this.#magnitude = magnitudes[digits];
    this.#counts = new Uint32Array((valueBits - this.#magnitude + 2) << (this.#magnitude - 1));
  }

  /** `value`: an integer in [0, 2^32). */
  add(value: number): void {
    const shift = Math.max(0, valueBits - Math.clz32(value) - this.#magnitude);
    const index = (shift << (this.#magnitude - 1)) + (value >>> shift);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    if (index >= this.#end) this.#end = index + 1;
  }

  /** Begins again with nothing. */
  moveInto(histogram: Histogram): void {
    for (let index = 0; index < this.#end; index += 1) {
      const count = this.#counts[index] ?? 0;
      if (count > 0) histogram.recordValueWithCount(this.#lowestAt(index), count);
    }
    this.#counts.fill(0, 0, this.#end);
    this.#end = 0;
  }

  /** The lowest value of a bucket. */
  #lowestAt(index: number): number {
    const half = this.#magnitude - 1;
    const shift = Math.max(0, (index >>> half) - 1);
    return (index - (shift << half)) * 2 ** shift;
  }
}
