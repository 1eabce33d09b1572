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

/**
 * Verifies that the sequences of a producer arrive without a gap, a repeat or a step back, in one partition. The records of a
 * batch are seen as wasm/walk.ts walks them, by the same rules.
 */
export class SequenceCheck {
  received = 0;
  /** Records that were passed over, by a jump ahead. */
  gaps = 0;
  /** Records at or behind one already seen: repeated, or late after a jump. */
  backward = 0;
  /** Records without a stamp of this producer. */
  foreign = 0;
  /** The sequence that comes next. */
  next = 0;
  readonly producer: number;

  constructor(producer: number) {
    this.producer = producer;
  }

  /** The value of a record is at [start, end); a null one has start -1. */
  see(view: DataView, start: number, end: number): void {
    this.received++;
    if (start < 0 || end - start < stampBytes || view.getUint32(start) !== this.producer) {
      this.foreign++;
      return;
    }
    const sequence = view.getUint32(start + 4) * 0x1_0000_0000 + view.getUint32(start + 8);
    if (sequence < this.next) this.backward++;
    else {
      this.gaps += sequence - this.next;
      this.next = sequence + 1;
    }
  }

  get clean(): boolean {
    return this.gaps === 0 && this.backward === 0 && this.foreign === 0;
  }
}
