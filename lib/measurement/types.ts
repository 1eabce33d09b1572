/**
 * Measurement: what a run found. Plain JSON values; knows no clock, network or judgement.
 * Latencies travel as encoded HDR histograms in microseconds, so runs and workers merge without loss.
 */
import type { Guarantee } from '../requirements/types.ts';
import type { CatchUpMeasurement } from './catch-up.ts';
import type { GeneratorCeiling } from './generator-ceiling.ts';
import type { LimitMeasurement } from './limit/types.ts';

export const measurementSchemaVersion = 1;

export interface Measurement {
  readonly schemaVersion: typeof measurementSchemaVersion;
  /** `average` and `peak`, in that order; fewer when the run was cut short. */
  readonly phases: readonly PhaseMeasurement[];
  /** Over every record of the phases, warm-up included. Empty when nothing ran. */
  readonly integrity: readonly TopicIntegrity[];
  /** Null when it did not run, with the reason in `notes`. */
  readonly tradeOff: TradeOffMeasurement | null;
  readonly retention: RetentionMeasurement | null;
  /** Only where a limit was searched for, in place of the phases and experiments. */
  readonly limit?: LimitMeasurement;
  /** By topic, where it was asked for. */
  readonly catchUp?: readonly CatchUpMeasurement[];
  /** Null when the use case names no private field. */
  readonly privacy: PrivacyMeasurement | null;
  /** Settings read back from the cluster and as applied by the client. */
  readonly settings: readonly SettingReadBack[];
  readonly incidents: readonly Incident[];
  readonly notes: readonly string[];
}

/** Samples of one latency: HDR histogram in microseconds plus what it could not hold. */
export interface Latency {
  readonly count: number;
  /** Above the histogram's range; counted in no percentile, so any makes a percentile above the range. */
  readonly overflow: number;
  readonly negative: number;
  readonly zero: number;
  /** HdrHistogram V2 compressed, base64; null when count is 0. */
  readonly histogram: string | null;
  /** Null when there are no samples. Percentiles of this histogram, never averages of percentiles. */
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
  readonly maxMs: number | null;
}

export interface PhaseMeasurement {
  readonly phase: 'average' | 'peak';
  readonly startedAt: string;
  /** Length of the measured window, without warm-up and drain. */
  readonly measuredMs: number;
  readonly warmUpMs: number;
  /** Whether rate and p99 were stationary when measuring began, by the stated test. */
  readonly steady: boolean;
  readonly topics: readonly TopicMeasurement[];
  readonly generator: GeneratorHealth;
  /** One point a second of the measured window, over all topics. */
  readonly series: readonly SeriesPoint[];
  /** CPU seconds used by each broker in the window / its length (1 = one core); null when it cannot be seen. */
  readonly brokerCpu: readonly { readonly broker: number; readonly cores: number }[] | null;
}

export interface TopicMeasurement {
  /** Name in the plan, without the run's prefix. */
  readonly topic: string;
  readonly offeredPerSec: number;
  /** Records whose slot lies in the window. */
  readonly scheduled: number;
  /** Of those, acknowledged (acks=0: handed to the socket). */
  readonly acknowledged: number;
  readonly failed: number;
  /** Scheduled and never handed to a client before the phase ended. */
  readonly unsent: number;
  readonly achievedPerSec: number;
  /** acknowledgement - slot */
  readonly publish: Latency;
  /** acknowledgement - actual send */
  readonly service: Latency;
  /** actual send - slot */
  readonly slip: Latency;
  readonly recordsPerBatch: number | null;
  readonly groups: readonly GroupMeasurement[];
}

export interface GroupMeasurement {
  readonly group: string;
  readonly members: number;
  readonly received: number;
  /** consumption - slot */
  readonly endToEnd: Latency;
  /** Highest of the samples, records not yet received: acknowledged - received. Null without samples. */
  readonly maxLag: number | null;
  /** Milliseconds from the last send to zero lag; null: never reached within the drain bound. */
  readonly drainedMs: number | null;
}

export interface GeneratorHealth {
  readonly driver: string;
  readonly driverVersion: string;
  /** User + system CPU of the harness / window (1 = one core). */
  readonly cpuCores: number;
  readonly cpuMicrosPerRecord: number | null;
  readonly eventLoopDelayP99Ms: number;
  readonly slipP99Ms: number | null;
  readonly unsent: number;
  /** True when the harness, not the cluster, set the limit. */
  readonly wasTheLimit: boolean;
  /** Why, in words; null when it was not. */
  readonly reason: string | null;
}

export interface SeriesPoint {
  readonly second: number;
  readonly offered: number;
  readonly acknowledged: number;
  readonly received: number;
  readonly publishP50Ms: number | null;
  readonly publishP99Ms: number | null;
  readonly endToEndP50Ms: number | null;
  readonly endToEndP99Ms: number | null;
  readonly slipP99Ms: number | null;
  /** Sum over the groups, at the end of the second. */
  readonly lag: number;
}

/** What the ids say. Every count is of records, by unique id. */
export interface TopicIntegrity {
  readonly topic: string;
  readonly guarantee: Guarantee;
  readonly acknowledged: number;
  /** Sent, outcome unknown (timed out, connection lost): neither lost nor safe. */
  readonly unknown: number;
  readonly groups: readonly GroupIntegrity[];
  /** Why no order per key can be told, in words; absent when it can. */
  readonly orderUnknown?: string;
  /** send() resolved without an entry for a partition it carried. */
  readonly missingAckEntries: number;
  /** Two ids for one (partition, offset), among acks or between ack and read; counted once an offset. */
  readonly offsetCollisions: number;
  /** First few missing entries and collisions in words; those of one group are in the group. */
  readonly examples?: readonly string[];
}

