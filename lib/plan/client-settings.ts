/** Settings of producers and consumers, by Kafka's own names. */
import type { Slo, TopicRequirement } from '../requirements/types.ts';
import { batchHeaderBytes, recordBytes } from './record-batch.ts';
import type { ConsumerConfig, ProducerConfig, TopicLoad, Why } from './types.ts';

/** Defaults of Kafka 4 (https://kafka.apache.org/documentation/#producerconfigs). */
const defaultLingerMs = 5;
const defaultBatchBytes = 16_384;
/** `max.request.size` of the producer is 1048576 by default, `max.message.bytes` of the broker 12 bytes more. */
const defaultRequestBytes = 1_048_576;

/** Share of the tightest p99 asked for that may be spent on waiting for a batch to fill. */
const lingerShareOfP99 = 10;

export function planProducer(
  topic: TopicRequirement,
  load: TopicLoad,
  slo: Slo,
): { producer: ProducerConfig; why: readonly Why[] } {
  const { loss, duplicates, order } = topic.guarantee;
  const strict = loss === 'never' || duplicates === 'never' || order === 'key';
  const acks = strict ? 'all' : loss === 'leaderFailure' ? '1' : '0';
  const tightestP99Ms = Math.min(slo.publishP99Ms ?? Infinity, slo.endToEndP99Ms ?? Infinity);
  const lingerMs = Math.min(defaultLingerMs, Math.floor(tightestP99Ms / lingerShareOfP99));
  const maxMessageBytes = neededMessageBytes(load);
  const producer: ProducerConfig = {
    acks,
    'enable.idempotence': strict,
    'max.in.flight.requests.per.connection': 5,
    'linger.ms': lingerMs,
    'batch.size': defaultBatchBytes,
    'compression.type': topic.message.compression,
    ...(maxMessageBytes === null ? {} : { 'max.request.size': maxMessageBytes }),
  };
  return { producer, why: producerWhy(topic, producer, tightestP99Ms) };
}

function producerWhy(topic: TopicRequirement, producer: ProducerConfig, tightestP99Ms: number): readonly Why[] {
  const source = 'Apache Kafka documentation, producer configuration';
  return [
    {
      figure: 'producer.acks',
      value: producer.acks,
      unit: '',
      formula: 'loss never, duplicates never or order key: all; else loss leaderFailure: 1; else 0',
      inputs: { ...topic.guarantee },
      source,
    },
    {
      figure: 'producer.enable.idempotence',
      value: String(producer['enable.idempotence']),
      unit: '',
      formula: 'true with acks all, so that a retry neither doubles nor reorders; needs at most 5 requests in flight',
      inputs: { acks: producer.acks, maxInFlight: producer['max.in.flight.requests.per.connection'] },
      source,
    },
    {
      figure: 'producer.linger.ms',
      value: producer['linger.ms'],
      unit: 'ms',
      formula: `min(${defaultLingerMs}, tightest p99 asked for / ${lingerShareOfP99}), rounded down`,
      inputs: { tightestP99Ms: Number.isFinite(tightestP99Ms) ? tightestP99Ms : 'not asked for' },
      source: `Apache Kafka default ${defaultLingerMs} ms; waiting for a batch is part of the latency`,
    },
    {
      figure: 'producer.batch.size',
      value: producer['batch.size'],
      unit: 'bytes',
      formula: 'default',
      inputs: {},
      source,
    },
  ];
}

export function planConsumer(topic: TopicRequirement): { consumer: ConsumerConfig; why: readonly Why[] } {
  const { loss, duplicates } = topic.guarantee;
  const consumer: ConsumerConfig = {
    'isolation.level': duplicates === 'never' ? 'read_committed' : 'read_uncommitted',
    'auto.offset.reset': 'earliest',
    'enable.auto.commit': loss === 'allowed',
  };
  const source = 'Apache Kafka documentation, consumer configuration';
  const rule = (figure: string, formula: string, inputs: Why['inputs']): Why => ({
    figure: `consumer.${figure}`,
    value: String(consumer[figure]),
    unit: '',
    formula,
    inputs,
    source,
  });
  return {
    consumer,
    why: [
      rule('isolation.level', 'duplicates never: records of aborted transactions are not read', { duplicates }),
      rule('auto.offset.reset', 'a new group reads the history; latest would skip it', {}),
      rule('enable.auto.commit', 'only when loss is allowed; otherwise committed after processing', { loss }),
    ],
  };
}

/** `max.message.bytes` in whole MiB for messages beyond Kafka's default; null when the default is enough. */
export function neededMessageBytes(load: TopicLoad): number | null {
  const shape = { keyBytes: load.keyBytes, valueBytes: load.messageSizeBytes - load.keyBytes, headersBytes: 0 };
  const bytes = batchHeaderBytes + recordBytes(shape, 0, 0);
  const mebibyte = 1_048_576;
  return bytes <= defaultRequestBytes ? null : Math.ceil(bytes / mebibyte) * mebibyte;
}
