/**
 * What a connection brings, in one piece: the socket writes into memory that is used again and again, so that it stays in the
 * processor's cache. New memory for each read, as a socket takes by itself, cost as much as all the rest of reading records.
 */

import { WalkMemory } from './walk-memory.ts';

/** More is no quicker: from 256 KiB on the records are out of the nearest cache before they are walked. */
const firstBytes = 128 * 1024;

export class ReceiveBuffer {
  readonly #take: (bytes: Buffer) => number;
  readonly #memory = new WalkMemory(firstBytes);
  #filled = 0;

  /** @param take is called with all bytes that it has not taken yet, and returns how many of them it takes now. */
  constructor(take: (bytes: Buffer) => number) {
    this.#take = take;
  }

  /** Where the next bytes belong. Never empty. */
  get room(): Buffer {
    return this.#memory.bytes.subarray(this.#filled);
  }

  /** After `bytes` were written into the room. */
  filled(bytes: number): void {
    this.#filled += bytes;
    const taken = this.#take(this.#memory.bytes.subarray(0, this.#filled));
    if (taken > 0) this.#memory.bytes.copyWithin(0, taken, this.#filled);
    this.#filled -= taken;
    if (this.#filled === this.#memory.bytes.length) this.#memory.grow(2 * this.#filled);
  }

  /** For bytes that lie elsewhere already. */
  append(chunk: Buffer): void {
    let from = 0;
    // Nearly always: one small answer, alone and whole.
    if (this.#filled === 0) from = this.#take(chunk);
    while (from < chunk.length) {
      const copied = chunk.copy(this.room, 0, from);
      from += copied;
      this.filled(copied);
    }
  }
}
