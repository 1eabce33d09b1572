/** What makes a record of the engine unique and datable, at the beginning of its value. */

/** Bytes of a stamp: producer, sequence, time. */
export const stampBytes = 20;

/** `sequence` counts the records of one producer on one partition, from 0. */
export function writeStamp(view: DataView, at: number, producer: number, sequence: number, epochMicros: number): void {
  view.setUint32(at, producer);
  view.setUint32(at + 4, Math.floor(sequence / 0x1_0000_0000));
  view.setUint32(at + 8, sequence >>> 0);
  view.setFloat64(at + 12, epochMicros);
}

/** Verifies that the sequences of a producer arrive without a gap, a repeat or a step back, in one partition. */
export class SequenceCheck {
  received = 0;
  /** Records that were passed over, by a jump ahead. */
  gaps = 0;
  /** Records at or behind one already seen: repeated, or late after a jump. */
  backward = 0;
  /** Records without a stamp of this producer. */
  foreign = 0;
  readonly #producer: number;
  #next = 0;

  constructor(producer: number) {
    this.#producer = producer;
  }

  /** The value of a record is at [start, end). */
  see(bytes: Buffer, start: number, end: number): void {
    this.received++;
    if (end - start < stampBytes || readUint32(bytes, start) !== this.#producer) {
      this.foreign++;
      return;
    }
    const sequence = readUint32(bytes, start + 4) * 0x1_0000_0000 + readUint32(bytes, start + 8);
    if (sequence === this.#next) {
      this.#next++;
    } else if (sequence > this.#next) {
      this.gaps += sequence - this.#next;
      this.#next = sequence + 1;
    } else this.backward++;
  }

  get clean(): boolean {
    return this.gaps === 0 && this.backward === 0 && this.foreign === 0;
  }
}

/** Bounds are checked by the caller, once for the stamp. */
function readUint32(bytes: Buffer, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}
