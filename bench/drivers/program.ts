/**
 * A driver that is a program of its own and keeps its own schedule, such as k6: it is told what to send at which rate, and
 * tells what it handed over and what became of it, so that the same ledger verifies it.
 */
import type { DriverTarget, ProducerSettings } from './driver.ts';

export interface ProgramTopic {
  /** Name on the cluster. */
  readonly topic: string;
  readonly ratePerSec: number;
  /** Of the first record; the next ones count on. */
  readonly firstId: number;
  /** Producer clients. */
  readonly producers: number;
  readonly settings: ProducerSettings;
  readonly lingerMs: number;
  readonly batchBytes: number;
  /** Taken in turn, with the id and the time stamp written over. Texts of one byte a character. */
  readonly records: readonly { readonly key: string | null; readonly value: string }[];
  /** Where the hexadecimal digits of the id stand in every value, behind the session's tag. */
  readonly idOffset: number;
  readonly idDigits: number;
  readonly timestampOffset: number | null;
}

export interface ProgramSpec {
  readonly target: DriverTarget;
  readonly topics: readonly ProgramTopic[];
  readonly durationMs: number;
  /** What the use case requires of publish; null: nothing. */
  readonly publishP99Ms: number | null;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ProgramEvent) => void;
}

/** Of one record. Times are milliseconds since the epoch, with a fraction. */
export type ProgramEvent = { readonly topic: string; readonly id: number; readonly atMs: number } & (
  | { readonly kind: 'handedOver' }
  | { readonly kind: 'acknowledged'; readonly partition: number; readonly offset: number | null }
  | { readonly kind: 'failed'; readonly reason: string }
);

export interface ProgramOutcome {
  /** Records that were due and never handed over, because the program had nobody free to send them. */
  readonly dropped: number;
  /** Why the figures say nothing of the cluster; null when they do. */
  readonly limit: string | null;
}

export interface RunningProgram {
  /** Milliseconds since the epoch at which the first record of each topic was due. */
  readonly beganMs: ReadonlyMap<string, number>;
  /** The first `recordsTogether` records of a topic are due at once, then the next. */
  readonly recordsTogether: ReadonlyMap<string, number>;
  /** User and system time so far; null when it cannot be seen. */
  cpuSeconds(): number | null;
  /** Resolves when the program has ended and all events were told. Rejects when it failed. */
  readonly ended: Promise<ProgramOutcome>;
  /** Ends it, if it runs. */
  stop(): Promise<void>;
}

export interface LoadProgram {
  /** Resolves when the first record of every topic was handed over. */
  start(spec: ProgramSpec): Promise<RunningProgram>;
}
