/**
 * A driver is one client library behind the smallest interface the load needs.
 * The harness schedules, partitions and batches; a driver only puts batches on the wire and takes records off it,
 * so every library is measured with equal batches, acks and in-flight limits.
 */
import type { Compression } from '../../lib/requirements/types.ts';
import type { OnProgress } from '../progress.ts';
import type { Security } from '../security/security.ts';
import type { LoadProgram } from './program.ts';

export interface DriverTarget {
  /** host:port */
  readonly bootstrap: readonly string[];
  readonly clientId: string;
  /** Left out: plain connections. */
  readonly security?: Security | undefined;
}

export interface ProducerSettings {
  readonly acks: '0' | '1' | 'all';
  readonly idempotent: boolean;
  readonly compression: Compression;
  /** Give up on a request after this; its records' outcome is then unknown. */
  readonly deliveryTimeoutMs: number;
}

export interface DriverRecord {
  readonly key: Buffer | null;
  readonly value: Buffer;
  readonly timestampMs: number;
}

/** Records for one partition, in order; they travel as one record batch. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  /** May be made each time it is asked for. */
  readonly records: readonly DriverRecord[];
  /** The same records without an object and a buffer for each; left out by those that have nothing but these. */
  readonly cursor?: RecordCursor;
}

/** Shows the records of a batch one after the other, for a driver that writes them where they belong. */
export interface RecordCursor {
  readonly count: number;
  /** Of all keys and values. */
  readonly payloadBytes: number;
  /** Values of the same pattern and length differ in no more than `patchValue` writes. Null: they differ in more. */
  readonly pattern: object | null;
  /** What follows is of this record then; 0 is the first. */
  moveTo(index: number): void;
  readonly timestampMs: number;
  /** -1: it has no key. */
  readonly keyBytes: number;
  readonly valueBytes: number;
  writeKey(into: DataView, at: number): void;
  /** All of the value but what `patchValue` writes. */
  writeValue(into: Buffer, at: number): void;
  patchValue(into: DataView, at: number): void;
}

/** An ack is per partition and offset: a resolved promise alone proves nothing. */
export interface BatchAck {
  readonly topic: string;
  readonly partition: number;
  /** Of the first record; null when the broker gives none (acks=0). */
  readonly baseOffset: number | null;
  /** The library reported this batch as failed: its records' outcome is unknown. Absent when it was acknowledged. */
  readonly error?: string;
}

export interface DriverProducer {
  /**
   * Sends the batches, at most one a partition. Resolves with the acks the brokers gave (perhaps not for all batches);
   * rejects when nothing is known of any of them.
   */
  send(batches: readonly PartitionBatch[]): Promise<readonly BatchAck[]>;
  close(): Promise<void>;
}

/** Valid until `onRecords` returns: a driver may use the memory again. Its value is at [start, end) of `bytes`. */
export class ConsumedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;

  constructor(topic: string, partition: number, offset: number, bytes: Buffer, start = 0, end = bytes.length) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  /** A view made each time it is asked for, which costs more than all else of the record. */
  get value(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }
}

/** Where a consumer departs from what the drivers have in common, by Kafka's own names. */
export interface ConsumerTuning {
  readonly 'fetch.min.bytes'?: number;
  readonly 'fetch.max.wait.ms'?: number;
  readonly 'fetch.max.bytes'?: number;
  readonly 'max.partition.fetch.bytes'?: number;
  readonly 'isolation.level'?: 'read_uncommitted' | 'read_committed';
  readonly 'session.timeout.ms'?: number;
  readonly 'heartbeat.interval.ms'?: number;
}

/** As the Java client where it has a default; sessions and heartbeats short enough for a run of seconds. */
export const usualTuning = {
  'fetch.max.wait.ms': 500,
  'session.timeout.ms': 10_000,
  'heartbeat.interval.ms': 1_000,
} as const satisfies ConsumerTuning;

export interface ConsumerSettings {
  readonly group: string;
  readonly topics: readonly string[];
  /** Where a group without commits begins. */
  readonly from: 'beginning' | 'end';
  readonly tuning?: ConsumerTuning;
}

export interface DriverConsumer {
  close(): Promise<void>;
}

export interface Driver {
  readonly name: string;
  readonly version: string;
  readonly compressions: readonly Compression[];
  /** Makes ready what is not part of the package, and rejects with the remedy where it cannot. Left out: nothing is needed. */
  prepare?(options: { readonly onProgress: OnProgress; readonly signal: AbortSignal }): Promise<void>;
  /** Sends the load by itself; the producers below then write only what closes a phase. */
  readonly program?: LoadProgram;
  /** Sends that may be outstanding at once for one producer without breaking what the settings promise. */
  maxOutstandingSends(settings: ProducerSettings): number;
  createProducer(target: DriverTarget, settings: ProducerSettings): Promise<DriverProducer>;
  /** One member of the group. Resolves once it has an assignment (perhaps empty). `onRecords` is called with records as they arrive. */
  createConsumer(
    target: DriverTarget,
    settings: ConsumerSettings,
    onRecords: (records: readonly ConsumedRecord[]) => void,
    onError: (error: unknown) => void,
  ): Promise<DriverConsumer>;
}
