/**
 * How a topic's retention of days is shown in seconds (measuring.md 16): retention, segment span and partitions are
 * scaled so that the oldest segments are deleted several times within the run. Record size, replicas, batching and
 * min.insync.replicas stay as planned.
 */
import { type LogInput, type LogPrediction, logInputs, predictLog } from '../../lib/plan/disk/deleted-log.ts';
import type { TopicPlan } from '../../lib/plan/types.ts';

export interface RetentionScale {
  readonly partitions: number;
  readonly ratePerSec: number;
  readonly retentionMs: number;
  readonly segmentMs: number;
  /** The plan's, at least the 1 MiB that Kafka 4 allows; segments roll by time before it is reached. */
  readonly segmentBytes: number;
  readonly retentionCheckIntervalMs: number;
  /** Until data is as old as it can get; sampling begins after it. */
  readonly fillMs: number;
  /** Whole segment spans, so that no part of the sawtooth weighs more. */
  readonly sampleMs: number;
  /** In words, for the report. */
  readonly scaling: string;
}

/** A broker that looks for expired segments less often cannot show retention in seconds. */
export const longestCheckIntervalMs = 2_000;

const retentionMs = 2_600;
/** Not a multiple of common check intervals: checks and rolls that are in step would bias the mean. */
const segmentMs = 900;
const spansSampled = 7;
const settleMs = 400;
/** Each rolls, and deletes, about once a second on every replica. */
const maxPartitions = 6;
/** Slow enough that hardly any records share a batch: how many do depends on how quiet the host is. */
const recordsPerSec = 300;
const mostBytesPerSec = 4_000_000;
const leastPerPartitionPerSec = 50;
const leastSegmentBytes = 1_048_576;
const defaultSegmentBytes = 1_073_741_824;

/** The scaled copy of a `cleanup.policy=delete` topic, for brokers that check every `retentionCheckIntervalMs`. */
export function scaleRetention(topic: TopicPlan, retentionCheckIntervalMs: number): RetentionScale {
  const ratePerSec = Math.max(1, Math.floor(Math.min(recordsPerSec, mostBytesPerSec / topic.load.messageSizeBytes)));
  const fillable = Math.max(1, Math.floor(ratePerSec / leastPerPartitionPerSec));
  const partitions = Math.min(topic.partitions, maxPartitions, fillable);
  const plannedRetentionMs = Number(topic.config['retention.ms']);
  const factor = Math.round(plannedRetentionMs / retentionMs);
  return {
    partitions,
    ratePerSec,
    retentionMs,
    segmentMs,
    segmentBytes: Math.max(leastSegmentBytes, Number(topic.config['segment.bytes'] ?? defaultSegmentBytes)),
    retentionCheckIntervalMs,
    fillMs: retentionMs + segmentMs + retentionCheckIntervalMs + settleMs,
    sampleMs: spansSampled * segmentMs,
    scaling:
      `retention ${plannedRetentionMs} ms shown as ${retentionMs} ms (1:${factor}), segments rolled by time every ${segmentMs} ms, ` +
      `${partitions} of ${topic.partitions} partitions at ${ratePerSec} records/s; size, replicas and batching as planned`,
  };
}

/** What the disks should hold on average while the scaled copy is steady. */
export function predictScaled(
  topic: TopicPlan,
  scale: RetentionScale,
): LogPrediction & { readonly inputs: ReturnType<typeof logInputs> } {
  const { load, producer } = topic;
  const input: LogInput = {
    ratePerSec: scale.ratePerSec,
    partitions: scale.partitions,
    producers: load.producers,
    lingerMs: producer['linger.ms'],
    batchBytes: producer['batch.size'],
    keyed: load.keyField !== null,
    compressionRatio: load.compressionRatio,
    keyBytes: load.keyBytes,
    valueBytes: load.messageSizeBytes - load.keyBytes,
    headersBytes: 0,
    replicas: topic.replicationFactor,
    retentionMs: scale.retentionMs,
    segmentMs: scale.segmentMs,
    segmentBytes: scale.segmentBytes,
    retentionCheckIntervalMs: scale.retentionCheckIntervalMs,
  };
  const prediction = predictLog(input);
  return { ...prediction, inputs: logInputs(input, prediction) };
}
