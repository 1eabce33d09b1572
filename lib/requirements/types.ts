/**
 * Requirements: a use case file after parsing, with every default written out.
 * Sizes are bytes, durations milliseconds, rates records per second, ratios fractions of 1.
 */
import type { Rational } from '../rational.ts';

export const targets = ['msk', 'msk-express', 'msk-serverless', 'ec2', 'existing'] as const;
export type Target = (typeof targets)[number];
export const survivals = ['none', 'broker', 'zone'] as const;
export type Survive = (typeof survivals)[number];
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];
export const handovers = ['kafka', 'log', 'api'] as const;
export type Handover = (typeof handovers)[number];
export const reuses = ['replay', 'newConsumers'] as const;
export type Reuse = (typeof reuses)[number];

export interface Requirements {
  readonly apiVersion: 'headroom/v1';
  readonly useCase: string;
  /** Empty when the file has none. */
  readonly description: string;
  readonly cluster: ClusterRequirement;
  readonly storage: { readonly buffer: StorageBuffer };
  readonly topics: readonly TopicRequirement[];
  readonly slo: Slo;
  /** What is allowed but deserves a word, found while reading (naming, ...). The plan adds its own. */
  readonly warnings: readonly Warning[];
}

export interface ClusterRequirement {
  /** Default msk. */
  readonly target: Target;
  /** Null when the file names none: nothing that depends on a region is then computed. */
  readonly region: string | null;
  /** Default 3. */
  readonly zones: number;
  /** Null: the plan chooses. */
  readonly brokers: number | null;
  /** Default broker. */
  readonly survive: Survive;
}

/** Space kept free beside the retained bytes: absolute, or a share of the sum of retainedBytes over the topics. */
export type StorageBuffer =
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'ratio'; readonly ratio: Rational };

export interface TopicRequirement {
  /** By the naming rule, or as given. */
  readonly name: string;
  /** Null when the topic is given by `name` alone. */
  readonly service: string | null;
  readonly entity: string | null;
  readonly action: string | null;
  readonly message: MessageRequirement;
  readonly produce: ProduceRequirement;
  readonly handover: Handover;
  readonly retention: RetentionRequirement;
  readonly reuse: readonly Reuse[];
  /** Null when the file names none. */
  readonly replicas: number | null;
  readonly guarantee: Guarantee;
  readonly consumers: readonly ConsumerRequirement[];
}

export interface MessageRequirement {
  /** Key + value, without headers and record overhead. */
  readonly sizeBytes: number;
  /** Name of the field that is the record key; null: records have no key. */
  readonly key: string | null;
  readonly compression: Compression;
  /** compressed / original, in (0, 1]. */
  readonly ratio: Rational;
  /** Fields whose raw value must appear nowhere. */
  readonly private: readonly string[];
  /** The payload is the event envelope padded to size. */
  readonly envelope: boolean;
}

export interface ProduceRequirement {
  readonly ratePerSec: Rational;
  /** Defaults to ratePerSec. */
  readonly peakPerSec: Rational;
  readonly producers: number;
  /** Growth a month, as a fraction: 5 % is 1/20. */
  readonly growthPerMonth: Rational;
}

export interface RetentionRequirement {
  readonly cleanup: 'delete' | 'compact';
  /** Null only for compact topics without a time. */
  readonly timeMs: number | null;
  /** Kept even after the loss named in `survive`; null when not asked for. */
  readonly guaranteedMs: number | null;
  /** Distinct keys; only for compact topics. */
  readonly keys: number | null;
}

export interface Guarantee {
  readonly loss: 'never' | 'leaderFailure' | 'allowed';
  readonly duplicates: 'never' | 'allowed';
  readonly order: 'key' | 'none';
}

export interface ConsumerRequirement {
  readonly service: string;
  /** What ONE consumer thread handles. */
  readonly ratePerSec: Rational;
  readonly catchUp: { readonly outageMs: number; readonly withinMs: number } | null;
  /** What the service runs; left out: as many as are needed. */
  readonly threads?: number;
}

/** Null: not asked for, so not judged. */
export interface Slo {
  readonly publishP99Ms: number | null;
  readonly endToEndP99Ms: number | null;
  readonly lagMaxRecords: number | null;
  readonly costMaxUsdPerMonth: number | null;
}

export interface Warning {
  /** Upper-case words joined by `_`; stable, tests and `lint` rely on it. */
  readonly code: string;
  /** Where in the use case, such as `topics[0].replicas`. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}
