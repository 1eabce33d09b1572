/**
 * When records are due: evenly spaced, or at random as independent users send them (a Poisson process), at a rate that may
 * change over time. Fixed by the seed before the run and asked by number, so that a late harness moves no slot.
 */
import { hash32 } from '../../lib/random.ts';
import { createRateCurve, type RateCurve, type RatePoint } from './rate-curve.ts';

export const arrivalProcesses = ['constant', 'poisson'] as const;
export type ArrivalProcess = (typeof arrivalProcesses)[number];

export interface ArrivalSpec {
  readonly process: ArrivalProcess;
  /** One point: a constant rate. */
  readonly rate: readonly RatePoint[];
}

export interface Arrivals {
  /** When arrival `index`, from 0, is due, since the phase began; Infinity: never. */
  atMs(index: number): number;
  /** How many are due at or before this time. */
  countBy(elapsedMs: number): number;
}

export function createArrivals({ process, rate }: ArrivalSpec, seed: number): Arrivals {
  const curve = createRateCurve(rate);
  return process === 'constant' ? evenly(curve) : atRandom(curve, seed);
}

/** How many are due by then, from a count whose sums may have rounded to either side of an arrival at that very time. */
export function countExactly(about: number, elapsedMs: number, atMs: (index: number) => number): number {
  let count = about;
  while (count > 0 && atMs(count - 1) > elapsedMs) count -= 1;
  while (atMs(count) <= elapsedMs) count += 1;
  return count;
}

function evenly(curve: RateCurve): Arrivals {
  const atMs = (index: number): number => curve.whenDue(index);
  return {
    atMs,
    countBy: (elapsedMs) => {
      if (elapsedMs < 0) return 0;
      return countExactly(Math.floor(curve.dueBy(elapsedMs)), elapsedMs, atMs);
    },
  };
}

/** Arrivals whose times are kept together; the rest is computed again when it is asked for. */
const blockLength = 1_024;
const blocksKept = 256;

/**
 * A Poisson process of rate 1 carried over to the curve by its own time (time rescaling): gaps are exponential in records
 * due. Gap `i` follows from the seed and `i` alone; sums are kept a block apart.
 */
function atRandom(curve: RateCurve, seed: number): Arrivals {
  /** Sum of all gaps before each block; grows as far as it is asked. */
  const starts = [0];
  const blocks = new Map<number, Float64Array>();
  const blockOf = (number: number): Float64Array => {
    const known = blocks.get(number);
    if (known !== undefined) return known;
    for (let missing = starts.length - 1; missing < number; missing += 1) sumBlock(missing);
    return sumBlock(number);
  };
  const sumBlock = (number: number): Float64Array => {
    const sums = new Float64Array(blockLength);
    let sum = starts[number] ?? 0;
    for (let at = 0; at < blockLength; at += 1) {
      // In (0, 1]: a gap is finite.
      sum -= Math.log((hash32(seed, number * blockLength + at) + 1) / 4_294_967_296);
      sums[at] = sum;
    }
    starts[number + 1] = sum;
    blocks.set(number, sums);
    const [oldest] = blocks.keys();
    if (blocks.size > blocksKept && oldest !== undefined) blocks.delete(oldest);
    return sums;
  };
  const sumAt = (index: number): number =>
    blockOf(Math.floor(index / blockLength))[index % blockLength] ?? Number.POSITIVE_INFINITY;
  const atMs = (index: number): number => curve.whenDue(sumAt(index));
  return {
    atMs,
    countBy: (elapsedMs) => {
      if (elapsedMs < 0) return 0;
      const due = curve.dueBy(elapsedMs);
      let block = Math.min(starts.length - 1, Math.floor(due / blockLength));
      while (block > 0 && (starts[block] ?? 0) > due) block -= 1;
      while ((blockOf(block)[blockLength - 1] ?? 0) <= due) block += 1;
      let count = block * blockLength;
      while (sumAt(count) <= due) count += 1;
      return countExactly(count, elapsedMs, atMs);
    },
  };
}
