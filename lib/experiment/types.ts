/** An experiment: the same load under settings that differ in stated factors, and what each setting does. */
import type { Interval } from '../measurement/types.ts';

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

/** How a figure of one cell compares with that of another, over the rounds that both ran in. */
export interface Comparison {
  readonly figure: Figure;
  readonly cell: string;
  readonly against: string;
  /** Of the figure under `cell` divided by that under `against`; null when either has none. */
  readonly ratio: Interval | null;
  /** `equal`: the interval does not rule out that the setting makes no difference. */
  readonly outcome: 'higher' | 'lower' | 'equal' | 'unknown';
}
