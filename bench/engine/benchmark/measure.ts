/** Runs one client to its end and measures its CPU time per record, as the operating system counts it. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { driverByName } from '../../drivers/index.ts';
import { findFetchedKafka } from '../../local/fetch.ts';
import { findJava } from '../../local/java.ts';
import { cpuSeconds, identify, type ProcessIdentity } from '../../local/processes.ts';
import type { ScheduleResult } from './on-schedule.ts';
import {
  batchBytes,
  type ClientCost,
  type ClientProgress,
  type ClientTask,
  fetchBytes,
  type Latency,
  maxInFlight,
  recordBytes,
  type ScheduledTask,
} from './types.ts';

/**
 * As kafka-producer-perf-test.sh and kafka-consumer-perf-test.sh start Java by kafka-run-class.sh. Its MaxInlineLevel=15 is
 * left out: Java's default since 14.
 */
const javaFlags = [
  '-Xmx512M',
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-Djava.awt.headless=true',
];

/** Before this share of the records a run warms up: connections, caches, compilers. */
const warmUpShare = 0.2;

interface Sample {
  readonly records: number;
  readonly atMs: number;
  readonly cpuSec: number;
}

export async function measure(task: ClientTask): Promise<ClientCost> {
  return task.library === 'java' ? await measureJava(task) : await measureNode(task);
}

