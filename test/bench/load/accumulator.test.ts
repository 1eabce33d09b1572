import { describe, expect, it } from 'vitest';
import type { BatchAck, PartitionBatch } from '../../../bench/drivers/driver.ts';
import { Accumulator, type AccumulatorSettings, type BatchOutcome } from '../../../bench/load/accumulator.ts';
import { createPayload, type Payload } from '../../../bench/load/payload.ts';
import { loadTopic } from './load-topic.ts';

const recordBytes = 110;
const load = { ...loadTopic().plan.load, messageSizeBytes: 100, envelope: false };

/** An accumulator over a producer whose sends end when the test says so. */
function harness(settings: Partial<AccumulatorSettings> = {}) {
  const sends: {
    readonly batches: readonly PartitionBatch[];
    readonly resolve: (acks: readonly BatchAck[]) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  const outcomes: { readonly partition: number; readonly ids: readonly number[]; readonly outcome: BatchOutcome }[] =
    [];
  const clock = { nowMs: 0 };
  const made: number[] = [];
  const ofTopic = createPayload({ topic: 't', load, seed: 1, session: 1 });
  const payload: Payload = {
    ...ofTopic,
    recordOf: (id, epochMs) => {
      made.push(id);
      return ofTopic.recordOf(id, epochMs);
    },
  };
  const accumulator = new Accumulator(
    { topic: 't', lingerMs: 5, batchBytes: 1000, bufferBytes: 10_000, maxOutstandingSends: 2, ...settings },
    payload,
    {
      send: async (batches) =>
        await new Promise((resolve, reject) => {
          sends.push({ batches, resolve, reject });
        }),
      close: async () => {},
    },
    {
      onSend: () => {},
      onOutcome: ({ partition, ids }, outcome) => outcomes.push({ partition, ids, outcome }),
    },
    () => clock.nowMs,
  );
  const append = (id: number, partition: number, nowMs: number) => accumulator.append(id, partition, nowMs);
  const settle = async () => {
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { accumulator, sends, outcomes, clock, made, payload, append, settle };
}

const ack = (partition: number, baseOffset: number | null = 0): BatchAck => ({ topic: 't', partition, baseOffset });

describe('accumulator', () => {
  it('waits for linger from the first record on, then sends one batch a partition in one send', () => {
    const { accumulator, sends, append } = harness();
    append(0, 0, 10);
    append(1, 1, 12);
    append(2, 0, 14);
    expect(accumulator.dueMs).toBe(15);
    accumulator.pump(14.9);
    expect(sends).toHaveLength(0);
    accumulator.pump(15);
    expect(sends).toHaveLength(1);
    expect(sends[0]?.batches.map(({ partition, records }) => [partition, records.length])).toEqual([
      [0, 2],
      [1, 1],
    ]);
  });

  it('does not wait for linger when a batch is full, and keeps the order of the rest', () => {
    const { accumulator, sends, append } = harness();
    for (let id = 0; id < 12; id += 1) append(id, 0, 10);
    accumulator.pump(10);
    expect(sends[0]?.batches[0]?.records).toHaveLength(Math.floor(1000 / recordBytes));
    expect(accumulator.dueMs).toBe(15);
    accumulator.pump(15);
    expect(sends[1]?.batches[0]?.records).toHaveLength(12 - Math.floor(1000 / recordBytes));
  });

  it('takes a record larger than a batch by itself', () => {
    const { accumulator, sends, append } = harness({ batchBytes: 50 });
    append(0, 0, 0);
    append(1, 0, 0);
    accumulator.pump(0);
    accumulator.pump(5);
    expect(sends.map(({ batches }) => batches[0]?.records.length)).toEqual([1, 1]);
  });

  it('has no more sends outstanding than allowed, and goes on with an acknowledgement', async () => {
    const { accumulator, sends, append, clock, settle } = harness({ maxOutstandingSends: 1 });
    append(0, 0, 0);
    accumulator.pump(5);
    append(1, 0, 5);
    clock.nowMs = 20;
    accumulator.pump(20);
    expect(sends).toHaveLength(1);
    expect(accumulator.dueMs).toBe(Number.POSITIVE_INFINITY);
    sends[0]?.resolve([ack(0)]);
    await settle();
    expect(sends).toHaveLength(2);
  });

  it('takes no more than the buffer holds until sends have settled', async () => {
    const { accumulator, sends, append, settle } = harness({ bufferBytes: 2 * recordBytes });
    append(0, 0, 0);
    expect(accumulator.hasRoom).toBe(true);
    append(1, 0, 0);
    expect(accumulator.hasRoom).toBe(false);
    accumulator.pump(5);
    expect(accumulator.hasRoom).toBe(false);
    sends[0]?.resolve([ack(0)]);
    await settle();
    expect(accumulator.hasRoom).toBe(true);
    expect(accumulator.isIdle).toBe(true);
  });

  it('makes a record when its batch is sent and somebody asks for it, with the time it was handed over', () => {
    const { accumulator, sends, made, payload, append } = harness();
    append(7, 0, 1);
    append(8, 0, 2);
    accumulator.pump(5.9);
    expect(made).toEqual([]);
    accumulator.pump(6);
    expect(made).toEqual([]);
    const records = sends[0]?.batches[0]?.records ?? [];
    expect(made).toEqual([7, 8]);
    expect(records.map(({ value }) => payload.idOf(value))).toEqual([7, 8]);
    const epochMs = (sentMs: number) => Math.floor(performance.timeOrigin + sentMs);
    expect(records.map(({ timestampMs }) => timestampMs)).toEqual([epochMs(1), epochMs(2)]);
  });

  it('reports what became of each batch: acknowledged, failed, or left without an entry', async () => {
    const { accumulator, sends, outcomes, append, settle } = harness();
    append(0, 0, 0);
    append(1, 1, 0);
    append(2, 2, 0);
    accumulator.pump(5);
    sends[0]?.resolve([ack(0, 41), { ...ack(1, null), error: 'not enough replicas' }]);
    await settle();
    expect(outcomes).toEqual([
      { partition: 0, ids: [0], outcome: { kind: 'acknowledged', baseOffset: 41 } },
      { partition: 1, ids: [1], outcome: { kind: 'failed', reason: 'not enough replicas' } },
      { partition: 2, ids: [2], outcome: { kind: 'noEntry', reason: 'no acknowledgement entry' } },
    ]);
  });

  it('holds every batch of a rejected send for failed', async () => {
    const { accumulator, sends, outcomes, append, settle } = harness();
    append(0, 0, 0);
    append(1, 1, 0);
    accumulator.pump(5);
    sends[0]?.reject(new Error('connection lost'));
    await settle();
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      { kind: 'failed', reason: 'connection lost' },
      { kind: 'failed', reason: 'connection lost' },
    ]);
    expect(accumulator.isIdle).toBe(true);
  });

  it('gives up what waits, but not what is under way', async () => {
    const { accumulator, sends, outcomes, append, settle } = harness();
    append(0, 0, 0);
    accumulator.pump(5);
    append(1, 0, 6);
    expect(accumulator.clear().flatMap(({ ids }) => ids)).toEqual([1]);
    accumulator.pump(100);
    expect(sends).toHaveLength(1);
    sends[0]?.resolve([ack(0)]);
    await settle();
    expect(outcomes).toHaveLength(1);
    expect(accumulator.isIdle).toBe(true);
  });
});
