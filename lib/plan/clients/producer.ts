/** Settings of producers, by Kafka's own names, for the rate, size and latency asked for. */
import type { Guarantee, Slo, TopicRequirement } from '../../requirements/types.ts';
import { kafkaFacts } from '../facts/kafka.ts';
import type { ProducerConfig, TopicLoad, Why } from '../types.ts';
import { mebibyte, neededMessageBytes, singleBatchBytes, wholeMebibytes } from './message-bytes.ts';

const defaultLingerMs = kafkaFacts.lingerMs.value?.from4 ?? Number.NaN;
const defaultBatchBytes = kafkaFacts.batchSizeBytes.value ?? Number.NaN;
const defaultBufferBytes = kafkaFacts.bufferMemoryBytes.value ?? Number.NaN;
const maxInFlight = kafkaFacts.maxInFlight.value ?? Number.NaN;
/** Until another broker leads: the controller gives up a broker after its session, a metadata refresh later sends go on. */
const failoverMs = kafkaFacts.brokerSessionTimeoutMs.value ?? Number.NaN;

/** Share of the tightest p99 asked for that may be spent on waiting for a batch to fill. */
const lingerShareOfP99 = 10;
/** A send may be outstanding for the publish p99 asked for, at most this long; longer is an outage, and a case for the buffer. */
const longestAckMs = 500;
const assumedAckMs = 100;
/** Half a default request, so that one carries more than a batch. */
const largestBatchBytes = mebibyte / 2;
const largestBufferBytes = 512 * mebibyte;
/** Batches stay half full when records arrive evenly, so that a burst does not close them early. */
const batchReserve = 2;

const source = 'Apache Kafka documentation, producer configuration';

export interface ProducerContext {
  readonly load: TopicLoad;
  readonly slo: Slo;
  readonly partitions: number;
}

/** The acks and idempotence that a guarantee needs (`producer.acks` in the plan's `why`). */
export function sendSettings({
  loss,
  duplicates,
  order,
}: Guarantee): Pick<ProducerConfig, 'acks' | 'enable.idempotence'> {
  const strict = loss === 'never' || duplicates === 'never' || order === 'key';
  return { acks: strict ? 'all' : loss === 'leaderFailure' ? '1' : '0', 'enable.idempotence': strict };
}

export function planProducer(
  topic: TopicRequirement,
  context: ProducerContext,
): { producer: ProducerConfig; why: readonly Why[] } {
  const sizes = producerSizes(context);
  const maxMessageBytes = neededMessageBytes(context.load);
  const producer: ProducerConfig = {
    ...sendSettings(topic.guarantee),
    'max.in.flight.requests.per.connection': maxInFlight,
    'linger.ms': sizes.lingerMs,
    'batch.size': sizes.batchBytes,
    'buffer.memory': sizes.bufferBytes,
    'compression.type': topic.message.compression,
    ...(maxMessageBytes === null ? {} : { 'max.request.size': maxMessageBytes }),
  };
  return { producer, why: [...guaranteeWhy(topic, producer), ...sizesWhy(sizes, producer, context)] };
}

interface Sizes {
  readonly tightestP99Ms: number;
  readonly lingerMs: number;
  /** Time a send may be outstanding. */
  readonly ackMs: number;
  /** Of one producer at peak, uncompressed. */
  readonly bytesPerSec: number;
  readonly partitionBytesPerSec: number;
  readonly batchBytes: number;
  readonly bufferBytes: number;
}

/**
 * Little's law twice: what arrives for a partition while as many batches as allowed are under way must fit the next batch
 * (batch >= rate x time / in flight); what arrives for all partitions while a leader is replaced must fit the buffer.
 */
function producerSizes({ load, slo, partitions }: ProducerContext): Sizes {
  const tightestP99Ms = Math.min(slo.publishP99Ms ?? Infinity, slo.endToEndP99Ms ?? Infinity);
  const lingerMs = Math.min(defaultLingerMs, Math.floor(tightestP99Ms / lingerShareOfP99));
  const ackMs =
    slo.publishP99Ms === null ? assumedAckMs : Math.min(longestAckMs, Math.max(1, slo.publishP99Ms - lingerMs));
  const bytesPerSec = (load.peakPerSec * singleBatchBytes(load)) / load.producers;
  // Without a key all records of a linger time go to one partition.
  const openBatches = load.keyField === null ? 1 : partitions;
  const partitionBytesPerSec = bytesPerSec / openBatches;
  const arrivingBytes = (partitionBytesPerSec * Math.max(lingerMs, ackMs / maxInFlight)) / 1000;
  const wantedBytes = batchReserve * arrivingBytes + singleBatchBytes(load);
  const batchBytes = Math.min(largestBatchBytes, Math.max(defaultBatchBytes, 2 ** Math.ceil(Math.log2(wantedBytes))));
  const heldBytes = openBatches * batchBytes + (bytesPerSec * (lingerMs + ackMs + failoverMs)) / 1000;
  const bufferBytes = Math.min(largestBufferBytes, Math.max(defaultBufferBytes, wholeMebibytes(heldBytes)));
  return { tightestP99Ms, lingerMs, ackMs, bytesPerSec, partitionBytesPerSec, batchBytes, bufferBytes };
}

