export const pageLength = 32_768;

/**
 * Unsigned 32-bit integers by index, 0 where nothing was set. Memory is taken a page at a time where it is used,
 * so that offsets may begin anywhere and millions of records fit in tens of megabytes.
 */
export class Pages {
  readonly #length: number;
  readonly #pages = new Map<number, Uint32Array>();
  /** The page used last, and its first index: neighbours are almost always used together. Without one no index is in it. */
  #current: Uint32Array = new Uint32Array();
  #currentStart = Number.NaN;

  constructor(length: number = pageLength) {
    this.#length = length;
  }

  get(index: number): number {
    const at = index - this.#currentStart;
    if (at >= 0 && at < this.#length) return this.#current[at] ?? 0;
    return this.#turnTo(index) ? (this.#current[index - this.#currentStart] ?? 0) : 0;
  }

  set(index: number, value: number): void {
    const at = index - this.#currentStart;
    if (at >= 0 && at < this.#length) {
      this.#current[at] = value;
      return;
    }
    if (!this.#turnTo(index)) {
      this.#pages.set(Math.floor(index / this.#length), new Uint32Array(this.#length));
      this.#turnTo(index);
    }
    this.#current[index - this.#currentStart] = value;
  }

  /** Gives the memory of a page back; what was set in it is 0 again. */
  drop(number: number): void {
    this.#pages.delete(number);
    if (number * this.#length !== this.#currentStart) return;
    this.#current = new Uint32Array();
    this.#currentStart = Number.NaN;
  }

  /** The same for every page that ends at or before `index`. */
  dropBefore(index: number): void {
    const first = Math.floor(index / this.#length);
    for (const number of this.#pages.keys()) if (number < first) this.drop(number);
  }

  /** False when nothing was set near there. */
  #turnTo(index: number): boolean {
    const number = Math.floor(index / this.#length);
    const page = this.#pages.get(number);
    if (page === undefined) return false;
    this.#current = page;
    this.#currentStart = number * this.#length;
    return true;
  }
}
