/** How many records share a batch header, and what a record then costs on one disk. */
import { batchHeaderBytes, meanRecordBytes, type RecordShape } from '../record-batch.ts';

/** How producers form batches. */
export interface BatchingInput extends RecordShape {
  readonly ratePerSec: number;
  readonly partitions: number;
  readonly producers: number;
  readonly lingerMs: number;
  /** `batch.size` */
  readonly batchBytes: number;
  /** Records go to the partition of their key; otherwise one partition a linger window (sticky). */
  readonly keyed: boolean;
  /** compressed / original, of the records section of a batch. */
  readonly compressionRatio: number;
}

export interface Batches {
  readonly recordsPerBatch: number;
  /** On disk, with its share of the batch header, one replica. */
  readonly bytesPerRecord: number;
}

/**
 * Each producer starts its linger timer with the first record it queues and, when it ends, sends one batch for every
 * partition that has records. At r records/s a producer such a window holds m = 1 + r x linger records; keyed records fall
 * on P(1 - (1 - 1/P)^m) of the P partitions, unkeyed ones on a single one; `batch.size` caps a batch.
 */
export function predictBatches(input: BatchingInput): Batches {
  const windowRecords = 1 + (input.ratePerSec / input.producers) * (input.lingerMs / 1000);
  const batches = input.keyed ? input.partitions * (1 - (1 - 1 / input.partitions) ** windowRecords) : 1;
  const alone = meanRecordBytes(input, 1, 0);
  const most = Math.max(1, Math.floor((input.batchBytes - batchHeaderBytes) / alone));
  return batchesOf(input, Math.min(windowRecords / batches, most));
}

/** The same for a known number of records in every batch. */
export function batchesOf(
  input: Pick<BatchingInput, keyof RecordShape | 'lingerMs' | 'compressionRatio'>,
  recordsPerBatch: number,
): Batches {
  const recordBytes = meanRecordBytes(input, recordsPerBatch, input.lingerMs) * input.compressionRatio;
  return { recordsPerBatch, bytesPerRecord: batchHeaderBytes / recordsPerBatch + recordBytes };
}
