/**
 * Which pages of ids are settled: every record in them acknowledged and read by every group. Most records of a run are, and
 * nothing more can be learnt of them but that they come again, so that their details need not be kept for the whole run.
 * A page with one record that is lost, stuck or of unknown outcome is not settled.
 */
import { pageLength } from './pages.ts';

export class SettledPages {
  /** By page: acknowledgements and first reads; one more than needed once it was given up. */
  readonly #counts: number[] = [];
  readonly #needed: number;
  readonly #pagesKept: number;
  readonly #giveUp: (page: number) => void;
  /** Settled, with their details still there; oldest first. */
  readonly #kept: number[] = [];

  /** `giveUp` is called for a page when more than `recordsKept` were settled after it. */
  constructor(groups: number, recordsKept: number, giveUp: (page: number) => void) {
    this.#needed = pageLength * (1 + groups);
    this.#pagesKept = Math.floor(recordsKept / pageLength);
    this.#giveUp = giveUp;
  }

  /** A record was acknowledged, or read by one of the groups, for the first time. */
  count(id: number): void {
    const page = Math.floor(id / pageLength);
    const count = (this.#counts[page] ?? 0) + 1;
    this.#counts[page] = count;
    if (count < this.#needed) return;
    this.#kept.push(page);
    if (this.#kept.length <= this.#pagesKept) return;
    const oldest = this.#kept.shift() ?? page;
    this.#counts[oldest] = this.#needed + 1;
    this.#giveUp(oldest);
  }

  /** The details of this record were given up: it is acknowledged, and every group has read it. */
  has(id: number): boolean {
    return (this.#counts[Math.floor(id / pageLength)] ?? 0) > this.#needed;
  }

  /** Ids from `fromId` below `toId` whose details are there. */
  *others(fromId: number, toId: number): Generator<number> {
    for (let start = fromId; start < toId; ) {
      const end = Math.min(toId, (Math.floor(start / pageLength) + 1) * pageLength);
      if (!this.has(start)) for (let id = start; id < end; id += 1) yield id;
      start = end;
    }
  }
}
