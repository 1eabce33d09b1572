/** Lag of a group that is too slow: how fast it grows, and when it is more than may wait. Rates are records a second. */

/** Negative where the group catches up. More threads than partitions stay idle. */
export function lagPerSec(
  producedPerSec: number,
  { threads, partitions, ratePerThread }: { threads: number; partitions: number; ratePerThread: number },
): number {
  return producedPerSec - Math.min(threads, partitions) * ratePerThread;
}

/** Time to overflow: until `room` more records wait; null: the lag does not grow. */
export function msUntilLag(room: number, growthPerSec: number): number | null {
  return growthPerSec > 0 ? Math.floor((room / growthPerSec) * 1000) : null;
}
