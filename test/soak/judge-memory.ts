/**
 * Whether the memory of a process is flat: over the second half of the samples, each taken after a collection, it must not
 * grow. The half is cut into parts and the lowest sample of each part counts; the growth is the Theil-Sen slope over them
 * (the median of the slopes of all pairs, which a few odd parts do not move) times the length of the half.
 */
export interface MemorySample {
  readonly atSec: number;
  readonly bytes: number;
}

export interface MemoryJudgement {
  readonly highestBytes: number;
  /** Over the second half. */
  readonly growthBytes: number;
  readonly allowedBytes: number;
  readonly isFlat: boolean;
}

const parts = 10;
const samplesPerPart = 2;
/** A heap settles for a while, whatever its size. */
const leastAllowedBytes = 4_000_000;
const allowedShare = 0.03;

/** Throws RangeError for fewer samples than say anything. */
export function judgeMemory(samples: readonly MemorySample[]): MemoryJudgement {
  const half = samples.slice(Math.floor(samples.length / 2));
  const length = Math.floor(half.length / parts);
  if (length < samplesPerPart) {
    throw new RangeError(`${samples.length} samples, at least ${2 * parts * samplesPerPart} are needed`);
  }
  const lowest = Array.from({ length: parts }, (_, part) =>
    half.slice(part * length, (part + 1) * length).reduce((a, b) => (b.bytes < a.bytes ? b : a)),
  );
  const slopes = lowest.flatMap((first, at) =>
    lowest.slice(at + 1).map((second) => (second.bytes - first.bytes) / (second.atSec - first.atSec)),
  );
  const lengthSec = (half.at(-1)?.atSec ?? 0) - (half[0]?.atSec ?? 0);
  const growthBytes = middle(slopes) * lengthSec;
  const allowedBytes = Math.max(leastAllowedBytes, allowedShare * middle(lowest.map(({ bytes }) => bytes)));
  const highestBytes = samples.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  return { highestBytes, growthBytes, allowedBytes, isFlat: growthBytes <= allowedBytes };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
