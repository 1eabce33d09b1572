/**
 * Batches as they go on the wire. Their rooms are used again once they are acknowledged.
 */
import type { Compression } from '../../lib/requirements/types.ts';
import type { PartitionBatch } from '../drivers/driver.ts';
import { BatchRoom, roomFor } from './batch-room.ts';
import { compressBatch, encodeBatch } from './record-batch.ts';

export interface EncodedBatch {
  /** The whole batch, still to be sealed. */
  readonly bytes: Buffer;
  readonly records: number;
  /** Where it lies; null: in memory of its own. */
  readonly room: BatchRoom | null;
}

/** More than the batches that a producer has on their way; what a burst left beyond it is not kept. */
const mostKeptBytes = 4 * 1024 * 1024;
/** So that batches of about one size fit into each other's. */
const roomStepBytes = 16 * 1024;

export class BatchEncoder {
  readonly #compression: Compression;
  readonly #free: BatchRoom[] = [];
  #freeBytes = 0;

  constructor(compression: Compression) {
    this.#compression = compression;
  }

  encode(batch: PartitionBatch): EncodedBatch {
    const { cursor } = batch;
    if (cursor === undefined) {
      const { records } = batch;
      return { bytes: encodeBatch(records, this.#compression), records: records.length, room: null };
    }
    const room = this.#take(roomFor(cursor));
    const records = cursor.count;
    const plain = room.encode(cursor);
    const bytes = compressBatch(plain, this.#compression);
    if (bytes === plain) return { bytes, records, room };
    // It is free at once, so that every batch would have the padding of the one before.
    room.forget();
    this.#give(room);
    return { bytes, records, room: null };
  }

  /** For a batch that nobody will look at any more, the socket included. */
  reuse({ room }: EncodedBatch): void {
    if (room !== null) this.#give(room);
  }

  /** The one given last, which is still in the cache, if it is large enough. */
  #take(bytes: number): BatchRoom {
    const last = this.#free.pop();
    if (last !== undefined) this.#freeBytes -= last.bytes.length;
    if (last !== undefined && last.bytes.length >= bytes) return last;
    return new BatchRoom(Math.ceil(bytes / roomStepBytes) * roomStepBytes);
  }

  #give(room: BatchRoom): void {
    if (this.#freeBytes + room.bytes.length > mostKeptBytes) return;
    this.#free.push(room);
    this.#freeBytes += room.bytes.length;
  }
}
