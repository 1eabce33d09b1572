/** Kafka's defaults that shape a log on disk, out of the facts. */
import type { Fact } from '../facts/fact.ts';
import { kafkaFacts } from '../facts/kafka.ts';

/** A figure that was not found would make every sum NaN instead of a wrong number. */
const figure = ({ value }: Fact<number>): number => value ?? Number.NaN;

export const logDefaults = {
  segmentMs: figure(kafkaFacts.segmentMs),
  segmentBytes: figure(kafkaFacts.segmentBytes),
  /** Brokers refuse smaller segments. */
  leastSegmentBytes: figure(kafkaFacts.leastSegmentBytes),
  retentionCheckIntervalMs: figure(kafkaFacts.retentionCheckIntervalMs),
  fileDeleteDelayMs: figure(kafkaFacts.deleteDelayMs),
  indexIntervalBytes: figure(kafkaFacts.indexIntervalBytes),
  indexSizeMaxBytes: figure(kafkaFacts.indexSizeMaxBytes),
  minCleanableDirtyRatio: figure(kafkaFacts.minCleanableDirtyRatio),
  cleanerBackoffMs: figure(kafkaFacts.cleanerBackoffMs),
  internalSegmentBytes: figure(kafkaFacts.internalSegmentBytes),
  offsetsTopicPartitions: figure(kafkaFacts.offsetsTopicPartitions),
  transactionTopicPartitions: figure(kafkaFacts.transactionTopicPartitions),
  autoCommitIntervalMs: figure(kafkaFacts.autoCommitIntervalMs),
} as const;

/** Keys that one pass of the log cleaner keeps apart: its buffer, filled to its load factor, at 24 bytes a key. */
export const cleanerKeysAPass = Math.floor(
  (figure(kafkaFacts.cleanerDedupeBufferBytes) * figure(kafkaFacts.cleanerLoadFactor)) /
    figure(kafkaFacts.cleanerBytesPerKey),
);
