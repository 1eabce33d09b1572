/** What one consumer group read of a topic: which ids, where, and in which order. */
import { Pages } from './pages.ts';
import type { SettledPages } from './settled-pages.ts';
import type { GroupIntegrity } from './types.ts';

/** Offenders kept as evidence, of each kind. */
export const examplesKept = 3;

export interface LedgerShape {
  readonly partitions: number;
  readonly producers: number;
  /** Distinct keys; null: records have no key, and order is judged per producer and partition. */
  readonly keys: number | null;
  /** Index of a record's key, below `keys`; not called without keys. */
  readonly keyOf: (id: number) => number;
}

/** Where order is judged: each producer's records of each key, or of each partition. A group keeps four bytes of each. */
export function orderPlaces({ keys, partitions, producers }: Omit<LedgerShape, 'keyOf'>): number {
  return (keys ?? partitions) * producers;
}

/** Producers take turns, so both follow from the id. */
export function nameRecord(id: number, producers: number): string {
  return `producer ${id % producers} sequence ${Math.floor(id / producers)}`;
}

export class GroupLedger {
  readonly name: string;
  received = 0;
  redelivered = 0;
  orderInversions = 0;
  readonly #shape: LedgerShape;
  readonly #settled: SettledPages;
  /** Where each id was first read, as a location (see `locate`). */
  readonly #readAt = new Pages();
  /** Further locations of ids read at more than one: few, so a map. */
  readonly #copies = new Map<number, Set<number>>();
  /** Sequence + 1 read last, by key (or partition) and producer. */
  readonly #lastSequence: Uint32Array;
  /** By partition: records with a lower id that are in the log must have been read. */
  readonly #drainedBefore: Float64Array;
  /** By partition: the highest offset read, -1 before the first. */
  readonly #furthest: Float64Array;
  readonly #examples: string[] = [];

  constructor(name: string, shape: LedgerShape, settled: SettledPages) {
    this.name = name;
    this.#shape = shape;
    this.#settled = settled;
    this.#furthest = new Float64Array(shape.partitions).fill(-1);
    this.#lastSequence = new Uint32Array(orderPlaces(shape));
    this.#drainedBefore = new Float64Array(shape.partitions);
  }

  /** True when the id was read for the first time. */
  read(partition: number, offset: number, id: number): boolean {
    const location = this.#locate(partition, offset);
    const first = this.#readAt.get(id);
    const isAhead = offset > this.furthestRead(partition);
    if (isAhead) this.#furthest[partition] = offset;
    if (first === 0 && this.#settled.has(id)) {
      // Where it was read first is not known any more, but what lies ahead of everything read is another place.
      if (isAhead) this.#readCopy(partition, offset, id, location);
      else this.redelivered += 1;
      return false;
    }
    if (first === 0) {
      this.#readAt.set(id, location);
      this.received += 1;
      this.#checkOrder(partition, offset, id);
      return true;
    }
    if (first === location) this.redelivered += 1;
    else this.#readCopy(partition, offset, id, location);
    return false;
  }

  hasRead(id: number): boolean {
    return this.#readAt.get(id) !== 0 || this.#settled.has(id);
  }

  furthestRead(partition: number): number {
    return this.#furthest[partition] ?? -1;
  }

  /** Forgets where the ids of a settled page were read. */
  drop(page: number): void {
    this.#readAt.drop(page);
  }

  /** The group has read this partition past everything with a lower id than `beforeId`. */
  drained(partition: number, beforeId: number): void {
    this.#drainedBefore[partition] = Math.max(this.#drainedBefore[partition] ?? 0, beforeId);
  }

  hasDrained(partition: number, id: number): boolean {
    return id < (this.#drainedBefore[partition] ?? 0);
  }

  /** `missing`: ids that must be readable and were not read, with their partition. */
  toIntegrity(missing: Iterable<{ readonly id: number; readonly partition: number }>): GroupIntegrity {
    const lost: string[] = [];
    let lostCount = 0;
    let unseen = 0;
    for (const { id, partition } of missing) {
      if (this.hasDrained(partition, id)) {
        lostCount += 1;
        if (lost.length < examplesKept) {
          lost.push(
            `lost: ${nameRecord(id, this.#shape.producers)}, acknowledged in partition ${partition}, never read`,
          );
        }
      } else unseen += 1;
    }
    return {
      group: this.name,
      received: this.received,
      lost: lostCount,
      unseen,
      duplicates: this.#copies.size,
      redelivered: this.redelivered,
      orderInversions: this.orderInversions,
      examples: [...lost, ...this.#examples],
    };
  }

  /** One non-zero 32-bit number a (partition, offset); two locations that share one are billions of records apart. */
  #locate(partition: number, offset: number): number {
    const place = offset * this.#shape.partitions + partition;
    // The remainder of numbers beyond 32 bits is a call out of the compiled code.
    return (place < 0xffff_ffff ? place : place % 0xffff_ffff) + 1;
  }

  #readCopy(partition: number, offset: number, id: number, location: number): void {
    const copies = this.#copies.get(id);
    if (copies === undefined) {
      this.#copies.set(id, new Set([location]));
      this.#example(this.#copies.size, 'duplicate', partition, offset, id, 'also stored elsewhere');
    } else if (copies.has(location)) this.redelivered += 1;
    else copies.add(location);
  }

  /** Only first reads count: a copy or a redelivery is no inversion. */
  #checkOrder(partition: number, offset: number, id: number): void {
    const { keys, keyOf, producers } = this.#shape;
    const slot = (keys === null ? partition : keyOf(id)) * producers + (id % producers);
    const sequence = Math.floor(id / producers);
    const last = this.#lastSequence[slot] ?? 0;
    if (sequence + 1 >= last) {
      this.#lastSequence[slot] = sequence + 1;
      return;
    }
    this.orderInversions += 1;
    const of = keys === null ? 'the same partition' : `key ${keyOf(id)}`;
    this.#example(this.orderInversions, 'out of order', partition, offset, id, `read after ${last - 1} of ${of}`);
  }

  #example(count: number, kind: string, partition: number, offset: number, id: number, what: string): void {
    if (count > examplesKept) return;
    const record = nameRecord(id, this.#shape.producers);
    this.#examples.push(`${kind}: ${record} at partition ${partition} offset ${offset}, ${what}`);
  }
}
