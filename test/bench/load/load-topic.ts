import type { LoadTopic, PhaseSpec } from '../../../bench/load/types.ts';
import { loadTopicOf } from '../../../bench/prove/phases.ts';
import type { Plan, ProducerConfig, TopicLoad, TopicPlan } from '../../../lib/plan/types.ts';

export interface LoadTopicOptions {
  readonly clusterTopic?: string;
  readonly partitions?: number;
  readonly load?: Partial<TopicLoad>;
  readonly producer?: Partial<ProducerConfig>;
  readonly members?: number;
  readonly groups?: readonly string[];
}

/** A topic of 200-byte envelopes as a plan gives it, with one group. */
export function loadTopic(options: LoadTopicOptions = {}): LoadTopic {
  const { clusterTopic = 'run-orders', partitions = 4, members = 1, groups = ['lecture'] } = options;
  const load: TopicLoad = {
    averagePerSec: 500,
    peakPerSec: 1000,
    producers: 2,
    messageSizeBytes: 200,
    keyBytes: 8,
    keyField: 'orderId',
    keys: 20,
    envelope: true,
    eventType: 'OrderChanged',
    privateFields: [],
    compressionRatio: 1,
    growthPerMonth: 0,
    ...options.load,
  };
  const producer: ProducerConfig = {
    acks: 'all',
    'enable.idempotence': true,
    'max.in.flight.requests.per.connection': 5,
    'linger.ms': 2,
    'batch.size': 16_384,
    'compression.type': 'none',
  };
  const plan: TopicPlan = {
    name: 'orders',
    channels: { out: 'out-orders', in: [] },
    groups: [],
    partitions,
    replicationFactor: 3,
    minInsyncReplicas: 2,
    config: {},
    producer,
    consumer: { 'isolation.level': 'read_uncommitted', 'auto.offset.reset': 'earliest', 'enable.auto.commit': false },
    retainedBytes: 0,
    onDiskBytes: 0,
    disk: {
      recordsPerBatch: 1,
      bytesPerRecord: 0,
      parts: [],
      logBytes: 0,
      meanLogBytes: null,
      defaultSegmentsBytes: 0,
      preallocatedIndexBytes: 0,
    },
    why: [],
    load,
    guarantee: { loss: 'never', duplicates: 'never', order: 'key' },
    handover: 'kafka',
    reuse: [],
    guaranteedMs: null,
  };
  return {
    plan,
    clusterTopic,
    ...(options.producer === undefined ? {} : { producer: options.producer }),
    groups: groups.map((name) => ({ name, clusterGroup: `${clusterTopic}-${name}`, members })),
  };
}

/** Those of a plan, under their own names on the cluster. */
export function loadTopicsOf({ topics }: Plan): readonly LoadTopic[] {
  return topics.map((topic) =>
    loadTopicOf(
      topic,
      (name) => name,
      () => {},
    ),
  );
}

export function phaseSpec(overrides: Partial<PhaseSpec> = {}): PhaseSpec {
  return {
    ratePerSec: { orders: 1000 },
    measureMs: 300,
    warmUpMinMs: 50,
    warmUpMaxMs: 50,
    // A bound, not a wait: tests of a group that never drains set their own.
    drainMaxMs: 20_000,
    stage: 'test',
    signal: new AbortController().signal,
    onProgress: () => {},
    ...overrides,
  };
}
