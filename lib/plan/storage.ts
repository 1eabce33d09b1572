/** Retained, buffer and required storage: the users' sums, exact to the byte. */
import { ceil, multiply, type Rational, rational, toNumber } from '../rational.ts';
import type { StorageBuffer, TopicRequirement } from '../requirements/types.ts';
import { gibibyte } from './capacity/broker.ts';
import { cite } from './facts/sources.ts';
import type { InternalTopicPlan, StoragePlan, TopicPlan, Why } from './types.ts';

/** average rate x size x retention x replicas; compact: keys x size x replicas. */
export function exactRetainedBytes({ retention, message, produce }: TopicRequirement, replicas: number): Rational {
  const size = rational(message.sizeBytes);
  return retention.cleanup === 'compact'
    ? multiply(rational(retention.keys ?? 0), size, rational(replicas))
    : multiply(produce.ratePerSec, size, rational(retention.timeMs ?? 0, 1000), rational(replicas));
}

/** The same, rounded up to a byte. */
export function retainedBytes(topic: TopicRequirement, replicas: number): { bytes: bigint; why: Why } {
  const { retention, message, produce } = topic;
  const compact = retention.cleanup === 'compact';
  const bytes = ceil(exactRetainedBytes(topic, replicas));
  const why: Why = {
    figure: 'retainedBytes',
    value: Number(bytes),
    unit: 'bytes',
    formula: compact ? 'keys x size x replicas' : 'average rate x size x retention x replicas',
    inputs: compact
      ? { keys: retention.keys ?? 0, sizeBytes: message.sizeBytes, replicas }
      : {
          averagePerSec: toNumber(produce.ratePerSec),
          sizeBytes: message.sizeBytes,
          retentionSec: (retention.timeMs ?? 0) / 1000,
          replicas,
        },
    source: "users' formula: size x messages per second x 60 x 1440 x days x replicas, decimal units",
  };
  return { bytes, why };
}

/** Bytes of the buffer beside `retained`, rounded up. */
export function bufferBytes(buffer: StorageBuffer, retained: bigint): bigint {
  return buffer.kind === 'bytes' ? BigInt(buffer.bytes) : ceil(multiply(buffer.ratio, rational(retained)));
}

/** Of each broker, as sized. */
export interface Volume {
  readonly sizeGiB: number;
  readonly throughputMiBps: number;
  readonly brokers: number;
  readonly fill: number;
}

/** `volume`: null where storage has no size to choose or nothing was sized. */
export function planStorage(
  buffer: StorageBuffer,
  { topics, internalTopics }: { topics: readonly TopicPlan[]; internalTopics: readonly InternalTopicPlan[] },
  volume: Volume | null,
): StoragePlan {
  const retained = topics.reduce((sum, topic) => sum + BigInt(topic.retainedBytes), 0n);
  const kept = bufferBytes(buffer, retained);
  const onDisk = topics.reduce((sum, topic) => sum + topic.onDiskBytes, 0);
  const internalBytes = internalTopics.reduce((sum, topic) => sum + topic.onDiskBytes, 0);
  const perTopic = (figure: 'retainedBytes' | 'onDiskBytes'): Why['inputs'] =>
    Object.fromEntries(topics.map((topic) => [topic.name, topic[figure]]));
  const why = (figure: string, value: number, formula: string, inputs: Why['inputs'], source: string): Why => ({
    figure,
    value,
    unit: 'bytes',
    formula,
    inputs,
    source,
  });
  const users = "users' rule: a fixed buffer beside the retained bytes";
  return {
    retainedBytes: Number(retained),
    bufferBytes: Number(kept),
    requiredBytes: Number(retained + kept),
    onDiskBytes: onDisk,
    internalBytes,
    internalTopics,
    provisionedBytesPerBroker: volume === null ? null : volume.sizeGiB * gibibyte,
    provisionedThroughputMiBps: volume?.throughputMiBps ?? 0,
    why: [
      why('retainedBytes', Number(retained), 'sum over the topics', perTopic('retainedBytes'), "users' formula"),
      buffer.kind === 'bytes'
        ? why('bufferBytes', Number(kept), 'as stated', {}, 'use case file')
        : why(
            'bufferBytes',
            Number(kept),
            'ratio x sum of retainedBytes, rounded up',
            { ratio: toNumber(buffer.ratio), retainedBytes: Number(retained) },
            'use case file',
          ),
      why(
        'requiredBytes',
        Number(retained + kept),
        'retained + buffer',
        { retainedBytes: Number(retained), bufferBytes: Number(kept) },
        users,
      ),
      why('onDiskBytes', onDisk, 'sum over the topics', perTopic('onDiskBytes'), 'model of the log on disk'),
      ...internalTopics.map((topic) => topic.why),
      ...(volume === null
        ? []
        : [
            why(
              'provisionedBytesPerBroker',
              volume.sizeGiB * gibibyte,
              'max(required, on disk with internal topics) / brokers / fill, the guaranteed records on the brokers left included, in whole GiB',
              {
                requiredBytes: Number(retained + kept),
                onDiskBytes: onDisk,
                internalBytes,
                brokers: volume.brokers,
                fill: volume.fill,
              },
              `${cite('mskOperations')}: AWS alerts at 60 % and alarms at 85 % of the disk`,
            ),
          ]),
    ],
  };
}
