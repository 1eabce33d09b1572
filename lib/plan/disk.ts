/**
 * What a topic's log holds on the disks, as opposed to the users' formula: batch and record overhead, compression,
 * the segment that cannot be deleted yet, index files.
 */
import { batchHeaderBytes, meanRecordBytes, type RecordShape } from './record-batch.ts';

/** Kafka defaults that shape the disk (https://kafka.apache.org/documentation/#brokerconfigs). */
export const brokerDefaults = {
  segmentMs: 7 * 24 * 3_600_000,
  segmentBytes: 1_073_741_824,
  retentionCheckIntervalMs: 300_000,
  fileDeleteDelayMs: 60_000,
  indexIntervalBytes: 4096,
  minCleanableDirtyRatio: 0.5,
} as const;

/** An entry of the offset index is two 4-byte numbers, one of the time index 8 + 4 bytes. */
const offsetIndexEntryBytes = 8;
const timeIndexEntryBytes = 12;
const fileSystemBlockBytes = 4096;

/** How producers form batches; all that decides how many records share one batch header. */
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

export interface LogInput extends BatchingInput {
  readonly replicas: number;
  readonly retentionMs: number;
  readonly segmentMs: number;
  readonly segmentBytes: number;
  /** `log.retention.check.interval.ms` of the broker. */
  readonly retentionCheckIntervalMs: number;
}

export interface LogPrediction {
  readonly recordsPerBatch: number;
  /** On disk, with its share of the batch header, one replica. */
  readonly bytesPerRecord: number;
  /** Log segments of all partitions and replicas, mean over time: what DescribeLogDirs reports on average. */
  readonly meanLogBytes: number;
  /** The same at the top of the sawtooth, just before the oldest segments are deleted. */
  readonly maxLogBytes: number;
  /** Offset and time indexes at that moment, in allocated file system blocks of 4096 bytes. */
  readonly indexBytes: number;
  readonly formula: string;
  readonly inputs: Readonly<Record<string, number | string>>;
}

/**
 * Predicts the log of a topic with `cleanup.policy=delete` under a steady rate.
 *
 * Batches: each producer starts its linger timer with the first record it queues and, when it ends, sends one batch
 * for every partition that has records. At r records/s a producer such a window holds m = 1 + r x linger records; keyed
 * records fall on P(1 - (1 - 1/P)^m) of the P partitions, unkeyed ones on a single one; `batch.size` caps a batch.
 *
 * Age: a segment is deleted whole, at the first retention check after its newest record has expired. The oldest data
 * is therefore between retention and retention + segment span + check interval old, in the middle on average, where a
 * segment spans min(segment.ms, segment.bytes / byte rate of the partition). The mean assumes that checks and
 * segment rolls are not in step: choose a check interval that does not divide the span when comparing with a measurement.
 *
 * Deleted files stay allocated for `file.delete.delay.ms` more, which DescribeLogDirs does not count: see `allocatedBytes`.
 */
export function predictLog(input: LogInput): LogPrediction {
  const { recordsPerBatch, bytesPerRecord } = predictBatches(input);
  const partitionBytesPerMs = (input.ratePerSec * bytesPerRecord) / input.partitions / 1000;
  const spanMs = Math.min(input.segmentMs, input.segmentBytes / partitionBytesPerMs);
  const meanAgeMs = input.retentionMs + spanMs / 2 + input.retentionCheckIntervalMs / 2;
  const maxAgeMs = input.retentionMs + spanMs + input.retentionCheckIntervalMs;
  const logs = input.partitions * input.replicas;
  const batchOnDiskBytes = recordsPerBatch * bytesPerRecord;
  return {
    recordsPerBatch,
    bytesPerRecord,
    meanLogBytes: Math.ceil(logs * partitionBytesPerMs * meanAgeMs),
    maxLogBytes: Math.ceil(logs * partitionBytesPerMs * maxAgeMs),
    indexBytes: logs * indexBytes(partitionBytesPerMs * maxAgeMs, maxAgeMs / spanMs, batchOnDiskBytes),
    formula:
      'rate x bytes per record x (retention + segment span / 2 + check interval / 2) x replicas; at most with the whole span and interval',
    inputs: { ...input, keyed: String(input.keyed), recordsPerBatch, bytesPerRecord, segmentSpanMs: spanMs },
  };
}

