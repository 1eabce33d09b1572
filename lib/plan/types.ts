/**
 * Plan: what the cluster, its topics and its clients must look like so that the use case holds.
 * A plain JSON value (contract: design section 4). Bytes are integers, rates per second, durations milliseconds.
 */
import type { Compression, Guarantee, Handover, Reuse, Slo, Survive, Target, Warning } from '../requirements/types.ts';
import type { CalibrationPlan } from './calibration/plan-calibration.ts';
import type { ResourceUse } from './capacity/resources.ts';

export const planSchemaVersion = 1;

export interface Plan {
  readonly schemaVersion: typeof planSchemaVersion;
  readonly useCase: string;
  readonly description: string;
  readonly topics: readonly TopicPlan[];
  readonly storage: StoragePlan;
  readonly cluster: ClusterPlan;
  readonly cost: CostPlan;
  /** One entry a month, 0 to 36. */
  readonly growth: readonly GrowthMonth[];
  readonly slo: Slo;
  /** Only where the plan was made with a calibration. */
  readonly calibration?: CalibrationPlan;
  readonly warnings: readonly Warning[];
  /** Path of each figure that is null -> why it is, for instance `cluster.instanceType`. */
  readonly missing: Readonly<Record<string, string>>;
}

/** How one figure came to be: shown by `plan --explain` and in the report. */
export interface Why {
  /** Path of the figure inside its topic (or storage, cluster), such as `partitions`. */
  readonly figure: string;
  readonly value: number | string;
  readonly unit: string;
  /** In words and signs, such as `ceil(peak / rate per thread)`. */
  readonly formula: string;
  /** The same formula with the numbers filled in. */
  readonly inputs: Readonly<Record<string, number | string>>;
  /** Where the rule comes from. */
  readonly source: string;
}

export interface TopicPlan {
  readonly name: string;
  readonly channels: { readonly out: string; readonly in: readonly string[] };
  readonly groups: readonly GroupPlan[];
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly minInsyncReplicas: number;
  /** Topic settings by Kafka's own names; only those that the plan sets. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly producer: ProducerConfig;
  readonly consumer: ConsumerConfig;
  /** The users' formula, exactly. */
  readonly retainedBytes: number;
  /** What the disks will hold, over all replicas: the sum of `disk.parts`. */
  readonly onDiskBytes: number;
  readonly disk: TopicDiskPlan;
  readonly why: readonly Why[];
  readonly load: TopicLoad;
  readonly guarantee: Guarantee;
  readonly handover: Handover;
  /** What the log will be used for later. */
  readonly reuse: readonly Reuse[];
  /** Kept even after the loss named in `survive`; null: not asked for. */
  readonly guaranteedMs: number | null;
}

/** Bytes of a topic's logs at most, over all partitions and replicas. */
export interface TopicDiskPlan {
  readonly recordsPerBatch: number;
  /** On one disk, with its share of the batch header. */
  readonly bytesPerRecord: number;
  /** What makes up `onDiskBytes`. */
  readonly parts: readonly DiskPart[];
  /** Log segments alone: what DescribeLogDirs reports at most, and on average (null: not predicted for compacted topics). */
  readonly logBytes: number;
  readonly meanLogBytes: number | null;
  /** What it would be with Kafka's default segments; the same where the plan sets none. */
  readonly defaultSegmentsBytes: number;
  /** Length of the open segments' index files; sparse, so not part of `onDiskBytes`. */
  readonly preallocatedIndexBytes: number;
}

export interface DiskPart {
  readonly part:
    | 'records'
    | 'open segment'
    | 'waiting for the retention check'
    | 'deleted, not yet removed'
    | 'waiting for a cleaning'
    | 'copy of a cleaning'
    | 'indexes'
    | 'other files';
  readonly bytes: number;
}

/** A topic that Kafka keeps for itself. */
export interface InternalTopicPlan {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** At most, over all replicas. */
  readonly onDiskBytes: number;
  /** Length of the open segments' index files; sparse, so not part of `onDiskBytes`. */
  readonly preallocatedIndexBytes: number;
  readonly why: Why;
}

export interface GroupPlan {
  /** `CGR-<service>-<topic>` */
  readonly name: string;
  readonly service: string;
  /** Records per second that one consumer thread handles. */
  readonly ratePerThread: number;
  /** Threads needed at peak and for the catch-up asked for. */
  readonly threads: number;
  /** As many as it takes when partitions are dealt out whole: with fewer, some thread gets more than it handles. */
  readonly evenThreads: number;
  /** What the service runs; null: not stated. */
  readonly statedThreads: number | null;
}

