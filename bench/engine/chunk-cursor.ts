/**
 * Reads bytes that lie scattered over chunks, as a socket delivered them, without joining the chunks:
 * a read inside one chunk is a view, only a read across a boundary is copied.
 */
export class ChunkCursor {
  /** Buffer that holds what `take` last returned the start of. */
  buffer: Buffer;
  readonly #chunks: readonly Buffer[];
  #index = 0;
  #at = 0;
  #remaining: number;

  constructor(chunks: readonly Buffer[]) {
    this.#chunks = chunks;
    this.buffer = chunks[0] ?? Buffer.alloc(0);
    this.#remaining = chunks.reduce((bytes, chunk) => bytes + chunk.length, 0);
  }

  /** Bytes not taken yet. */
  get remaining(): number {
    return this.#remaining;
  }

  /** Bytes that can be read from `chunk` at `position` without crossing a boundary; moves on from an exhausted chunk. */
  get contiguous(): number {
    while (this.#index < this.#chunks.length && this.#at === this.chunk.length) {
      this.#index++;
      this.#at = 0;
    }
    return this.#index < this.#chunks.length ? this.chunk.length - this.#at : 0;
  }

  get chunk(): Buffer {
    return this.#chunks[this.#index] as Buffer;
  }

  get position(): number {
    return this.#at;
  }

  /** Makes the next bytes readable in `buffer`, and returns where they begin there. */
  take(bytes: number): number {
    const start = this.peek(bytes);
    this.skip(bytes);
    return start;
  }

  /** Like `take`, and stays where it is. */
  peek(bytes: number): number {
    if (bytes > this.#remaining) throw new RangeError(`${bytes} bytes wanted, ${this.#remaining} left`);
    if (bytes <= this.contiguous) {
      this.buffer = this.chunk;
      return this.#at;
    }
    // A new buffer each time: what an earlier call returned must not change under its reader.
    this.buffer = Buffer.allocUnsafe(bytes);
    let filled = this.chunk.copy(this.buffer, 0, this.#at);
    for (let next = this.#index + 1; filled < bytes; next++) {
      filled += (this.#chunks[next] as Buffer).copy(this.buffer, filled);
    }
    return 0;
  }

  /** Passes over bytes without looking at them. */
  skip(bytes: number): void {
    if (bytes > this.#remaining) throw new RangeError(`${bytes} bytes wanted, ${this.#remaining} left`);
    let left = bytes;
    while (left > 0) {
      const part = Math.min(this.contiguous, left);
      this.#at += part;
      this.#remaining -= part;
      left -= part;
    }
  }

  /** The next bytes as views of the chunks they lie in; takes them. */
  takeViews(bytes: number): Buffer[] {
    const views: Buffer[] = [];
    let left = bytes;
    while (left > 0) {
      const part = Math.min(this.contiguous, left);
      if (part === 0) throw new RangeError(`${left} bytes wanted, none left`);
      views.push(this.chunk.subarray(this.#at, this.#at + part));
      this.skip(part);
      left -= part;
    }
    return views;
  }
}
