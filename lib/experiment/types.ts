/** An experiment: the same load under settings that differ in stated factors, and what each setting does. */
import type { Interval } from '../measurement/types.ts';
import type { SendPromise } from './pareto.ts';

export type SettingValue = string | number | boolean;

/** One setting and the values it takes, first the one the others are compared with. */
export interface Factor {
  readonly name: string;
  readonly values: readonly SettingValue[];
}

/** One combination of values, by the name of the factor. */
export type Settings = Readonly<Record<string, SettingValue>>;

export interface Cell {
  /** The settings in words, `acks=all linger.ms=5`; equal for equal settings, so that a journal can name it. */
  readonly id: string;
  readonly settings: Settings;
}

/** A combination that breaks a rule: named, never run. */
export interface RefusedCell extends Cell {
  readonly reason: string;
}

/** What is measured in every repeat of a cell, in the unit of its name; null where this run could not tell. */
export interface CellFigures {
  readonly recordsPerSec: number | null;
  readonly publishP50Ms: number | null;
  readonly publishP99Ms: number | null;
  readonly endToEndP50Ms: number | null;
  readonly endToEndP99Ms: number | null;
  /** User and system time of the generator per acknowledged record. */
  readonly clientCpuMicrosPerRecord: number | null;
  /** Of all brokers together. */
  readonly brokerCpuMicrosPerRecord: number | null;
  readonly recordsPerBatch: number | null;
  /** Record batches as the producer sends them, per acknowledged record. */
  readonly wireBytesPerRecord: number | null;
  /** Of all replicas, per acknowledged record, by DescribeLogDirs. */
  readonly diskBytesPerRecord: number | null;
  readonly lostRecords: number | null;
  readonly duplicateRecords: number | null;
  readonly reorderedRecords: number | null;
}

export type Figure = keyof CellFigures;

/** One run of one cell. Rounds are interleaved: every cell once a round. */
export interface Repeat {
  readonly cell: string;
  readonly round: number;
  readonly figures: CellFigures;
  /** Why its figures say nothing of the cluster, such as a generator at its limit; empty when they do. */
  readonly doubts: readonly string[];
}

/** What one value of a factor does to a figure, against the factor's first value, all else equal. */
export interface Comparison {
  readonly figure: Figure;
  readonly factor: string;
  readonly value: SettingValue;
  readonly against: SettingValue;
  /** Of the figure under `value` divided by that under `against`; null when no round has both. */
  readonly ratio: Interval | null;
  /** `equal`: the rounds do not rule out that the value makes no difference; `unknown`: too few of them. */
  readonly outcome: 'higher' | 'lower' | 'equal' | 'unknown';
}

/** A cell over all its repeats without doubts. */
export interface CellSummary extends Cell {
  readonly promise: SendPromise;
  readonly repeats: number;
  /** Why repeats were left out, each reason once. */
  readonly doubts: readonly string[];
  readonly figures: Readonly<Record<Figure, Interval | null>>;
}

export interface Recommendation {
  /** Null when nothing measured keeps what the use case was promised, or nothing could be told. */
  readonly cell: string | null;
  readonly reason: string;
  /** Settings that promise less and measurably gain something; what is gained and what is given up. */
  readonly cheaper: readonly { readonly cell: string; readonly gains: string; readonly givesUp: string }[];
}

/** The answer of an experiment, as it is stored and rendered. */
export interface Analysis {
  readonly cells: readonly CellSummary[];
  readonly comparisons: readonly Comparison[];
  /** Cells that no other beats in latency, rate and promise. */
  readonly pareto: readonly string[];
  readonly recommendation: Recommendation;
}
