/** Where the fields of a record batch (format v2) lie, from the batch's first byte. */
export const batchLayout = {
  baseOffset: 0,
  batchLength: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const;

/** The records begin here. */
export const batchHeaderBytes = 61;
/** `batchLength` counts what follows it. */
export const batchLengthExcludes = 12;
export const batchMagic = 2;

export const codecMask = 0b111;
export const transactionalFlag = 1 << 4;
export const controlFlag = 1 << 5;
