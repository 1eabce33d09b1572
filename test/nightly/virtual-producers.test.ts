/**
 * Many small producers on few connections: 10,000 of them, each with its own key and its own sequence of ids, over 1,000
 * partitions. No id may be missing, the memory must stay small, and a record must cost about what it costs one big producer.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PatchedBatch, recordsWithin } from '../../bench/engine/batch-template.ts';
import { EngineConsumer } from '../../bench/engine/consumer.ts';
import { EngineProducer } from '../../bench/engine/producer.ts';
import { SequenceCheck, writeStamp } from '../../bench/engine/stamp.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { createAdmin } from '../../bench/target/connect.ts';

const spanMs = 63;
const batchBytes = 16 * 1024;
const keyBytes = 4;
const record = { key: Buffer.alloc(keyBytes), value: Buffer.alloc(200, 'x') };
const capacity = recordsWithin(record, spanMs, batchBytes);
/** Behind the key: the length of the value. */
const valueLengthBytes = 2;
const recordsPerRun = 2_000_000;

let dir: string;
let cluster: LocalCluster;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-virtual-'));
  cluster = await startLocalCluster({ brokers: 3, dir, onProgress: () => {}, signal: new AbortController().signal });
  const admin = createAdmin(cluster.bootstrap);
  await admin.createTopics({ topics: ['few'], partitions: 6, replicas: 1 });
  await admin.createTopics({ topics: ['many'], partitions: 1_000, replicas: 1 });
  await admin.close();
});

afterAll(async () => {
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Producer v belongs to partition v % partitions; its records carry its number as their key. */
class Fleet {
  readonly sequences: Float64Array;
  readonly #next: Int32Array;
  readonly #producers: number;
  readonly #partitions: number;

  constructor(producers: number, partitions: number) {
    this.sequences = new Float64Array(producers);
    this.#next = Int32Array.from({ length: partitions }, (_, partition) => partition);
    this.#producers = producers;
    this.#partitions = partitions;
  }

  fill(batch: PatchedBatch, partition: number): void {
    batch.clear();
    const nowMs = Date.now();
    for (let at = batch.append(nowMs); at >= 0; at = batch.append(nowMs)) {
      const producer = this.#next[partition] as number;
      this.#next[partition] = producer + this.#partitions < this.#producers ? producer + this.#partitions : partition;
      batch.view.setUint32(at - valueLengthBytes - keyBytes, producer);
      writeStamp(batch.view, at, producer, this.sequences[producer] as number, nowMs * 1_000);
      this.sequences[producer] = (this.sequences[producer] as number) + 1;
    }
  }
}

/** Microseconds of this process a record; sends whole batches, two a partition under way. */
async function produce(topic: string, partitions: number, fleet: Fleet): Promise<number> {
  // Without a producer id, a request that a busy broker answers too late would be written twice.
  const settings = { acks: 'all', idempotent: true, deliveryTimeoutMs: 60_000, maxInFlight: 5 } as const;
  const producer = await EngineProducer.open({ bootstrap: cluster.bootstrap, clientId: 'fleet' }, settings, [topic]);
  const before = process.cpuUsage();
  let left = recordsPerRun;
  let sent = 0;
  const errors: Error[] = [];
  const next = (batch: PatchedBatch, partition: number): void => {
    if (left <= 0) return;
    fleet.fill(batch, partition);
    left -= batch.count;
    sent += batch.count;
    producer.send(topic, partition, batch.close(), batch.count, (error) => {
      if (error === null) next(batch, partition);
      else errors.push(error);
    });
  };
  for (let turn = 0; turn < 2; turn++) {
    for (let partition = 0; partition < partitions; partition++) {
      next(new PatchedBatch({ record, capacity, spanMs }), partition);
    }
  }
  await producer.close();
  expect(errors).toEqual([]);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / sent;
}

it('10,000 producers over 1,000 partitions cost what one does, and no id is missing', async ({ task }) => {
  const [one, fleet] = [new Fleet(6, 6), new Fleet(10_000, 1_000)];
  const ratios: number[] = [];
  for (let round = 0; round < 3; round++) {
    const costOfOne = await produce('few', 6, one);
    ratios.push((await produce('many', 1_000, fleet)) / costOfOne);
  }
  const ratio = ratios.toSorted((a, b) => a - b)[1] ?? Number.NaN;
  task.meta.found = `${ratio.toFixed(2)} times the CPU a record`;
  expect(ratio).toBeLessThan(1.5);
  expect(process.memoryUsage().rss).toBeLessThan(600e6);

  const checks = Array.from({ length: 10_000 }, (_, producer) => new SequenceCheck(producer));
  const wanted = fleet.sequences.reduce((sum, count) => sum + count, 0);
  let received = 0;
  const errors: Error[] = [];
  const consumer = new EngineConsumer(
    { bootstrap: cluster.bootstrap, clientId: 'fleet' },
    { checkCrc: true },
    {
      visitorOf: () => (_offset, _time, _bytes, keyStart, _keyEnd, start, end, view) => {
        received++;
        checks[view.getUint32(keyStart)]?.see(view, start, end);
      },
      onError: (error) => errors.push(error),
    },
  );
  await consumer.assign(
    Array.from({ length: 1_000 }, (_, partition) => ({ topic: 'many', partition, from: 'beginning' })),
  );
  for (let turn = 0; turn < 1_200 && received < wanted; turn++) await new Promise((done) => setTimeout(done, 100));
  consumer.close();
  expect(errors).toEqual([]);
  expect(received).toBe(wanted);
  expect(checks.filter((check) => !check.clean)).toEqual([]);
  expect(checks.reduce((sum, check) => sum + check.received, 0)).toBe(wanted);
});