/** The engine on a schedule. Rejects when it did not keep it. */
export async function measureScheduled(task: ScheduledTask): Promise<ScheduleResult> {
  const child = fork(new URL('./scheduled-client.js', import.meta.url), [JSON.stringify(task)]);
  let result: ScheduleResult | null = null;
  child.on('message', (message: ScheduleResult) => {
    result = message;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0 || result === null) throw new Error(`the engine on a schedule ended with ${code}`);
  return result;
}

async function measureNode(task: ClientTask): Promise<ClientCost> {
  const child = fork(new URL('./client.js', import.meta.url), [JSON.stringify(task)]);
  const samples = new Sampler(child);
  let last: ClientProgress = { records: 0 };
  child.on('message', (progress: ClientProgress) => {
    samples.take(progress.records);
    last = progress;
  });
  await ended(child, task);
  if (last.verified !== true)
    throw new Error(`${task.library} ${task.direction}: ids were missing, repeated or foreign`);
  return { ...samples.cost(task), version: driverByName(task.library).version, latency: last.latency ?? null };
}

async function measureJava(task: ClientTask): Promise<ClientCost> {
  const [kafka, java] = [await findFetchedKafka(), await findJava()];
  if (kafka === null) throw new Error('the broker artifacts are not fetched: run npm test or npm start once');
  const args = task.direction === 'produce' ? producerArgs(task) : consumerArgs(task);
  const flags = [...javaFlags, '-Dlog4j2.level=ERROR', '-cp', kafka.classpath];
  const child = spawn(java.path, [...flags, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const samples = new Sampler(child);
  let records = 0;
  let summary: Summary | null = null;
  let foreign: string | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const found = task.direction === 'produce' ? producedIn(line) : consumedBy(line);
    if (found !== null) {
      records = task.direction === 'produce' ? records + found : found;
      samples.take(records);
    } else if (task.direction === 'produce' && summary === null) summary = summaryOf(line);
    else if (!isHeader(line)) foreign ??= line;
  });
  await ended(child, task);
  return { ...samples.cost(task), version: kafka.version, latency: latencyOf(task, summary, foreign) };
}

/** Null when consuming. Throws when the tool did not do what it was told, or said something else than its figures. */
export function latencyOf(
  { direction, records }: Pick<ClientTask, 'direction' | 'records'>,
  summary: Summary | null,
  foreign: string | null,
): Latency | null {
  if (foreign !== null) throw new Error(`java ${direction}: its tool said "${foreign}", which is no figure`);
  if (direction === 'consume') return null;
  if (summary?.records !== records)
    throw new Error(
      `java ${direction}: its summary is of ${summary?.records ?? 'no'} records, ${records} were asked for`,
    );
  return summary.latency;
}

function producerArgs({ topic, records, bootstrap, acks, compression }: ClientTask): string[] {
  return [
    'org.apache.kafka.tools.ProducerPerformance',
    ...['--topic', topic, '--num-records', String(records), '--record-size', String(recordBytes), '--throughput', '-1'],
    ...['--reporting-interval', '250', '--bootstrap-server', bootstrap.join(), '--command-property'],
    ...[`acks=${acks}`, 'enable.idempotence=false', `batch.size=${batchBytes}`, 'linger.ms=5'],
    `max.in.flight.requests.per.connection=${maxInFlight}`,
    `compression.type=${compression}`,
  ];
}

function consumerArgs({ topic, records, bootstrap }: ClientTask): string[] {
  return [
    'org.apache.kafka.tools.ConsumerPerformance',
    ...['--topic', topic, '--num-records', String(records), '--bootstrap-server', bootstrap.join()],
    ...['--show-detailed-stats', '--reporting-interval', '100', '--group', `benchmark-${Date.now()}`],
    ...['--fetch-size', String(fetchBytes)],
  ];
}

/** "62402 records sent, 12480.4 records/sec (...)": of one interval. The summary at the end counts all again. */
export function producedIn(line: string): number | null {
  const match = /^(\d+) records sent, [\d.]+ records\/sec /.exec(line);
  return match === null || line.includes('50th') ? null : Number(match[1]);
}

interface Summary {
  readonly records: number;
  readonly latency: Latency;
}

/** "1500000 records sent, ... 1 ms 50th, 2 ms 95th, 4 ms 99th, 5 ms 99.9th.": the last line, from send() to the answer. */
export function summaryOf(line: string): Summary | null {
  const match = /^(\d+) records sent, .* (\d+) ms 50th, \d+ ms 95th, (\d+) ms 99th, \d+ ms 99\.9th\.$/.exec(line);
  if (match === null) return null;
  return { records: Number(match[1]), latency: { p50Ms: Number(match[2]), p99Ms: Number(match[3]) } };
}

/** "time, threadId, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, ...": since the beginning. */
export function consumedBy(line: string): number | null {
  const match = /^\d{4}-\d\d-\d\d [\d:]+, \d+, [\d.]+, [\d.]+, (\d+), /.exec(line);
  return match === null ? null : Number(match[1]);
}

/** The names of the columns, or nothing. */
export function isHeader(line: string): boolean {
  return line.trim() === '' || line.startsWith('time, threadId, ');
}

class Sampler {
  readonly #identity: ProcessIdentity | null;
  readonly #samples: Sample[] = [];

  constructor(child: ChildProcess) {
    this.#identity = child.pid === undefined ? null : identify(child.pid);
  }

  take(records: number): void {
    const cpuSec = this.#identity === null ? null : cpuSeconds(this.#identity);
    if (cpuSec !== null) this.#samples.push({ records, atMs: performance.now(), cpuSec });
  }

  cost({ records, library, direction }: ClientTask): Omit<ClientCost, 'version' | 'latency'> {
    const first = this.#samples.find((sample) => sample.records >= records * warmUpShare);
    const last = this.#samples.findLast((sample) => sample.records > (first?.records ?? 0));
    if (first === undefined || last === undefined) {
      throw new Error(`${library} ${direction}: too few samples; ask for more records`);
    }
    // What is told twice at the end would count waiting as work.
    const end = this.#samples.find((sample) => sample.records === last.records) ?? last;
    const counted = end.records - first.records;
    const elapsedSec = (end.atMs - first.atMs) / 1_000;
    const cpuSec = end.cpuSec - first.cpuSec;
    return {
      recordsPerSec: counted / elapsedSec,
      cpuMicrosPerRecord: (cpuSec * 1e6) / counted,
      coresUsed: cpuSec / elapsedSec,
    };
  }
}

async function ended(child: ChildProcess, task: ClientTask): Promise<void> {
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${task.library} ${task.direction} ended with ${code}`);
}
