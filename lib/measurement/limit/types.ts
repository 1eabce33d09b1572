/**
 * What a limit search found: the highest rate that a cluster sustained under the objectives, and what kept it from more.
 * A rate is that of all topics together; each topic has its share of it by its peak rate.
 */
import type { GeneratorHealth, SeriesPoint, TopicMeasurement } from '../types.ts';

export interface LimitMeasurement {
  readonly range: { readonly fromPerSec: number; readonly toPerSec: number; readonly resolution: number };
  readonly objectives: LimitObjectives;
  /** What the use case asks for: the peak rates of its topics together. */
  readonly peakPerSec: number;
  /** In the order in which they ran. */
  readonly probes: readonly LimitProbe[];
  readonly answer: LimitAnswer;
  readonly cause: LimitCause;
  /** How long load ran, warm-ups and draining included, and how long it was allowed to. */
  readonly loadMs: number;
  readonly budgetMs: number;
}

/** A rate is sustained when all of these hold (docs/measuring.md); null: not asked for. */
export interface LimitObjectives {
  readonly achievedRatio: number;
  readonly publishP99Ms: number | null;
  readonly endToEndP99Ms: number | null;
  readonly lagMaxRecords: number | null;
}

export type LimitAnswer =
  /** Not even the lowest rate of the range was sustained. */
  | { readonly kind: 'none'; readonly belowPerSec: number }
  /** The highest rate of the range was sustained. */
  | { readonly kind: 'atOrAbove'; readonly ratePerSec: number }
  /** `ratePerSec` was sustained, and again when it was confirmed; `highPerSec` was not. The limit is between them. */
  | { readonly kind: 'rate'; readonly ratePerSec: number; readonly highPerSec: number }
  /** The time ran out: sustained at least, not sustained at; null: not known. */
  | { readonly kind: 'unresolved'; readonly lowPerSec: number | null; readonly highPerSec: number | null };

export const probePurposes = ['ramp', 'bisection', 'repeat', 'confirmation'] as const;
export type ProbePurpose = (typeof probePurposes)[number];

export interface LimitProbe {
  readonly purpose: ProbePurpose;
  readonly ratePerSec: number;
  readonly startedAt: string;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  /** The load had fallen so far behind that the rest of the probe was left out. */
  readonly cutShort: boolean;
  readonly steady: boolean;
  readonly topics: readonly TopicMeasurement[];
  readonly generator: GeneratorHealth;
  readonly series: readonly SeriesPoint[];
  readonly resources: ResourceUse;
  readonly sustained: boolean;
  /** What was not held, in words; empty when sustained. */
  readonly misses: readonly string[];
}

/** What the cluster used within a probe; null: it cannot be seen from here. */
export interface ResourceUse {
  /** Busy cores of the machine that brokers and generator share, by whomever. */
  readonly host: { readonly busyCores: number; readonly ofCores: number } | null;
  /** Cores that each broker used, and those it may use at most. */
  readonly brokerCpu: readonly { readonly broker: number; readonly cores: number; readonly ofCores: number }[] | null;
  /** Share of the time in which the busiest disk of the brokers had requests. */
  readonly diskBusy: number | null;
  /** Used share of the network's stated bandwidth, of the broker that uses most. */
  readonly networkUsed: number | null;
  /** Appended by leaders and not yet on all their in-sync replicas, mean of the samples. */
  readonly unreplicatedRecords: number | null;
  /** Partitions with a replica out of sync, highest of the samples. */
  readonly underReplicated: number | null;
}

export const limitPlaces = ['client', 'otherWork', 'brokerCpu', 'disk', 'network', 'replication', 'unknown'] as const;
export type LimitPlace = (typeof limitPlaces)[number];

/** Where the limit was, with what says so. */
export interface LimitCause {
  /** Null: no rate failed, so nothing was at its limit. */
  readonly place: LimitPlace | null;
  readonly evidence: readonly string[];
}
