type Page = Uint8Array | Uint16Array | Uint32Array;

export const pageLength = 32_768;

/**
 * Unsigned integers by index, 0 where nothing was set. Memory is taken a page at a time where it is used,
 * so that offsets may begin anywhere and millions of records fit in tens of megabytes.
 */
export class Pages {
  readonly #bits: 8 | 16 | 32;
  readonly #length: number;
  readonly #pages = new Map<number, Page>();
  /** The page used last: neighbours are almost always used together. */
  #current: Page | undefined;
  #currentNumber = -1;

  constructor(bits: 8 | 16 | 32, length: number = pageLength) {
    this.#bits = bits;
    this.#length = length;
  }

  get(index: number): number {
    const number = Math.floor(index / this.#length);
    const page = number === this.#currentNumber ? this.#current : this.#pages.get(number);
    return page?.[index - number * this.#length] ?? 0;
  }

  set(index: number, value: number): void {
    const number = Math.floor(index / this.#length);
    if (number !== this.#currentNumber) this.#open(number);
    if (this.#current !== undefined) this.#current[index - number * this.#length] = value;
  }

  /** Gives the memory of a page back; what was set in it is 0 again. */
  drop(number: number): void {
    this.#pages.delete(number);
    if (number !== this.#currentNumber) return;
    this.#current = undefined;
    this.#currentNumber = -1;
  }

  /** The same for every page that ends at or before `index`. */
  dropBefore(index: number): void {
    const first = Math.floor(index / this.#length);
    for (const number of this.#pages.keys()) if (number < first) this.drop(number);
  }

  #open(number: number): void {
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = create(this.#bits, this.#length);
      this.#pages.set(number, page);
    }
    this.#current = page;
    this.#currentNumber = number;
  }
}

function create(bits: 8 | 16 | 32, length: number): Page {
  if (bits === 8) return new Uint8Array(length);
  return bits === 16 ? new Uint16Array(length) : new Uint32Array(length);
}
