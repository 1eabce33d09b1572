/** Consumer fetch settings: what waiting for more gains, and how much a consumer prefetches, by what rule, in how much memory. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, answered, inconclusive } from '../../lib/experiment/scenario-result.ts';
import { fillTopic } from '../trial/fill-topic.ts';
import { fetchApi, startFrameProxy } from '../trial/frame-proxy.ts';
import { type HoldingTask, holdOne } from '../trial/holding-processes.ts';
import { rounded } from '../trial/quantiles.ts';
import { effects } from './effects.ts';
import type { Scenario, TrialContext, TrialResult } from './scenario.ts';

const kibibyte = 1_024;
const cells = [
  { client: '@platformatic/kafka', partitionBytes: 1_024 * kibibyte, highWaterMark: null },
  { client: '@platformatic/kafka', partitionBytes: 256 * kibibyte, highWaterMark: null },
  { client: '@platformatic/kafka', partitionBytes: 64 * kibibyte, highWaterMark: null },
  { client: '@platformatic/kafka', partitionBytes: 64 * kibibyte, highWaterMark: 16_384 },
  { client: 'kafkajs', partitionBytes: 1_024 * kibibyte, highWaterMark: null },
  { client: 'kafkajs', partitionBytes: 256 * kibibyte, highWaterMark: null },
  { client: 'kafkajs', partitionBytes: 64 * kibibyte, highWaterMark: null },
] as const;

const partitions = 6;
/** Far more than any of the cells prefetches. */
const bytesPerPartition = 4 * 1_024 * kibibyte;
const topicName = 'full';
const stillMs = 800;
const stillWithinMs = 10_000;
const pollMs = 50;

export const fetch: Scenario = {
  question: 'what do the fetch settings change, and how much does a consumer prefetch, by what rule?',
  method: `Under load: the use case with another fetch.min.bytes and fetch.max.wait.ms, in interleaved rounds. Prefetch: a consumer process takes one record of ${partitions} full partitions and holds; a proxy counts the bytes of Fetch answers it has taken by the time no more come, and the process tells what its memory has grown by.`,
  grid: {
    vary: ['fetch.min.bytes=1,65536', 'fetch.max.wait.ms=500,50'],
    kind: 'oneAtATime',
    rounds: 8,
    measureMs: 500,
    figures: ['endToEndP50Ms', 'endToEndP99Ms', 'clientCpuMicrosPerRecord', 'brokerCpuMicrosPerRecord'],
    answer: (analysis) =>
      effects(analysis, ['endToEndP50Ms', 'endToEndP99Ms', 'clientCpuMicrosPerRecord', 'brokerCpuMicrosPerRecord']),
  },
  trial: {
    durationMs: 26_000,
    groups: cells.map((_, index) => `CGR-${index}`),
    topics: () => [{ name: topicName, partitions, replicationFactor: 1, config: {} }],
    run,
  },
};

interface Row {
  readonly cell: (typeof cells)[number];
  readonly fetchedBytes: number;
  readonly memoryBytes: number;
}

async function run(context: TrialContext): Promise<TrialResult> {
  const { cluster, nameOf, topic, signal, tell } = context;
  if (cluster.security !== undefined) {
    return { tables: [], answer: inconclusive('a proxy cannot count encrypted answers.'), notes: [] };
  }
  const valueBytes = topic.load.messageSizeBytes;
  const records = Math.ceil((partitions * bytesPerPartition) / valueBytes);
  await fillTopic({ bootstrap: cluster.bootstrap, clientId: 'headroom' }, nameOf(topicName), {
    records,
    valueBytes,
    partitions,
  });
  const rows: Row[] = [];
  for (const [index, cell] of cells.entries()) {
    signal.throwIfAborted();
    tell(`${cell.client}, ${cell.partitionBytes / kibibyte} KiB a partition`);
    const proxy = await startFrameProxy(cluster.brokers, () => 'pass');
    const fetched = () => proxy.answerBytes.get(fetchApi) ?? 0;
    const task: HoldingTask = {
      ...cell,
      bootstrap: proxy.bootstrap,
      group: nameOf(`CGR-${index}`),
      topic: nameOf(topicName),
    };
    try {
      const memoryBytes = await holdOne(task, async () => await untilStill(fetched, signal));
      rows.push({ cell, fetchedBytes: fetched(), memoryBytes });
    } finally {
      await proxy.close();
    }
  }
  const table = {
    title: `One record taken of ${partitions} full partitions`,
    columns: [
      'client',
      'max.partition.fetch.bytes, KiB',
      'highWaterMark, records',
      'prefetched, KiB',
      `of ${partitions} x max.partition.fetch.bytes`,
      'memory grown by, KiB',
      'memory for each byte prefetched',
    ],
    rows: rows.map(({ cell, fetchedBytes, memoryBytes }) => [
      cell.client,
      cell.partitionBytes / kibibyte,
      cell.highWaterMark ?? 'default',
      rounded(fetchedBytes / kibibyte, 0),
      rounded(fetchedBytes / (partitions * cell.partitionBytes), 2),
      rounded(memoryBytes / kibibyte, 0),
      rounded(memoryBytes / fetchedBytes, 1),
    ]),
  };
  return { tables: [table], answer: answerOf(rows), notes: [] };
}

/** Answers without records go on as long as the client asks: a few hundred bytes are still. */
async function untilStill(fetched: () => number, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + stillWithinMs;
  let last = { bytes: 0, atMs: performance.now() };
  while (performance.now() < untilMs) {
    const bytes = fetched();
    if (bytes > last.bytes + 4 * kibibyte) last = { bytes, atMs: performance.now() };
    if (last.bytes > 0 && performance.now() - last.atMs > stillMs) return;
    await sleep(pollMs, undefined, { signal });
  }
  throw new Error(`a consumer that holds was still fetching after ${stillWithinMs} ms, or had not begun`);
}

function answerOf(rows: readonly Row[]): Answer {
  if (rows.some(({ fetchedBytes }) => fetchedBytes === 0)) return inconclusive('a consumer fetched nothing.');
  const usual = rows.filter(({ cell }) => cell.highWaterMark === null);
  const shares = usual.map(({ cell, fetchedBytes }) => fetchedBytes / (partitions * cell.partitionBytes));
  const memory = usual.map(({ fetchedBytes, memoryBytes }) => memoryBytes / fetchedBytes);
  const first = usual[0];
  const range = (values: readonly number[], digits: number) =>
    `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
  const deep = rows.find(({ cell }) => cell.highWaterMark !== null);
  const shallow = usual.find(
    ({ cell }) => cell.client === deep?.cell.client && cell.partitionBytes === deep.cell.partitionBytes,
  );
  return answered(
    `A consumer that stands still has prefetched ${range(shares, 2)} times partitions x max.partition.fetch.bytes, ${rounded((first?.fetchedBytes ?? 0) / kibibyte, 0)} KiB at the default of 1 MiB and ${partitions} partitions, and holds ${range(memory, 1)} bytes of memory for each; in @platformatic/kafka a larger highWaterMark raises it from ${rounded((shallow?.fetchedBytes ?? 0) / kibibyte, 0)} to ${rounded((deep?.fetchedBytes ?? 0) / kibibyte, 0)} KiB.`,
  );
}
