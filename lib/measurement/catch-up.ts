/** How groups worked off a backlog: what a run found. */

export interface CatchUpMeasurement {
  /** Name in the plan. */
  readonly topic: string;
  /** What goes on arriving meanwhile. */
  readonly averagePerSec: number;
  /** Acknowledged before anybody read. */
  readonly backlogRecords: number;
  /** In words: how the outage was scaled. */
  readonly scaling: string;
  /** Why the harness could have been the limit; null when it was not. */
  readonly generatorLimit: string | null;
  readonly groups: readonly CatchUpGroup[];
}

export interface CatchUpGroup {
  readonly group: string;
  /** From the first record read until no more were waiting than arrive in 100 ms; null: not within the time given. */
  readonly drainedMs: number | null;
  readonly readRecords: number;
  /** Over that time; null when nothing was read. */
  readonly readPerSec: number | null;
  readonly maxLagRecords: number;
  /** Age of the oldest acknowledged record that was not read, by the order of the acknowledgements. */
  readonly maxLagSeconds: number;
}
