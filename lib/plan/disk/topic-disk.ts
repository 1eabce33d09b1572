/** On-disk bytes of one topic, part by part, and the segments that keep them near what is asked for. */
import type { Target, TopicRequirement } from '../../requirements/types.ts';
import type { DiskPart, ProducerConfig, TopicDiskPlan, TopicLoad, Why } from '../types.ts';
import { type BatchingInput, batchesOf, predictBatches } from './batches.ts';
import { type CompactedLogPrediction, predictCompactedLog } from './compacted-log.ts';
import { type LogInput, type LogPrediction, logInputs, predictLog } from './deleted-log.ts';
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
}

function deletedDisk(retentionMs: number, { replicas, target }: DiskContext, batching: BatchingInput): TopicDisk {
  const batches = predictBatches(batching);
  const partitionBytesPerMs = (batching.ratePerSec * batches.bytesPerRecord) / batching.partitions / 1000;
  const segments = planDeletedSegments({ retentionMs, partitionBytesPerMs }, target);
  const { retentionCheckIntervalMs, segmentBytes, fileDeleteDelayMs } = logDefaults;
  const inputOf = (segmentMs: number): LogInput => {
    return { ...batching, replicas, retentionMs, segmentMs, segmentBytes, retentionCheckIntervalMs };
  };
  const chosenInput = inputOf(segments.config['segment.ms'] ?? logDefaults.segmentMs);
  const log = predictLog(chosenInput, batches);
  const byDefault = segments.why.length === 0 ? log : predictLog(inputOf(logDefaults.segmentMs), batches);
  const deletedBytes = (batching.ratePerSec * batches.bytesPerRecord * replicas * fileDeleteDelayMs) / 1000;
  const partsOf = ({
    recordsBytes,
    openSegmentBytes,
    retentionCheckBytes,
    files,
  }: LogPrediction): readonly DiskPart[] =>
    parts({
      records: recordsBytes,
      'open segment': openSegmentBytes,
      'waiting for the retention check': retentionCheckBytes,
      'deleted, not yet removed': deletedBytes,
      indexes: files.indexBytes,
      'other files': files.otherBytes,
    });
  const cap = retentionBytesWhy(log.maxLogBytes / batching.partitions / replicas);
  return topicDisk(
    { parts: partsOf(log), disk: { ...batches, ...logFigures(log), meanLogBytes: log.meanLogBytes } },
    {
      config: segments.config,
      defaultSegmentsBytes: total(partsOf(byDefault)),
      formula: deletedFormula,
      inputs: { ...logInputs(chosenInput, log), fileDeleteDelayMs, meanLogBytes: log.meanLogBytes },
      why: [...segments.why, cap],
    },
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
  const { segmentMs, minCleanableDirtyRatio } = logDefaults;
  const batches = predictBatches(batching);
  const predict = (segmentBytes: number): CompactedLogPrediction =>
    predictCompactedLog({ ...batching, replicas, keys, segmentMs, segmentBytes }, batches);
  const segmentBytes = segments.config['segment.bytes'] ?? logDefaults.segmentBytes;
  const log = predict(segmentBytes);
  const byDefault = segments.why.length === 0 ? log : predict(logDefaults.segmentBytes);
  const partsOf = (of: CompactedLogPrediction): readonly DiskPart[] =>
    parts({
      records: of.liveBytes,
      'waiting for a cleaning': of.dirtyBytes,
      'open segment': of.openSegmentBytes,
      'copy of a cleaning': of.copyBytes,
      indexes: of.files.indexBytes,
      'other files': of.files.otherBytes,
    });
  return topicDisk(
    { parts: partsOf(log), disk: { ...batches, ...logFigures(log), meanLogBytes: null } },
    {
      config: segments.config,
      defaultSegmentsBytes: total(partsOf(byDefault)),
      formula: compactedFormula,
      inputs: {
        ...batching,
        keyed: String(batching.keyed),
        ...batches,
        replicas,
        keys,
        segmentBytes,
        minCleanableDirtyRatio,
        cleanedBytes: log.cleanedBytes,
      },
      why: segments.why,
    },
  );
}

const compactedFormula =
  '(live / (1 - dirty ratio) + rate x cleaner backoff + open segment + live, copied) x replicas + index and other files; live = keys x bytes of a record in a batch of its own. Deletions (tombstones) are not stated and not counted';

function logFigures({ maxLogBytes, files }: Pick<LogPrediction, 'maxLogBytes' | 'files'>) {
  return { logBytes: maxLogBytes, preallocatedIndexBytes: files.preallocatedBytes };
}

function topicDisk(
  { parts: held, disk }: Predicted,
  shown: Pick<TopicDisk, 'config' | 'why'> &
    Pick<Why, 'formula' | 'inputs'> & { readonly defaultSegmentsBytes: number },
): TopicDisk {
  const { config, why, formula, inputs, defaultSegmentsBytes } = shown;
  const onDiskBytes = total(held);
  const onDiskWhy: Why = { figure: 'onDiskBytes', value: onDiskBytes, unit: 'bytes', formula, inputs, source };
  return {
    onDiskBytes,
    disk: { ...disk, parts: held, defaultSegmentsBytes },
    config,
    why: [onDiskWhy, ...why],
  };
}

/** Rounded up each, so that they add up to the byte. */
function parts(bytes: Readonly<Partial<Record<DiskPart['part'], number>>>): readonly DiskPart[] {
  return Object.entries(bytes).map(([part, value]) => ({ part: part as DiskPart['part'], bytes: Math.ceil(value) }));
}

function total(parts: readonly DiskPart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
