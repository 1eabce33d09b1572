import { createRecordsBatch, Reader, readRecordsBatches } from '@platformatic/kafka';
import fc from 'fast-check';
import type { BatchRecord } from '../../../bench/engine/record-batch.ts';
import type { Compression } from '../../../lib/requirements/types.ts';

/** A record as plain text and numbers, so that two decoders can be compared with toEqual. */
export interface PlainRecord {
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

const hex = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('hex'));

export function plain(records: readonly BatchRecord[], baseOffset: number): PlainRecord[] {
  return records.map((record, index) => ({
    offset: baseOffset + index,
    timestampMs: record.timestampMs,
    key: hex(record.key),
    value: hex(record.value),
    headers: (record.headers ?? []).map(({ key, value }) => [hex(key) ?? '', hex(value)] as const),
  }));
}

/** What the reference reader of @platformatic/kafka makes of the bytes. */
export function readByReference(bytes: Buffer): PlainRecord[] {
  return readRecordsBatches(Reader.from(bytes)).flatMap((batch) =>
    batch.records.map((record) => ({
      offset: Number(batch.firstOffset) + record.offsetDelta,
      timestampMs: Number(batch.firstTimestamp + record.timestampDelta),
      key: hex(record.key),
      value: hex(record.value),
      headers: record.headers.map(([key, value]) => [hex(key) ?? '', hex(value)] as const),
    })),
  );
}

/** The reference encoding of the records. */
export function encodeByReference(records: readonly BatchRecord[], compression: Compression): Buffer {
  const messages = records.map((record) => ({
    topic: 't',
    // The reference's types know no null value, its encoder does.
    key: record.key as Buffer,
    value: record.value as Buffer,
    timestamp: BigInt(record.timestampMs),
    headers: new Map((record.headers ?? []).map(({ key, value }) => [key as Buffer, value as Buffer])),
  }));
  return createRecordsBatch(messages, { compression }).buffer;
}

const blob = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

const recordAt = (timestampMs: fc.Arbitrary<number>): fc.Arbitrary<BatchRecord> =>
  fc.record({
    key: fc.option(blob),
    value: fc.option(blob),
    timestampMs,
    headers: fc.array(fc.record({ key: blob, value: fc.option(blob) }), { maxLength: 3 }),
  });

const soon = fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_200 });

/** The reference encoder is wrong for time deltas from 2^31 ms on; these stay below. */
export const recordsOfOneTime = fc.array(recordAt(soon), { minLength: 1, maxLength: 150 });

export const anyRecords = fc.array(recordAt(fc.oneof(soon, fc.integer({ min: 0, max: 2 ** 45 }))), {
  minLength: 1,
  maxLength: 150,
});

/** The bytes as chunks that end at the given places. */
export function splitAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const edges = [...new Set([0, ...places.map((place) => place % bytes.length), bytes.length])].sort((a, b) => a - b);
  return edges.slice(1).map((edge, index) => Buffer.from(bytes.subarray(edges[index], edge)));
}
