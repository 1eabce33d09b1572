/** Runs one client to its end and measures its CPU time per record, as the operating system counts it. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { findFetchedKafka } from '../../local/fetch.ts';
import { findJava } from '../../local/java.ts';
import { cpuSeconds, identify, type ProcessIdentity } from '../../local/processes.ts';
import {
  batchBytes,
  type ClientCost,
  type ClientProgress,
  type ClientTask,
  maxInFlight,
  recordBytes,
} from './types.ts';

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

async function measureNode(task: ClientTask): Promise<ClientCost> {
  const child = fork(new URL('./client.js', import.meta.url), [JSON.stringify(task)]);
  const samples = new Sampler(child);
  let verified = false;
  child.on('message', (progress: ClientProgress) => {
    samples.take(progress.records);
    verified = progress.verified ?? false;
  });
  await ended(child, task);
  if (!verified) throw new Error(`${task.library} ${task.direction}: ids were missing, repeated or foreign`);
  return samples.cost(task);
}

async function measureJava(task: ClientTask): Promise<ClientCost> {
  const [kafka, java] = [await findFetchedKafka(), await findJava()];
  if (kafka === null) throw new Error('the broker artifacts are not fetched: run npm test or npm start once');
  const args = task.direction === 'produce' ? producerArgs(task) : consumerArgs(task);
  const flags = ['-Xmx512m', '-Dlog4j2.level=ERROR', '-cp', kafka.classpath];
  const child = spawn(java.path, [...flags, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const samples = new Sampler(child);
  let records = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const found = task.direction === 'produce' ? producedIn(line) : consumedBy(line);
    if (found === null) return;
    records = task.direction === 'produce' ? records + found : found;
    samples.take(records);
  });
  await ended(child, task);
  return samples.cost(task);
}

function producerArgs({ topic, records, bootstrap, acks }: ClientTask): string[] {
  return [
    'org.apache.kafka.tools.ProducerPerformance',
    ...['--topic', topic, '--num-records', String(records), '--record-size', String(recordBytes), '--throughput', '-1'],
    ...['--reporting-interval', '250', '--bootstrap-server', bootstrap.join(), '--command-property'],
    ...[`acks=${acks}`, 'enable.idempotence=false', `batch.size=${batchBytes}`, 'linger.ms=5'],
    `max.in.flight.requests.per.connection=${maxInFlight}`,
  ];
}

function consumerArgs({ topic, records, bootstrap }: ClientTask): string[] {
  return [
    'org.apache.kafka.tools.ConsumerPerformance',
    ...['--topic', topic, '--num-records', String(records), '--bootstrap-server', bootstrap.join()],
    ...['--show-detailed-stats', '--reporting-interval', '100', '--group', `benchmark-${Date.now()}`],
  ];
}

/** "62402 records sent, 12480.4 records/sec (...)": of one interval. The summary at the end counts all again. */
function producedIn(line: string): number | null {
  const match = /^(\d+) records sent, /.exec(line);
  return match === null || line.includes('50th') ? null : Number(match[1]);
}

/** "time, threadId, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, ...": since the beginning. */
function consumedBy(line: string): number | null {
  const fields = line.split(',').map((field) => field.trim());
  return /^\d{4}-\d\d-\d\d /.test(line) && fields.length >= 6 ? Number(fields[4]) : null;
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

  cost({ records, library, direction }: ClientTask): ClientCost {
    const first = this.#samples.find((sample) => sample.records >= records * warmUpShare);
    const last = this.#samples.findLast((sample) => sample.records > (first?.records ?? 0));
    if (first === undefined || last === undefined) {
      throw new Error(`${library} ${direction}: too few samples; ask for more records`);
    }
    // What is told twice at the end would count waiting as work.
    const end = this.#samples.find((sample) => sample.records === last.records) ?? last;
    const counted = end.records - first.records;
    return {
      recordsPerSec: counted / ((end.atMs - first.atMs) / 1_000),
      cpuMicrosPerRecord: ((end.cpuSec - first.cpuSec) * 1e6) / counted,
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
