/** What a group did in a window, by the records that its members have processed. */
import type { Processed } from './member.ts';

/** The longest time of the window in which some partition was not read for the first time by anybody. */
export function longestGapMs(
  processed: readonly Processed[],
  { partitions, fromMs, untilMs }: { partitions: number; fromMs: number; untilMs: number },
): number {
  let longest = 0;
  for (let partition = 0; partition < partitions; partition += 1) {
    const times = firstTimes(processed.filter((record) => record.partition === partition))
      .filter((atMs) => atMs >= fromMs && atMs <= untilMs)
      .sort((a, b) => a - b);
    let beforeMs = fromMs;
    for (const atMs of [...times, untilMs]) {
      longest = Math.max(longest, atMs - beforeMs);
      beforeMs = atMs;
    }
  }
  return longest;
}

/** Readings beyond the first of each record. */
export function countTwice(processed: readonly Processed[]): number {
  return processed.length - new Set(processed.map(keyOf)).size;
}

function firstTimes(processed: readonly Processed[]): readonly number[] {
  const first = new Map<string, number>();
  for (const record of processed) {
    const key = keyOf(record);
    first.set(key, Math.min(first.get(key) ?? Number.POSITIVE_INFINITY, record.atMs));
  }
  return [...first.values()];
}

function keyOf({ partition, offset }: Processed): string {
  return `${partition}:${offset}`;
}
