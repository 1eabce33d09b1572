/** One client of the benchmark, in a process of its own so that its CPU time is its own. Its task is the first argument. */
import { randomBytes } from 'node:crypto';
import type { Driver, DriverTarget } from '../../drivers/driver.ts';
import { driverByName } from '../../drivers/index.ts';
import { PatchedBatch, recordsWithin } from '../batch-template.ts';
import { EngineConsumer } from '../consumer.ts';
import { EngineProducer } from '../producer.ts';
import { compressBatch } from '../record-batch.ts';
import { SequenceCheck, writeStamp } from '../stamp.ts';
import { viewOf } from '../view-of.ts';
import { loadZstd } from '../zstd.ts';
import {
  batchBytes,
  type ClientProgress,
  type ClientTask,
  fetchBytes,
  type Latency,
  maxInFlight,
  recordBytes,
} from './types.ts';

/** A wait for records or acknowledgements that never come must not hold up the benchmark. */
const limitMs = 120_000;
const reportEveryMs = 250;
const spanMs = 63;
/** Batches of a partition that are filled, on their way, or waiting. */
const batchesPerPartition = 6;
const deliveryTimeoutMs = 60_000;

const task = JSON.parse(process.argv[2] ?? '') as ClientTask;
const target: DriverTarget = { bootstrap: task.bootstrap, clientId: `benchmark-${task.library}` };
const pattern = { key: null, value: letters() };
const capacity = recordsWithin(pattern, spanMs, batchBytes);
let done = 0;
const ackMs: number[] = [];

function report(progress: ClientProgress): void {
  process.send?.(progress);
}

const reporting = setInterval(() => report({ records: done }), reportEveryMs);
const limit = setTimeout(() => {
  throw new Error(`${task.library} ${task.direction} did ${done} of ${task.records} records in ${limitMs} ms`);
}, limitMs);
const verified = await (task.direction === 'produce' ? produce() : consume());
clearInterval(reporting);
clearTimeout(limit);
report({ records: done, verified, ...(task.direction === 'produce' ? { latency: latencyOf(ackMs) } : {}) });
process.disconnect?.();

async function produce(): Promise<boolean> {
  if (task.library === 'engine') await produceWithEngine();
  else await produceWithDriver(driverOf());
  return true;
}

async function produceWithEngine(): Promise<void> {
  const { topic, partitions, acks, compression } = task;
  const settings = { acks, idempotent: false, deliveryTimeoutMs, maxInFlight };
  if (compression === 'zstd') await loadZstd();
  const producer = await EngineProducer.open(target, settings, [topic]);
  const sequences = new Float64Array(partitions);
  let left = task.records;
  const fill = (batch: PatchedBatch, partition: number): void => {
    if (left <= 0) return;
    batch.clear();
    const nowMs = Date.now();
    for (let at = batch.append(nowMs); at >= 0; at = batch.append(nowMs)) {
      writeStamp(batch.view, at, partition, sequences[partition] as number, nowMs * 1_000);
      sequences[partition] = (sequences[partition] as number) + 1;
    }
    const { count } = batch;
    left -= count;
    const sentMs = performance.now();
    producer.send(topic, partition, compressBatch(batch.close(), compression), count, (error) => {
      if (error !== null) throw error;
      ackMs.push(performance.now() - sentMs);
      done += count;
      fill(batch, partition);
    });
  };
  for (let turn = 0; turn < batchesPerPartition; turn++) {
    for (let partition = 0; partition < partitions; partition++) {
      fill(batchOfLetters(), partition);
    }
  }
  await producer.close();
}

/** Its records differ, as those of the other clients do, and keep their letters; what is patched makes them unique. */
function batchOfLetters(): PatchedBatch {
  const batch = new PatchedBatch({ record: pattern, capacity, spanMs });
  for (let at = batch.append(0); at >= 0; at = batch.append(0)) batch.bytes.set(letters(), at);
  batch.clear();
  return batch;
}

/** A value as Java's tool makes them: capital letters at random, which zstd takes to six tenths and lz4 to nothing less. */
function letters(): Buffer {
  return randomBytes(recordBytes).map((byte) => 65 + (byte % 26)) as Buffer;
}

/** Each send carries a full batch for every partition, and as many sends are outstanding as the engine has requests. */
async function produceWithDriver(driver: Driver): Promise<void> {
  const { topic, partitions, acks, compression } = task;
  const settings = { acks, idempotent: false, compression, deliveryTimeoutMs };
  const producer = await driver.createProducer(target, settings);
  const sequences = new Float64Array(partitions);
  let left = task.records;
  const values = Array.from({ length: capacity }, letters);
  const records = (partition: number) =>
    values.map((pool) => {
      const value = Buffer.from(pool);
      const view = viewOf(value);
      const timestampMs = Date.now();
      writeStamp(view, 0, partition, sequences[partition] as number, timestampMs * 1_000);
      sequences[partition] = (sequences[partition] as number) + 1;
      return { key: null, value, timestampMs };
    });
  const sendAll = async (): Promise<void> => {
    while (left > 0) {
      left -= capacity * partitions;
      const sentMs = performance.now();
      const acks = await producer.send(
        Array.from({ length: partitions }, (_, partition) => ({ topic, partition, records: records(partition) })),
      );
      const refused = acks.find(({ error }) => error !== undefined);
      if (refused !== undefined || acks.length < partitions)
        throw new Error(
          `${acks.length} acknowledgements for ${partitions} batches, ${refused?.error ?? 'none failed'}`,
        );
      ackMs.push(performance.now() - sentMs);
      done += capacity * partitions;
    }
  };
  await Promise.all(Array.from({ length: maxInFlight }, sendAll));
  await producer.close();
}

async function consume(): Promise<boolean> {
  const checks = Array.from({ length: task.partitions }, (_, partition) => new SequenceCheck(partition));
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const count = (): void => {
    done = checks.reduce((sum, { received }) => sum + received, 0);
    if (done >= task.records) finish();
  };
  const close =
    task.library === 'engine' ? await consumeWithEngine(checks, count) : await consumeWithDriver(checks, count);
  await finished;
  const clean = checks.every((check) => check.clean);
  await close();
  return clean;
}

async function consumeWithEngine(checks: readonly SequenceCheck[], onWalked: () => void): Promise<() => Promise<void>> {
  const consumer = new EngineConsumer(
    target,
    // As Java's ConsumerPerformance, which leaves checksums unchecked.
    { checkCrc: false, fetch: { partitionMaxBytes: fetchBytes } },
    {
      visitorOf: (_topic, partition) => checks[partition] as SequenceCheck,
      onWalked,
      onError: (error) => {
        throw error;
      },
    },
  );
  await consumer.assign(checks.map((_, partition) => ({ topic: task.topic, partition, from: 'beginning' })));
  return async () => consumer.close();
}

async function consumeWithDriver(checks: readonly SequenceCheck[], onWalked: () => void): Promise<() => Promise<void>> {
  const group = `benchmark-${process.pid}-${Date.now()}`;
  const consumer = await driverOf().createConsumer(
    target,
    { group, topics: [task.topic], from: 'beginning', tuning: { 'max.partition.fetch.bytes': fetchBytes } },
    (records) => {
      for (const { partition, value } of records)
        (checks[partition] as SequenceCheck).see(viewOf(value), 0, value.length);
      onWalked();
    },
    (error) => {
      throw error;
    },
  );
  return async () => await consumer.close();
}

function driverOf(): Driver {
  return driverByName(task.library);
}

function latencyOf(samples: readonly number[]): Latency {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
