/** The log of a topic with `cleanup.policy=delete` under a steady rate. */
import { type Batches, type BatchingInput, predictBatches } from './batches.ts';
import { type LogFiles, predictFiles } from './log-files.ts';

export interface LogInput extends BatchingInput {
  readonly replicas: number;
  readonly retentionMs: number;
  readonly segmentMs: number;
  readonly segmentBytes: number;
  /** `log.retention.check.interval.ms` of the broker. */
  readonly retentionCheckIntervalMs: number;
}

/** All partitions and replicas. */
export interface LogPrediction extends Batches {
  /** The time a segment covers. */
  readonly segmentSpanMs: number;
  /** Records younger than the retention. */
  readonly recordsBytes: number;
  /** What a whole segment keeps beyond it: at most, half of it on average. */
  readonly openSegmentBytes: number;
  /** What waits for the next look: at most, half of it on average. */
  readonly retentionCheckBytes: number;
  /** Log segments, mean over time: what DescribeLogDirs reports on average. */
  readonly meanLogBytes: number;
  /** The same at the top of the sawtooth, just before the oldest segments are deleted. */
  readonly maxLogBytes: number;
  /** Files beside the segments at that moment. */
  readonly files: LogFiles;
}

export const meanLogFormula =
  'rate x bytes per record x (retention + segment span / 2 + check interval / 2) x replicas; at most with the whole span and interval';

/** What a prediction rests on, to be shown beside it. */
export function logInputs(
  input: LogInput,
  { recordsPerBatch, bytesPerRecord, segmentSpanMs }: LogPrediction,
): Readonly<Record<string, number | string>> {
  return { ...input, keyed: String(input.keyed), recordsPerBatch, bytesPerRecord, segmentSpanMs };
}

/**
 * A segment is deleted whole, at the first retention check after its newest record has expired. The oldest data is therefore
 * between retention and retention + segment span + check interval old, in the middle on average, where a segment spans
 * min(segment.ms, segment.bytes / byte rate of the partition). The mean assumes that checks and segment rolls are not in
 * step: choose a check interval that does not divide the span when comparing with a measurement.
 *
 * Deleted files stay allocated for `file.delete.delay.ms` more, which DescribeLogDirs does not count.
 */
export function predictLog(input: LogInput, batches: Batches = predictBatches(input)): LogPrediction {
  const { recordsPerBatch, bytesPerRecord } = batches;
  const { partitions, retentionMs, segmentMs, retentionCheckIntervalMs } = input;
  const logs = partitions * input.replicas;
  const partitionBytesPerMs = (input.ratePerSec * bytesPerRecord) / partitions / 1000;
  const segmentSpanMs = Math.min(segmentMs, input.segmentBytes / partitionBytesPerMs);
  const bytesOf = (ageMs: number): number => logs * partitionBytesPerMs * ageMs;
  const maxAgeMs = retentionMs + segmentSpanMs + retentionCheckIntervalMs;
  const batchBytes = recordsPerBatch * bytesPerRecord;
  // A segment holds a batch at least, however short it is.
  const segments = 1 + Math.min(maxAgeMs / segmentSpanMs, (partitionBytesPerMs * maxAgeMs) / batchBytes);
  const files = predictFiles({
    segmentBytes: Math.max(batchBytes, partitionBytesPerMs * segmentSpanMs),
    segments,
    batchBytes,
    producers: input.producers,
  });
  return {
    recordsPerBatch,
    bytesPerRecord,
    segmentSpanMs,
    recordsBytes: bytesOf(retentionMs),
    openSegmentBytes: bytesOf(segmentSpanMs),
    retentionCheckBytes: bytesOf(retentionCheckIntervalMs),
    meanLogBytes: Math.ceil(bytesOf(retentionMs + segmentSpanMs / 2 + retentionCheckIntervalMs / 2)),
    maxLogBytes: Math.ceil(bytesOf(maxAgeMs)),
    files: {
      indexBytes: logs * files.indexBytes,
      otherBytes: logs * files.otherBytes,
      preallocatedBytes: logs * files.preallocatedBytes,
    },
  };
}