export interface GroupIntegrity {
  readonly group: string;
  /** Distinct ids read. */
  readonly received: number;
  /** Acknowledged and never read although the group drained past the end. */
  readonly lost: number;
  /** Acknowledged, not read, and the group did not drain: stuck, not lost. */
  readonly unseen: number;
  /** Ids at more than one offset of the log. */
  readonly duplicates: number;
  /** Same id, same offset, read again: normal after a rebalance. */
  readonly redelivered: number;
  /** Records read after a later one of the same producer and key. */
  readonly orderInversions: number;
  /** First few offenders in words, as evidence. */
  readonly examples: readonly string[];
}

export const tradeOffModes = ['acks=0', 'acks=1', 'acks=all', 'acks=all idempotent'] as const;
export type TradeOffMode = (typeof tradeOffModes)[number];

export interface TradeOffMeasurement {
  readonly topic: string;
  readonly ratePerSec: number;
  readonly repeatMs: number;
  readonly rows: readonly TradeOffRow[];
  /** Order in which the repeats ran. */
  readonly order: readonly TradeOffMode[];
}

export interface TradeOffRow {
  readonly mode: TradeOffMode;
  readonly repeats: readonly {
    readonly p50Ms: number | null;
    readonly p99Ms: number | null;
    readonly achievedPerSec: number;
    readonly failed: number;
  }[];
  /** All repeats merged. For acks=0 the "acknowledgement" is the hand-over to the socket. */
  readonly publish: Latency;
  readonly p50Ms: Interval | null;
  readonly p99Ms: Interval | null;
  readonly achievedPerSec: Interval | null;
}

/** A median with its bootstrap interval. */
export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

export interface RetentionMeasurement {
  readonly topic: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly retentionMs: number;
  readonly segmentMs: number;
  readonly ratePerSec: number;
  /** Acknowledged in the time of the fill; null when nothing was driven. */
  readonly achievedPerSec: number | null;
  /** In words: how the real topic was scaled in time. */
  readonly scaling: string;
  readonly predictedBytes: number;
  /** Mean over the samples of the sum over replicas; null when nothing was sampled. */
  readonly foundBytes: number | null;
  readonly samples: readonly { readonly second: number; readonly bytes: number }[];
  /** Least number of segments that logStartOffset advanced by, over the partitions. */
  readonly segmentsDeleted: number;
  readonly formula: string;
  readonly inputs: Readonly<Record<string, number | string>>;
}

export interface PrivacyMeasurement {
  /** Field names searched for, by topic. */
  readonly fields: readonly { readonly topic: string; readonly field: string }[];
  readonly places: readonly {
    readonly place: 'topic' | 'logs' | 'results' | 'report';
    readonly searched: number;
    readonly unit: 'records' | 'bytes';
    readonly found: number;
  }[];
}

export interface SettingReadBack {
  /** Name in the plan of the topic, or `broker` / `client` / `cluster`. */
  readonly subject: string;
  readonly setting: string;
  /** Null when the plan does not set it. */
  readonly planned: string | null;
  /** Null when it could not be read. */
  readonly found: string | null;
}

export interface Incident {
  /** Milliseconds since the run began. */
  readonly atMs: number;
  readonly kind: 'brokerLost' | 'workerLost' | 'clientError' | 'interrupted' | 'cleanup';
  readonly message: string;
}

/** What AWS says a cluster is made of. Null: it does not say. */
export interface ProvisionedCluster {
  readonly arn: string;
  readonly name: string;
  readonly target: 'msk' | 'msk-express' | 'msk-serverless';
  readonly kafkaVersion: string | null;
  readonly instanceType: string | null;
  /** Over all zones. */
  readonly brokers: number | null;
  readonly zones: number | null;
  /** Disk of one broker. */
  readonly volumeBytes: number | null;
  /** Bought for each volume; 0: none. */
  readonly throughputMiBps: number | null;
  readonly storageMode: string | null;
  /** Lines of its configuration; empty: none of its own; null: not to be read. */
  readonly settings: Readonly<Record<string, string>> | null;
}

/** Where and with what a run was made: enough for a stranger to repeat it. Never holds a secret. */
export interface Environment {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly startedAt: string;
  readonly target: 'local' | 'existing';
  readonly clusterId: string;
  readonly brokers: readonly { readonly id: number; readonly rack: string | null }[];
  /** Of a cluster named by its ARN. */
  readonly provisioned?: ProvisionedCluster;
  readonly versions: Readonly<Record<string, string>>;
  readonly host: {
    readonly cpus: number;
    readonly cpuModel: string;
    readonly memoryBytes: number;
    readonly os: string;
  };
  /** p99 lateness of an idle 1 ms timer before the load: the host's own noise. */
  readonly hostNoiseP99Ms: number;
  /** Left out where a program of its own sends the load. */
  readonly generatorCeiling?: GeneratorCeiling;
  readonly seed: number;
  readonly commandLine: readonly string[];
  readonly topicPrefix: string;
  /** Settings of the run that the plan does not hold, such as phase lengths. */
  readonly harness: Readonly<Record<string, string | number | boolean>>;
}