function guaranteeWhy(topic: TopicRequirement, producer: ProducerConfig): readonly Why[] {
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
      inputs: { acks: producer.acks, maxInFlight },
      source,
    },
    {
      figure: 'producer.compression.type',
      value: producer['compression.type'],
      unit: '',
      formula: 'as stated; a codec works on one batch at a time, so its ratio must come from batches as full as these',
      inputs: {},
      source: 'use case file',
    },
  ];
}

const littlesLaw = "Little's law: what is under way = rate x time; Apache Kafka documentation, producer configuration";

function sizesWhy(sizes: Sizes, producer: ProducerConfig, context: ProducerContext): readonly Why[] {
  const rule: Rule = (figure, unit, formula, inputs, from) => {
    const value = Number(producer[figure]);
    return { figure: `producer.${figure}`, value, unit, formula, inputs, source: from };
  };
  return [
    ...underWayWhy(rule, sizes, context.slo),
    bufferWhy(rule, sizes, context),
    ...(producer['max.request.size'] === undefined ? [] : [requestWhy(rule, context.load)]),
  ];
}

type Rule = (figure: string, unit: string, formula: string, inputs: Why['inputs'], from: string) => Why;

function underWayWhy(rule: Rule, sizes: Sizes, slo: Slo): readonly Why[] {
  const { tightestP99Ms, lingerMs, ackMs, partitionBytesPerSec, batchBytes } = sizes;
  const ack = slo.publishP99Ms === null ? `${ackMs}, assumed` : ackMs;
  return [
    rule(
      'linger.ms',
      'ms',
      `min(${defaultLingerMs}, tightest p99 asked for / ${lingerShareOfP99}), rounded down`,
      { tightestP99Ms: Number.isFinite(tightestP99Ms) ? tightestP99Ms : 'not asked for' },
      `Apache Kafka default ${defaultLingerMs} ms; waiting for a batch is part of the latency`,
    ),
    rule(
      'batch.size',
      'bytes',
      `${batchReserve} x bytes a second of a partition at peak x max(linger, time to acknowledge / in flight) + a record, up to a power of 2; from ${defaultBatchBytes} to ${largestBatchBytes}`,
      { partitionBytesPerSec: Math.ceil(partitionBytesPerSec), lingerMs, ackMs: ack, maxInFlight },
      littlesLaw,
    ),
    rule(
      'max.in.flight.requests.per.connection',
      'requests',
      'the most that idempotence allows; under way for a partition at peak: rate x time to acknowledge / batch.size',
      { batchesUnderWay: (partitionBytesPerSec * ackMs) / 1000 / batchBytes, ackMs: ack },
      littlesLaw,
    ),
  ];
}

function bufferWhy(rule: Rule, sizes: Sizes, { load, partitions }: ProducerContext): Why {
  return rule(
    'buffer.memory',
    'bytes',
    `an open batch a partition + bytes a second of a producer at peak x (linger + time to acknowledge + time until another broker leads), in whole MiB; from ${defaultBufferBytes} to ${largestBufferBytes}`,
    {
      openBatches: load.keyField === null ? 1 : partitions,
      bytesPerSec: Math.ceil(sizes.bytesPerSec),
      failoverMs,
      holdsSecondsAtPeak: sizes.bufferBytes / sizes.bytesPerSec,
    },
    `${littlesLaw}; broker.session.timeout.ms; when it is full, send() waits for max.block.ms`,
  );
}

function requestWhy(rule: Rule, load: TopicLoad): Why {
  return rule(
    'max.request.size',
    'bytes',
    'a message with its batch header, in whole MiB, where that is more than the default',
    { messageBytes: singleBatchBytes(load) },
    source,
  );
}
