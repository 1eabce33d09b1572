/** On-disk bytes of one topic, and the segment length that keeps them near what is asked for. */
import type { Target, TopicRequirement } from '../requirements/types.ts';
import {
  allocatedBytes,
  type BatchingInput,
  brokerDefaults,
  predictBatches,
  predictCompactedLog,
  predictLog,
} from './disk.ts';
import { targetRules } from './targets.ts';
import type { ProducerConfig, TopicLoad, Why } from './types.ts';

export interface TopicDisk {
  readonly onDiskBytes: number;
  /** `segment.ms` the topic needs; null: Kafka's defaults roll often enough. */
  readonly segmentMs: number | null;
  readonly why: readonly Why[];
}

export interface DiskContext {
  readonly load: TopicLoad;
  readonly producer: ProducerConfig;
  readonly partitions: number;
  readonly replicas: number;
  readonly target: Target;
}

/** The last segment outlives its records by its own span: a tenth of the retention is bearable, a week is not. */
const segmentsPerRetention = 10;
const shortestSegmentMs = 600_000;

const source =
  'Apache Kafka documentation: record batch format, segment.ms, log.retention.check.interval.ms, file.delete.delay.ms';

export function planTopicDisk(topic: TopicRequirement, context: DiskContext): TopicDisk {
  const batching = batchingOf(context);
  return topic.retention.cleanup === 'compact'
    ? compactedDisk(topic, context, batching)
    : deletedDisk(topic.retention.timeMs ?? 0, context, batching);
}

export function batchingOf({ load, producer, partitions }: DiskContext): BatchingInput {
  return {
    ratePerSec: load.averagePerSec,
    partitions,
    keyBytes: load.keyBytes,
    valueBytes: load.messageSizeBytes - load.keyBytes,
    headersBytes: 0,
    producers: load.producers,
    lingerMs: producer['linger.ms'],
    batchBytes: producer['batch.size'],
    keyed: load.keyField !== null,
    compressionRatio: load.compressionRatio,
  };
}

function deletedDisk(retentionMs: number, { replicas, target }: DiskContext, batching: BatchingInput): TopicDisk {
  const partitionBytesPerMs =
    (batching.ratePerSec * predictBatches(batching).bytesPerRecord) / batching.partitions / 1000;
  const defaultSpanMs = Math.min(brokerDefaults.segmentMs, brokerDefaults.segmentBytes / partitionBytesPerMs);
  const wantedSpanMs = Math.max(shortestSegmentMs, Math.ceil(retentionMs / segmentsPerRetention));
  const segmentMs = targetRules[target].segmentSettings && wantedSpanMs < defaultSpanMs ? wantedSpanMs : null;
  const input = {
    ...batching,
    replicas,
    retentionMs,
    segmentMs: segmentMs ?? brokerDefaults.segmentMs,
    segmentBytes: brokerDefaults.segmentBytes,
    retentionCheckIntervalMs: brokerDefaults.retentionCheckIntervalMs,
  };
  const prediction = predictLog(input);
  const onDiskBytes = allocatedBytes(input, prediction, brokerDefaults.fileDeleteDelayMs);
  const why: Why = {
    figure: 'onDiskBytes',
    value: onDiskBytes,
    unit: 'bytes',
    formula:
      'rate x bytes per record x (retention + segment span + check interval + delete delay) x replicas + index files: the most that is held at once',
    inputs: {
      ...prediction.inputs,
      fileDeleteDelayMs: brokerDefaults.fileDeleteDelayMs,
      indexBytes: prediction.indexBytes,
      meanLogBytes: prediction.meanLogBytes,
    },
    source,
  };
  return {
    onDiskBytes,
    segmentMs,
    why: segmentMs === null ? [why] : [why, segmentWhy(segmentMs, retentionMs, defaultSpanMs)],
  };
}

function segmentWhy(segmentMs: number, retentionMs: number, defaultSpanMs: number): Why {
  return {
    figure: 'config.segment.ms',
    value: segmentMs,
    unit: 'ms',
    formula: `max(10 min, retention / ${segmentsPerRetention}), where Kafka's defaults would span more`,
    inputs: { retentionMs, defaultSpanMs: Math.round(defaultSpanMs) },
    source: 'only closed segments are deleted, so a topic holds up to one segment beyond its retention',
  };
}

function compactedDisk(topic: TopicRequirement, { replicas }: DiskContext, batching: BatchingInput): TopicDisk {
  const prediction = predictCompactedLog({
    ...batching,
    replicas,
    keys: topic.retention.keys ?? 0,
    segmentMs: brokerDefaults.segmentMs,
    segmentBytes: brokerDefaults.segmentBytes,
  });
  const onDiskBytes = prediction.maxLogBytes + prediction.indexBytes;
  const why: Why = {
    figure: 'onDiskBytes',
    value: onDiskBytes,
    unit: 'bytes',
    formula: `${prediction.formula} + index files`,
    inputs: { ...prediction.inputs, indexBytes: prediction.indexBytes },
    source: 'Apache Kafka documentation, log compaction, min.cleanable.dirty.ratio; a first model',
  };
  return { onDiskBytes, segmentMs: null, why: [why] };
}
