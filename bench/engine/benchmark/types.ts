/** What the benchmark's processes tell each other. */
import type { Compression } from '../../../lib/requirements/types.ts';
import type { Schedule } from './on-schedule.ts';

export const libraries = ['engine', '@platformatic/kafka', 'kafkajs', 'java'] as const;
export type Library = (typeof libraries)[number];

/** One run of one client. */
export interface ClientTask {
  readonly library: Library;
  readonly direction: 'produce' | 'consume';
  readonly bootstrap: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly records: number;
  readonly acks: '1' | 'all';
  readonly compression: Compression;
}

export const recordBytes = 200;
export const batchBytes = 65_536;
export const maxInFlight = 5;
/** Of a partition in one answer, for every consumer. */
export const fetchBytes = 8 * 1024 * 1024;

/** The engine on a schedule, in a process of its own as well. */
export interface ScheduledTask {
  readonly bootstrap: readonly string[];
  readonly schedule: Schedule;
}

/** Records done so far, told whenever some were. */
export interface ClientProgress {
  readonly records: number;
  /** Set with the last one: false when ids were missing, repeated or foreign. */
  readonly verified?: boolean;
  /** From the send of a batch to its acknowledgement, set with the last one when producing. */
  readonly latency?: Latency;
}

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What a run cost between its first fifth, which warms it up, and its end. */
export interface ClientCost {
  readonly version: string;
  readonly recordsPerSec: number;
  readonly cpuMicrosPerRecord: number;
  /** Cores that the client kept busy. */
  readonly coresUsed: number;
  /** Null when consuming. */
  readonly latency: Latency | null;
}
