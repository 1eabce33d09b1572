import { invalidAnswer } from './invalid-answer.ts';

/** Reads the fields of an answer from the one buffer they lie in. Throws a RangeError past its end, BROKER_ANSWER_INVALID on nonsense. */
export class AnswerReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Where the next field begins. */
  get position(): number {
    return this.#at;
  }

  skip(bytes: number): void {
    this.#at += bytes;
    if (this.#at > this.#bytes.length) throw new RangeError(`${bytes} bytes wanted at the end of an answer`);
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  /** Exact up to 2^53. */
  int64(): number {
    this.#at += 8;
    return this.#bytes.readInt32BE(this.#at - 8) * 0x1_0000_0000 + this.#bytes.readUInt32BE(this.#at - 4);
  }

  /** Elements of the compact array, or bytes of the compact block, that begins here; -1 for null. */
  count(): number {
    return this.#varint() - 1;
  }

  /** A compact string; null ones are empty. */
  string(): string {
    const bytes = Math.max(0, this.#varint() - 1);
    this.skip(bytes);
    return this.#bytes.toString('latin1', this.#at - bytes, this.#at);
  }

  skipTaggedFields(): void {
    for (let left = this.#varint(); left > 0; left--) {
      this.#varint();
      this.skip(this.#varint());
    }
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
      if (shift > 21) throw invalidAnswer('a length of more than four bytes');
    }
  }
}