/** Producer settings by Kafka's own names and JSON types. */
export interface ProducerConfig {
  readonly acks: '0' | '1' | 'all';
  readonly 'enable.idempotence': boolean;
  readonly 'max.in.flight.requests.per.connection': number;
  readonly 'linger.ms': number;
  readonly 'batch.size': number;
  readonly 'compression.type': Compression;
  readonly [setting: string]: string | number | boolean;
}

export interface ConsumerConfig {
  readonly 'isolation.level': string;
  readonly 'auto.offset.reset': string;
  readonly 'enable.auto.commit': boolean;
  readonly [setting: string]: string | number | boolean;
}

/** The load the use case states, as numbers a harness can drive. */
export interface TopicLoad {
  readonly averagePerSec: number;
  readonly peakPerSec: number;
  readonly producers: number;
  /** Key + value. */
  readonly messageSizeBytes: number;
  /** Bytes of the record key, part of messageSizeBytes; 0 without a key. */
  readonly keyBytes: number;
  /** Name of the key field; null: no key. */
  readonly keyField: string | null;
  /** Distinct keys stated by the use case (compact topics); null: not stated. */
  readonly keys: number | null;
  readonly envelope: boolean;
  readonly eventType: string;
  readonly privateFields: readonly string[];
  readonly compressionRatio: number;
  readonly growthPerMonth: number;
}

export interface StoragePlan {
  readonly retainedBytes: number;
  readonly bufferBytes: number;
  /** retained + buffer */
  readonly requiredBytes: number;
  /** Of the topics. */
  readonly onDiskBytes: number;
  /** Of Kafka's own topics, beside `onDiskBytes`. */
  readonly internalBytes: number;
  readonly internalTopics: readonly InternalTopicPlan[];
  readonly provisionedBytesPerBroker: number | null;
  /** Throughput to buy for the volume of each broker, MiB/s; 0: what every volume includes is enough. */
  readonly provisionedThroughputMiBps: number;
  readonly why: readonly Why[];
}

export interface ClusterCapacity {
  readonly brokers: number;
  readonly instanceType: string | null;
  readonly zones: number;
  /** What producers send at peak, as it crosses the wire, without replication. */
  readonly ingressBytesPerSec: number;
  /** What consumer groups and replaying readers fetch at peak, without replication. */
  readonly egressBytesPerSec: number;
  /** Followers' copies: ingress x (replicas - 1). */
  readonly replicationBytesPerSec: number;
  readonly bindingConstraint: string | null;
  /** 1 - used / limit of the binding constraint; negative when it is exceeded. */
  readonly headroom: number | null;
  /** What each broker uses of each resource (of the whole cluster where the target hides its brokers). */
  readonly resources: readonly ResourceUse[];
}

export interface ClusterPlan extends ClusterCapacity {
  readonly target: Target;
  readonly survive: Survive;
  /** The same after the loss named in `survive`. */
  readonly degraded: ClusterCapacity;
  readonly rejected: readonly { readonly option: string; readonly reason: string }[];
  /** What takes time when a broker is lost or comes back. */
  readonly recovery: RecoveryPlan;
  /** Figures that the choice would have needed and that were not found. */
  readonly gaps: readonly string[];
  readonly why: readonly Why[];
}

/** At peak, by the room the chosen brokers have left. Left out: the target does it itself, or at peak no room is left for it. */
export interface RecoveryPlan {
  /** How far behind readers may be and still read from memory. */
  readonly cachedMs?: number;
  /** Until the copies of a broker that was away for `awayMs` are in sync again. */
  readonly catchUpMs?: number;
  readonly awayMs?: number;
  /** Copying the data of one broker anew, because its disk is gone or its partitions move. */
  readonly rebuildMs?: number;
  /** Followers keep up while one fetch of a leader's records takes no longer. */
  readonly followerFetchMs?: number;
  /** Every client connecting anew, by AWS's quota for IAM. */
  readonly reconnectMs?: number;
}

export interface CostPlan {
  readonly monthlyUsd: number | null;
  readonly items: readonly { readonly item: string; readonly monthlyUsd: number }[];
  readonly pricesAsOf: string | null;
  readonly region: string | null;
  /** Why monthlyUsd is null; null when it is not. */
  readonly reason: string | null;
}

export interface GrowthMonth {
  readonly month: number;
  readonly ingressBytesPerSec: number;
  readonly egressBytesPerSec: number;
  readonly retainedBytes: number;
  readonly requiredBytes: number;
  readonly topics: readonly { readonly name: string; readonly peakPerSec: number; readonly partitions: number }[];
  /** used / limit of each resource in the worse of both stages, on the brokers and volumes of today; empty: none chosen. */
  readonly utilisation: Readonly<Record<string, number>>;
  /** Limits first reached in this month, such as `categoryChanged needs 11 partitions, planned 10`. */
  readonly limitsReached: readonly string[];
}
