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
  /** The sequence that comes next: in halves of 32 bits, signed, as they are compared with those of a stamp at no cost. */
  #high = 0;
  #low = 0;

  constructor(producer: number) {
    this.#producer = producer | 0;
  }

  /** The value of a record is at [start, end); a null one has start -1. */
  see(view: DataView, start: number, end: number): void {
    this.received++;
    if (start < 0 || end - start < stampBytes || view.getInt32(start) !== this.#producer) {
      this.foreign++;
      return;
    }
    const high = view.getInt32(start + 4);
    const low = view.getInt32(start + 8);
    if (low !== this.#low || high !== this.#high) {
      const ahead = sequenceOf(high, low) - sequenceOf(this.#high, this.#low);
      if (ahead < 0) {
        this.backward++;
        return;
      }
      this.gaps += ahead;
    }
    this.#low = (low + 1) | 0;
    this.#high = this.#low === 0 ? high + 1 : high;
  }

  get clean(): boolean {
    return this.gaps === 0 && this.backward === 0 && this.foreign === 0;
  }
}

function sequenceOf(high: number, low: number): number {
  return high * 0x1_0000_0000 + (low >>> 0);
}
