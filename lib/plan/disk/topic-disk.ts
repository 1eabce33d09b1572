/** On-disk bytes of one topic, part by part, and the segments that keep them near what is asked for. */
import type { Target, TopicRequirement } from '../../requirements/types.ts';
import type { DiskPart, ProducerConfig, TopicDiskPlan, TopicLoad, Why } from '../types.ts';
import { type BatchingInput, batchesOf, predictBatches } from './batches.ts';
import { predictCompactedLog } from './compacted-log.ts';
import { predictLog } from './deleted-log.ts';
import { logDefaults } from './log-defaults.ts';
import { planCompactedSegments, planDeletedSegments, type Segments } from './segments.ts';

export interface TopicDisk {
  readonly onDiskBytes: number;
  readonly disk: TopicDiskPlan;
  /** Segment settings that the topic needs. */
  readonly config: Segments['config'];
  readonly why: readonly Why[];
}

export interface DiskContext {
  readonly load: TopicLoad;
  readonly producer: ProducerConfig;
  readonly partitions: number;
  readonly replicas: number;
  readonly target: Target;
}

const source =
  'Apache Kafka documentation: record batch format, segment.ms, segment.bytes, log.retention.check.interval.ms, file.delete.delay.ms';

export function planTopicDisk(topic: TopicRequirement, context: DiskContext): TopicDisk {
  const batching = batchingOf(context);
  return topic.retention.cleanup === 'compact'
    ? compactedDisk(topic.retention.keys ?? 0, context, batching)
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

interface Predicted {
  readonly parts: readonly DiskPart[];
  readonly disk: Omit<TopicDiskPlan, 'parts' | 'defaultSegmentsBytes'>;
  readonly inputs: Why['inputs'];
}

function deletedDisk(retentionMs: number, { replicas, target }: DiskContext, batching: BatchingInput): TopicDisk {
  const batches = predictBatches(batching);
  const partitionBytesPerMs = (batching.ratePerSec * batches.bytesPerRecord) / batching.partitions / 1000;
  const segments = planDeletedSegments({ retentionMs, partitionBytesPerMs }, target);
  const predict = (segmentMs: number): Predicted => {
    const { retentionCheckIntervalMs, segmentBytes, fileDeleteDelayMs } = logDefaults;
    const log = predictLog(
      { ...batching, replicas, retentionMs, segmentMs, segmentBytes, retentionCheckIntervalMs },
      batches,
    );
    const deletedPerSec = batching.ratePerSec * log.bytesPerRecord * replicas;
    const { recordsPerBatch, bytesPerRecord, maxLogBytes, files } = log;
    return {
      parts: parts({
        records: log.recordsBytes,
        'open segment': log.openSegmentBytes,
        'waiting for the retention check': log.retentionCheckBytes,
        'deleted, not yet removed': (deletedPerSec * fileDeleteDelayMs) / 1000,
        indexes: files.indexBytes,
        'other files': files.otherBytes,
      }),
      disk: {
        recordsPerBatch,
        bytesPerRecord,
        logBytes: maxLogBytes,
        meanLogBytes: log.meanLogBytes,
        preallocatedIndexBytes: files.preallocatedBytes,
      },
      inputs: { ...log.inputs, fileDeleteDelayMs, indexBytes: files.indexBytes, meanLogBytes: log.meanLogBytes },
    };
  };
  const chosen = predict(segments.config['segment.ms'] ?? logDefaults.segmentMs);
  const cap = retentionBytesWhy(chosen.disk.logBytes / batching.partitions / replicas);
  return topicDisk(
    chosen,
    predict(logDefaults.segmentMs),
    { ...segments, why: [...segments.why, cap] },
    deletedFormula,
  );
}

const deletedFormula =
  'rate x bytes per record x (retention + segment span + check interval + delete delay) x replicas + index and other files: the most that is held at once';

/** A cap that would not cut into the time asked for. */
function retentionBytesWhy(logBytes: number): Why {
  return {
    figure: 'config.retention.bytes',
    value: 'not set',
    unit: '',
    formula: 'would delete before the time is over; whoever sets it gives the log of one partition, not of the topic',
    inputs: { leastBytesPerPartition: Math.ceil(logBytes) },
    source: 'Apache Kafka documentation, retention.bytes: it is counted for each partition',
  };
}

function compactedDisk(keys: number, { replicas, target }: DiskContext, batching: BatchingInput): TopicDisk {
  const livePartitionBytes = (keys / batching.partitions) * batchesOf(batching, 1).bytesPerRecord;
  const segments = planCompactedSegments(livePartitionBytes, target);
  const predict = (segmentBytes: number): Predicted => {
    const log = predictCompactedLog({ ...batching, replicas, keys, segmentMs: logDefaults.segmentMs, segmentBytes });
    const { recordsPerBatch, bytesPerRecord, maxLogBytes, cleanedBytes, files } = log;
    return {
      parts: parts({
        records: log.liveBytes,
        'waiting for a cleaning': log.dirtyBytes,
        'open segment': log.openSegmentBytes,
        'copy of a cleaning': log.copyBytes,
        indexes: files.indexBytes,
        'other files': files.otherBytes,
      }),
      disk: {
        recordsPerBatch,
        bytesPerRecord,
        logBytes: maxLogBytes,
        meanLogBytes: null,
        preallocatedIndexBytes: files.preallocatedBytes,
      },
      inputs: { ...log.inputs, indexBytes: files.indexBytes, cleanedBytes },
    };
  };
  const chosen = predict(segments.config['segment.bytes'] ?? logDefaults.segmentBytes);
  const formula =
    '(live / (1 - dirty ratio) + rate x cleaner backoff + open segment + live, copied) x replicas + index and other files; live = keys x bytes of a record in a batch of its own. Deletions (tombstones) are not stated and not counted';
  return topicDisk(chosen, predict(logDefaults.segmentBytes), segments, formula);
}

function topicDisk(chosen: Predicted, byDefault: Predicted, segments: Segments, formula: string): TopicDisk {
  const onDiskBytes = total(chosen.parts);
  const why: Why = { figure: 'onDiskBytes', value: onDiskBytes, unit: 'bytes', formula, inputs: chosen.inputs, source };
  return {
    onDiskBytes,
    disk: {
      ...chosen.disk,
      parts: chosen.parts,
      defaultSegmentsBytes: total(byDefault.parts),
    },
    config: segments.config,
    why: [why, ...segments.why],
  };
}

/** Rounded up each, so that they add up to the byte. */
function parts(bytes: Readonly<Partial<Record<DiskPart['part'], number>>>): readonly DiskPart[] {
  return Object.entries(bytes).map(([part, value]) => ({ part: part as DiskPart['part'], bytes: Math.ceil(value) }));
}

function total(parts: readonly DiskPart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
