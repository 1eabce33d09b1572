type Page = Uint8Array | Uint16Array | Uint32Array;

const pageLength = 32_768;

/**
 * Unsigned integers by index, 0 where nothing was set. Memory is taken a page at a time where it is used,
 * so that offsets may begin anywhere and millions of records fit in tens of megabytes.
 */
export class Pages {
  readonly #bits: 8 | 16 | 32;
  readonly #pages = new Map<number, Page>();
  /** The page used last: neighbours are almost always used together. */
  #current: Page | undefined;
  #currentNumber = -1;

  constructor(bits: 8 | 16 | 32) {
    this.#bits = bits;
  }

  get(index: number): number {
    const number = Math.floor(index / pageLength);
    const page = number === this.#currentNumber ? this.#current : this.#pages.get(number);
    return page?.[index - number * pageLength] ?? 0;
  }

  set(index: number, value: number): void {
    const number = Math.floor(index / pageLength);
    if (number !== this.#currentNumber) this.#open(number);
    if (this.#current !== undefined) this.#current[index - number * pageLength] = value;
  }

  #open(number: number): void {
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = create(this.#bits);
      this.#pages.set(number, page);
    }
    this.#current = page;
    this.#currentNumber = number;
  }
}

function create(bits: 8 | 16 | 32): Page {
  if (bits === 8) return new Uint8Array(pageLength);
  return bits === 16 ? new Uint16Array(pageLength) : new Uint32Array(pageLength);
}
