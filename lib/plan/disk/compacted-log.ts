/** The log of a topic with `cleanup.policy=compact`. Tombstones are not modelled: the use case does not state deletions. */
import { batchHeaderBytes, meanRecordBytes } from '../record-batch.ts';
import { type Batches, type BatchingInput, batchesOf, predictBatches } from './batches.ts';
import { logDefaults } from './log-defaults.ts';
import { type LogFiles, predictFiles } from './log-files.ts';

export interface CompactedLogInput extends BatchingInput {
  readonly replicas: number;
  /** Distinct keys that live. */
  readonly keys: number;
  readonly segmentMs: number;
  readonly segmentBytes: number;
}

/** All partitions and replicas. */
export interface CompactedLogPrediction extends Batches {
  /** The last record of every key as a cleaning leaves them, keys updated evenly: an expectation. */
  readonly cleanedBytes: number;
  /** The same when every batch has kept a single record: at most. */
  readonly liveBytes: number;
  /** Closed segments that may wait for the next cleaning: at most. */
  readonly dirtyBytes: number;
  /** The open segment, which is never cleaned: at most. */
  readonly openSegmentBytes: number;
  /** live + dirty + open segment: what DescribeLogDirs reports at most. */
  readonly maxLogBytes: number;
  /** What a cleaning has written while the segments it replaces still wait for removal. */
  readonly copyBytes: number;
  readonly files: LogFiles;
}

/**
 * A cleaning begins once dirty / (live + dirty) exceeds `min.cleanable.dirty.ratio`, looks again every
 * `log.cleaner.backoff.ms`, and never touches the open segment. It writes a copy of what lives and swaps it in; the segments
 * replaced stay for `file.delete.delay.ms`, so for a while both are on the disk.
 *
 * What is left of a batch keeps its header. When K keys are updated evenly in batches of n records, a record written a
 * records ago still lives with probability e^(-a/K), so a cleaning leaves K / (n m) batches with m records, K H(n) / n in all
 * (H: the harmonic number), and a record carries 61 H(n) / n bytes of headers.
 */
export function predictCompactedLog(
  input: CompactedLogInput,
  batches: Batches = predictBatches(input),
): CompactedLogPrediction {
  const { partitions, replicas, keys, ratePerSec, segmentMs, segmentBytes } = input;
  const logs = partitions * replicas;
  const { recordsPerBatch, bytesPerRecord } = batches;
  const recordBytes = bytesPerRecord - batchHeaderBytes / recordsPerBatch;
  const headerBytes = (batchHeaderBytes * harmonic(recordsPerBatch)) / recordsPerBatch;
  const livePerLog = (keys / partitions) * batchesOf(input, 1).bytesPerRecord;
  const partitionBytesPerMs = (ratePerSec * bytesPerRecord) / partitions / 1000;
  const openPerLog = Math.min(segmentBytes, segmentMs * partitionBytesPerMs);
  const { minCleanableDirtyRatio: ratio, cleanerBackoffMs } = logDefaults;
  const dirtyPerLog = livePerLog * (ratio / (1 - ratio)) + cleanerBackoffMs * partitionBytesPerMs;
  const logBytes = livePerLog + dirtyPerLog + openPerLog;
  const segments = 1 + logBytes / segmentBytes;
  const files = predictFiles({
    segmentBytes: logBytes / segments,
    segments,
    batchBytes: batchHeaderBytes + meanRecordBytes(input, 1, 0) * input.compressionRatio,
    producers: input.producers,
  });
  return {
    recordsPerBatch,
    bytesPerRecord,
    cleanedBytes: Math.ceil(replicas * keys * (headerBytes + recordBytes)),
    liveBytes: logs * livePerLog,
    dirtyBytes: logs * dirtyPerLog,
    openSegmentBytes: logs * openPerLog,
    maxLogBytes: Math.ceil(logs * logBytes),
    copyBytes: logs * livePerLog,
    files: {
      indexBytes: logs * files.indexBytes,
      otherBytes: logs * files.otherBytes,
      preallocatedBytes: logs * files.preallocatedBytes,
    },
  };
}

/** 1 + 1/2 + ... + 1/n, straight lines between whole numbers; n >= 1. */
export function harmonic(n: number): number {
  const whole = Math.floor(n);
  const eulerMascheroni = 0.577_215_664_901_532_9;
  let sum = 0;
  if (whole > 100) sum = Math.log(whole) + eulerMascheroni + 1 / (2 * whole) - 1 / (12 * whole * whole);
  else for (let i = 1; i <= whole; i += 1) sum += 1 / i;
  return sum + (n - whole) / (whole + 1);
}
