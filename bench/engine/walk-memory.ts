/** Memory in which the code of wasm/walk.ts reaches records, and the calls of that code. */
import { walkCode } from './generated/walk-code.ts';
import type { SequenceCheck } from './stamp.ts';

/** Addresses that the code knows too, in bytes. */
const leftAt = 0;
const nextAt = 4;
const faultAt = 8;
const recordAt = 12;
const producerAt = 64;
const expectedAt = 72;
const gapsAt = 80;
const backwardAt = 88;
const foreignAt = 92;
const rowsAt = 1_024;
/** Behind the rows. */
const firstByte = 32 * 1_024;
/** Behind the last byte: what the code may read before it sees an end. */
const slackBytes = 128;
const pageBytes = 65_536;

const wordBytes = Int32Array.BYTES_PER_ELEMENT;
const numberBytes = Float64Array.BYTES_PER_ELEMENT;
/** A row: offset delta, key start and end, value start and end, then the time delta, a number of two words. */
export const rowWords = 8;
export const firstRowWord = rowsAt / wordBytes;
export const timeInRow = 6;

const code = new WebAssembly.Module(Buffer.from(walkCode, 'base64'));
const memories = new WeakMap<ArrayBufferLike, WalkMemory>();

/** Where records lie, as addresses, and which of them to pass over. */
export interface RecordRange {
  readonly start: number;
  readonly end: number;
  readonly records: number;
  /** Records whose offset in the batch is below are passed over. */
  readonly fromDelta: number;
  /** The address of the first byte of the buffer that rows hold places of. */
  readonly shift: number;
}

/** What a call leaves behind. */
export interface Walked {
  /** Records that were not passed over. */
  readonly visited: number;
  /** Records that are still to be walked, from `at` on. */
  readonly left: number;
  readonly at: number;
  /** Why a record cannot be read, one of `faults`; 0 when nothing is wrong. */
  readonly fault: number;
  /** Of the record read last. */
  readonly offsetDelta: number;
}

export const faults = { none: 0, fewerRecords: 1, longInteger: 2, fields: 3 };

export class WalkMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #walk: (...numbers: readonly number[]) => number;
  /** Where bytes may be put. Another buffer after `grow`, which ends the one before. */
  bytes: Buffer = Buffer.alloc(0);
  /** Of all, for rows. */
  words = new Int32Array(0);
  numbers = new Float64Array(0);

  /** The one in which `bytes` lie, if they do in any. */
  static of(bytes: Buffer): WalkMemory | undefined {
    return memories.get(bytes.buffer);
  }

  constructor(bytes: number) {
    this.#memory = new WebAssembly.Memory({ initial: pagesFor(bytes) });
    this.#walk = new WebAssembly.Instance(code, { env: { memory: this.#memory } }).exports.walk as never;
    this.#look(bytes);
  }

  /** What lies in it stays. Throws a RangeError when there is no such memory. */
  grow(bytes: number): void {
    this.#memory.grow(Math.max(0, pagesFor(bytes) - this.#memory.buffer.byteLength / pageBytes));
    this.#look(bytes);
  }

  /** Makes a row of each record, as many as there is room for. */
  rows({ start, end, records, fromDelta, shift }: RecordRange): Walked {
    return this.#walked(this.#walk(start, end, records, fromDelta, shift, 0));
  }

  /** Has `check` see the stamp of each record. */
  verify({ start, end, records, fromDelta, shift }: RecordRange, check: SequenceCheck): Walked {
    const { words, numbers } = this;
    const { buffer } = this.#memory;
    new DataView(buffer).setUint32(producerAt, check.producer);
    numbers[expectedAt / numberBytes] = check.next;
    const visited = this.#walk(start, end, records, fromDelta, shift, 1);
    check.next = numbers[expectedAt / numberBytes] as number;
    check.received += visited;
    check.gaps += numbers[gapsAt / numberBytes] as number;
    check.backward += words[backwardAt / wordBytes] as number;
    check.foreign += words[foreignAt / wordBytes] as number;
    return this.#walked(visited);
  }

  #walked(visited: number): Walked {
    const word = (at: number) => this.words[at / wordBytes] as number;
    return { visited, left: word(leftAt), at: word(nextAt) >>> 0, fault: word(faultAt), offsetDelta: word(recordAt) };
  }

  #look(bytes: number): void {
    const { buffer } = this.#memory;
    this.bytes = Buffer.from(buffer, firstByte, bytes);
    this.words = new Int32Array(buffer);
    this.numbers = new Float64Array(buffer);
    memories.set(buffer, this);
  }
}

function pagesFor(bytes: number): number {
  return Math.ceil((firstByte + bytes + slackBytes) / pageBytes);
}
