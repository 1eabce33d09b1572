/**
 * Sizes of Kafka's record batch format v2, the only one Kafka 4 writes.
 * Source: https://kafka.apache.org/documentation/#recordbatch and #record (field by field below).
 */

/** Base offset 8, length 4, leader epoch 4, magic 1, CRC 4, attributes 2, last offset delta 4, two timestamps 16, producer id 8, epoch 2, sequence 4, count 4. */
export const batchHeaderBytes = 61;

export interface RecordShape {
  /** 0: the record has no key. */
  readonly keyBytes: number;
  readonly valueBytes: number;
  /** Encoded headers without their count. */
  readonly headersBytes: number;
}

/** Bytes of a zigzag variable-length integer: 7 bits a byte, the sign in the lowest bit. */
export function varintBytes(value: number): number {
  const zigzag = value >= 0 ? 2 * value : -2 * value - 1;
  let bytes = 1;
  for (let rest = zigzag; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}

/** Bytes of one record inside a batch, with its own length prefix and uncompressed. */
export function recordBytes(shape: RecordShape, offsetDelta: number, timestampDeltaMs: number): number {
  const keyLength = shape.keyBytes === 0 ? -1 : shape.keyBytes;
  const headerCountBytes = 1;
  const attributesBytes = 1;
  const body =
    attributesBytes +
    varintBytes(timestampDeltaMs) +
    varintBytes(offsetDelta) +
    varintBytes(keyLength) +
    shape.keyBytes +
    varintBytes(shape.valueBytes) +
    shape.valueBytes +
    headerCountBytes +
    shape.headersBytes;
  return varintBytes(body) + body;
}

/**
 * Mean bytes of a record in a batch of `records`, whose time stamps are spread evenly over `spreadMs`; no batch header.
 * Exact for whole numbers: bytes change only where a delta needs one byte more, so whole ranges are added up at once.
 */
export function meanRecordBytes(shape: RecordShape, records: number, spreadMs: number): number {
  const count = Math.max(1, Math.round(records));
  const timestampOf = (index: number): number => Math.floor((index * spreadMs) / count);
  let total = 0;
  for (let from = 0; from < count; ) {
    const longerOffset = firstLonger(from);
    const longerTime = spreadMs <= 0 ? count : Math.ceil((firstLonger(timestampOf(from)) * count) / spreadMs);
    const to = Math.min(count, longerOffset, Math.max(from + 1, longerTime));
    total += (to - from) * recordBytes(shape, from, timestampOf(from));
    from = to;
  }
  return total / count;
}

/** The next value whose zigzag form takes more bytes: 64, 8192, 2^20, ... */
function firstLonger(value: number): number {
  let first = 64;
  while (first <= value) first *= 128;
  return first;
}
