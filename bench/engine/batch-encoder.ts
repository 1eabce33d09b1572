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

/** Of all encoders together: more than is on its way at once but behind a stall, and what a stall left beyond it goes back. */
const mostFreeBytes = 16 * 1024 * 1024;
/** So that batches of about one size fit into each other's. */
const roomStepBytes = 4 * 1024;

let freeBytes = 0;

export class BatchEncoder {
  readonly #compression: Compression;
  readonly #free: BatchRoom[] = [];
  #isClosed = false;

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

  /** Its memory is the other encoders' again. */
  close(): void {
    this.#isClosed = true;
    for (const { bytes } of this.#free.splice(0)) freeBytes -= bytes.length;
  }

  /** The one given last, which is still in the cache, if it is large enough. */
  #take(bytes: number): BatchRoom {
    const last = this.#free.pop();
    if (last !== undefined) freeBytes -= last.bytes.length;
    if (last !== undefined && last.bytes.length >= bytes) return last;
    return new BatchRoom(Math.ceil(bytes / roomStepBytes) * roomStepBytes);
  }

  #give(room: BatchRoom): void {
    if (this.#isClosed || freeBytes + room.bytes.length > mostFreeBytes) return;
    this.#free.push(room);
    freeBytes += room.bytes.length;
  }
}