/** What the disks have to hold at once: the log at its top, its indexes, and deleted files that still wait for removal. */
export function allocatedBytes(input: LogInput, prediction: LogPrediction, fileDeleteDelayMs: number): number {
  const waiting = (input.ratePerSec * prediction.bytesPerRecord * input.replicas * fileDeleteDelayMs) / 1000;
  return Math.ceil(prediction.maxLogBytes + prediction.indexBytes + waiting);
}

export interface CompactedLogInput extends BatchingInput {
  readonly replicas: number;
  /** Distinct keys that live. */
  readonly keys: number;
  readonly segmentMs: number;
  readonly segmentBytes: number;
}

export interface CompactedLogPrediction {
  readonly recordsPerBatch: number;
  readonly bytesPerRecord: number;
  /** Log segments of all partitions and replicas just before a cleaning ends. */
  readonly maxLogBytes: number;
  readonly indexBytes: number;
  readonly formula: string;
  readonly inputs: Readonly<Record<string, number | string>>;
}

/**
 * Predicts a compacted topic, a first model: the cleaner starts when half of the log is dirty
 * (`min.cleanable.dirty.ratio` 0.5), never touches the active segment, and holds the copy it writes beside the original.
 * So at most live / 0.5 + active segment + one segment or the live set, whichever is smaller, being rewritten.
 */
export function predictCompactedLog(input: CompactedLogInput): CompactedLogPrediction {
  const { recordsPerBatch, bytesPerRecord } = predictBatches(input);
  const liveBytes = (input.keys * bytesPerRecord) / input.partitions;
  const partitionBytesPerMs = (input.ratePerSec * bytesPerRecord) / input.partitions / 1000;
  const activeBytes = Math.min(input.segmentBytes, input.segmentMs * partitionBytesPerMs);
  const partitionBytes =
    liveBytes / (1 - brokerDefaults.minCleanableDirtyRatio) + activeBytes + Math.min(input.segmentBytes, liveBytes);
  const logs = input.partitions * input.replicas;
  const segments = partitionBytes / input.segmentBytes;
  return {
    recordsPerBatch,
    bytesPerRecord,
    maxLogBytes: Math.ceil(logs * partitionBytes),
    indexBytes: logs * indexBytes(partitionBytes, segments, recordsPerBatch * bytesPerRecord),
    formula: '(keys x bytes per record / (1 - dirty ratio) + active segment + segment being rewritten) x replicas',
    inputs: { ...input, keyed: String(input.keyed), recordsPerBatch, bytesPerRecord, activeBytes },
  };
}

/** Records that share a batch header, and what one record costs on one disk. */
export function predictBatches(input: BatchingInput): { recordsPerBatch: number; bytesPerRecord: number } {
  const windowRecords = 1 + (input.ratePerSec / input.producers) * (input.lingerMs / 1000);
  const batches = input.keyed ? input.partitions * (1 - (1 - 1 / input.partitions) ** windowRecords) : 1;
  const alone = meanRecordBytes(input, 1, 0);
  const most = Math.max(1, Math.floor((input.batchBytes - batchHeaderBytes) / alone));
  const recordsPerBatch = Math.min(windowRecords / batches, most);
  const bytesPerRecord =
    batchHeaderBytes / recordsPerBatch +
    meanRecordBytes(input, recordsPerBatch, input.lingerMs) * input.compressionRatio;
  return { recordsPerBatch, bytesPerRecord };
}

/** Index files of one partition replica: an entry once at least `index.interval.bytes` were appended, whole blocks a file. */
function indexBytes(logBytes: number, segments: number, batchBytes: number): number {
  const bytesPerEntry = (Math.floor(brokerDefaults.indexIntervalBytes / batchBytes) + 1) * batchBytes;
  const entriesPerFile = Math.ceil(logBytes / bytesPerEntry / Math.max(1, segments));
  const offsetIndexBytes = wholeBlocks(entriesPerFile * offsetIndexEntryBytes);
  const timeIndexBytes = wholeBlocks(entriesPerFile * timeIndexEntryBytes);
  return Math.ceil(Math.max(1, segments)) * (offsetIndexBytes + timeIndexBytes);
}

function wholeBlocks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / fileSystemBlockBytes)) * fileSystemBlockBytes;
}
