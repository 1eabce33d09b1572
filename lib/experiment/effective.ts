/** What a cell really runs with: the plan's settings, the cell's, and what follows from the two. */
import type { ProducerConfig, TopicPlan } from '../plan/types.ts';
import type { Compression } from '../requirements/types.ts';
import { settingsAt } from './settings.ts';
import type { Settings } from './types.ts';

export interface EffectiveSettings {
  readonly driver: string;
  readonly producer: ProducerConfig;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  readonly messageSizeBytes: number;
  readonly producers: number;
  /** Consumer groups that read, one member each; null: those of the plan. */
  readonly groups: number | null;
  readonly ratePerSec: number;
  /** Null: by key where the use case has one, otherwise sticky. */
  readonly partitioner: string | null;
  /** Random bytes of the padding, as a share of it; null: as the use case's ratio asks for. */
  readonly entropy: number | null;
  /** Only what the cell states, by Kafka's own names. */
  readonly consumer: Settings;
  readonly topicConfig: Settings;
}

const inSync = 'min.insync.replicas';
/** What the drivers' consumers run with where nothing else is stated. */
const defaultSessionMs = 10_000;
const defaultHeartbeatMs = 1_000;

/**
 * A setting that the cell leaves open follows its neighbours as in Kafka's own clients: idempotence is the plan's with acks=all
 * and off otherwise; min.insync.replicas of another replication factor is that factor less one, at least 1 (2 of 2).
 */
export function effectiveSettings(topic: TopicPlan, driver: string, settings: Settings): EffectiveSettings {
  const { load, producer: planned } = topic;
  const acks = asText(settings.acks, planned.acks) as ProducerConfig['acks'];
  const replicas = asNumber(settings['replication.factor'], topic.replicationFactor);
  const followed = replicas === topic.replicationFactor ? topic.minInsyncReplicas : inSyncOf(replicas);
  return {
    driver: asText(settings.driver, driver),
    producer: {
      ...planned,
      acks,
      'enable.idempotence': asFlag(settings['enable.idempotence'], acks === 'all' && planned['enable.idempotence']),
      'max.in.flight.requests.per.connection': number('max.in.flight.requests.per.connection'),
      'linger.ms': number('linger.ms'),
      'batch.size': number('batch.size'),
      'compression.type': asText(settings['compression.type'], planned['compression.type']) as Compression,
      ...(settings['buffer.memory'] === undefined ? {} : { 'buffer.memory': settings['buffer.memory'] }),
    },
    partitions: asNumber(settings.partitions, topic.partitions),
    replicationFactor: replicas,
    minInsyncReplicas: asNumber(settings[inSync], followed),
    messageSizeBytes: asNumber(settings['message.size'], load.messageSizeBytes),
    producers: asNumber(settings.producers, load.producers),
    groups: typeof settings.groups === 'number' ? settings.groups : null,
    ratePerSec: asNumber(settings.rate, load.peakPerSec),
    partitioner: typeof settings.partitioner === 'string' ? settings.partitioner : null,
    entropy: typeof settings.entropy === 'number' ? settings.entropy : null,
    consumer: settingsAt('consumer', settings),
    topicConfig: settingsAt('config', settings),
  };

  function number(name: 'max.in.flight.requests.per.connection' | 'linger.ms' | 'batch.size'): number {
    return asNumber(settings[name], planned[name]);
  }
}

/** The rules of Kafka's clients and brokers that a combination breaks, in words. */
export function ruleFaults(effective: EffectiveSettings): readonly string[] {
  const { producer, replicationFactor, minInsyncReplicas, consumer } = effective;
  const faults: string[] = [];
  const sessionMs = consumer['session.timeout.ms'] ?? defaultSessionMs;
  const heartbeatMs = consumer['heartbeat.interval.ms'] ?? defaultHeartbeatMs;
  if (heartbeatMs >= sessionMs) {
    faults.push(`heartbeat.interval.ms ${heartbeatMs} must be below session.timeout.ms ${sessionMs}`);
  }
  const inFlight = producer['max.in.flight.requests.per.connection'];
  if (producer['enable.idempotence']) {
    if (producer.acks !== 'all') faults.push(`idempotence needs acks=all, not acks=${producer.acks}`);
    if (inFlight > 5) faults.push(`idempotence needs at most 5 requests in flight, not ${inFlight}`);
  }
  if (minInsyncReplicas > replicationFactor) {
    faults.push(`${inSync} ${minInsyncReplicas} is more than the ${replicationFactor} replicas`);
  }
  return faults;
}

/** The plan with the cell's settings, to be driven and created like any other. */
export function effectiveTopic(topic: TopicPlan, effective: EffectiveSettings): TopicPlan {
  const { producer, partitions, replicationFactor, minInsyncReplicas } = effective;
  const { messageSizeBytes, producers, ratePerSec } = effective;
  return {
    ...topic,
    producer,
    partitions,
    replicationFactor,
    minInsyncReplicas,
    config: { ...topic.config, ...effective.topicConfig, [inSync]: minInsyncReplicas },
    load: {
      ...topic.load,
      // An envelope is text: random bytes need a plain value.
      envelope: topic.load.envelope && effective.entropy === null,
      messageSizeBytes,
      producers,
      averagePerSec: ratePerSec,
      peakPerSec: ratePerSec,
    },
  };
}

function inSyncOf(replicas: number): number {
  return replicas === 2 ? 2 : Math.max(1, replicas - 1);
}

function asNumber(value: Settings[string] | undefined, planned: number): number {
  return typeof value === 'number' ? value : planned;
}

function asText(value: Settings[string] | undefined, planned: string): string {
  return typeof value === 'string' ? value : planned;
}

function asFlag(value: Settings[string] | undefined, planned: boolean): boolean {
  return typeof value === 'boolean' ? value : planned;
}
