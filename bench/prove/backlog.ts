/** What was acknowledged and what groups have read of it: lag in records and in seconds, and when it was gone. */
import type { CatchUpGroup } from '../../lib/measurement/catch-up.ts';
import type { ConsumedRecord } from '../drivers/driver.ts';

/** Records on their way to a group that keeps up. A lag of no more is none. */
const keepingUpMs = 100;
const leastRecordsBehind = 10;

export class Backlog {
  /** When each was, in the order of the acknowledgements. Monotonic milliseconds. */
  readonly #ackedMs: number[] = [];

  get acknowledged(): number {
    return this.#ackedMs.length;
  }

  ack(nowMs: number): void {
    this.#ackedMs.push(nowMs);
  }

  /** Records acknowledged in the last moments, which a group that keeps up need not have read. */
  recent(nowMs: number): number {
    let count = 0;
    while ((this.#ackedMs.at(-1 - count) ?? Number.NEGATIVE_INFINITY) > nowMs - keepingUpMs) count += 1;
    return count;
  }

  /** Age of the oldest record not read, when this many were; 0 when none waits. */
  ageMs(read: number, nowMs: number): number {
    const ackedMs = this.#ackedMs[read];
    return ackedMs === undefined ? 0 : nowMs - ackedMs;
  }

  reader(): BacklogReader {
    return new BacklogReader(this);
  }
}

/** One group. */
export class BacklogReader {
  readonly #backlog: Backlog;
  /** By partition: offsets read. A record that is read again, after a rebalance, is one record. */
  readonly #read = new Map<number, Set<number>>();
  #count = 0;
  #firstMs: number | null = null;
  #maxLagRecords = 0;
  #maxLagMs = 0;
  #caughtUp: { readonly atMs: number; readonly records: number } | null = null;
  #last: { readonly atMs: number; readonly records: number } | null = null;

  constructor(backlog: Backlog) {
    this.#backlog = backlog;
  }

  read(records: readonly Pick<ConsumedRecord, 'partition' | 'offset'>[], nowMs: number): void {
    if (records.length === 0) return;
    if (this.#firstMs === null) {
      this.#firstMs = nowMs;
      this.look(nowMs);
    }
    for (const { partition, offset } of records) {
      const known = this.#read.get(partition) ?? new Set();
      this.#read.set(partition, known);
      if (!known.has(offset)) this.#count += 1;
      known.add(offset);
    }
    this.look(nowMs);
  }

  /** Samples the lag; once the group has caught up nothing is counted any more. */
  look(nowMs: number): void {
    if (this.#caughtUp !== null) return;
    const behind = this.#backlog.acknowledged - this.#count;
    this.#maxLagRecords = Math.max(this.#maxLagRecords, behind);
    this.#maxLagMs = Math.max(this.#maxLagMs, this.#backlog.ageMs(this.#count, nowMs));
    this.#last = { atMs: nowMs, records: this.#count };
    if (this.#count === 0 || behind > Math.max(leastRecordsBehind, this.#backlog.recent(nowMs))) return;
    this.#caughtUp = { atMs: nowMs, records: this.#count };
  }

  get hasCaughtUp(): boolean {
    return this.#caughtUp !== null;
  }

  result(): Omit<CatchUpGroup, 'group'> {
    const end = this.#caughtUp ?? this.#last;
    const elapsedMs = end === null || this.#firstMs === null ? 0 : end.atMs - this.#firstMs;
    return {
      drainedMs: this.#caughtUp === null ? null : elapsedMs,
      readRecords: this.#count,
      // A whole backlog in one fetch has no rate that could be told from infinite: at least a millisecond.
      readPerSec: end === null || this.#count === 0 ? null : (end.records * 1_000) / Math.max(1, elapsedMs),
      maxLagRecords: this.#maxLagRecords,
      maxLagSeconds: this.#maxLagMs / 1_000,
    };
  }
}
