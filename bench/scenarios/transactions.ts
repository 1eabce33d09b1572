/** Transactions: what a commit costs by the records in it, and how long read_committed waits. */
import { setTimeout as sleep } from 'node:timers/promises';
import { interleave } from '../../lib/experiment/grid.ts';
import { type Answer, answered, inconclusive } from '../../lib/experiment/scenario-result.ts';
import { median } from '../../lib/measurement/statistics.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import { EngineConsumer } from '../engine/consumer.ts';
import { EngineProducer } from '../engine/producer.ts';
import { encodeBatch } from '../engine/record-batch.ts';
import { TransactionalProducer } from '../engine/transactional-producer.ts';
import { readBytesOnDisk } from '../target/log-dirs.ts';
import { quantile, rounded } from '../trial/quantiles.ts';
import type { Scenario, TrialContext, TrialResult } from './scenario.ts';

const sizes = [1, 10, 100, 1_000] as const;
const rounds = 5;
const runMs = 700;
const heldMs = [0, 200, 1_000] as const;
const repeats = 5;
const readWithinMs = 10_000;
const deliveryTimeoutMs = 20_000;
const transactionTimeoutMs = 60_000;
const written = 'written';
const delayed = 'delayed';

export const transactions: Scenario = {
  question: 'what do transactions cost, and how long does a read_committed consumer wait?',
  method: `The engine's transactional producer writes one batch a transaction and commits, beside an idempotent producer that writes the same batches, one after the other, ${runMs} ms each in ${rounds} interleaved rounds. Then a transaction is held open; how long after their sends its record, and a record without a transaction behind it on the same partition, reach a reader with read_uncommitted and one with read_committed.`,
  trial: {
    durationMs: 2 * sizes.length * rounds * (runMs + 100) + repeats * 2_000 + 5_000,
    groups: [],
    topics: ({ replicationFactor, minInsyncReplicas }) =>
      [written, delayed].map((name) => ({
        name,
        partitions: 1,
        replicationFactor,
        config: { 'min.insync.replicas': minInsyncReplicas },
      })),
    run,
  },
};

interface Cell {
  readonly size: number;
  readonly transactional: boolean;
}

interface Run {
  readonly cell: Cell;
  readonly recordsPerSec: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly diskBytesPerRecord: number;
}

async function run(context: TrialContext): Promise<TrialResult> {
  const { cluster, nameOf, seed, signal, tell } = context;
  const target: DriverTarget = { bootstrap: cluster.bootstrap, security: cluster.security, clientId: 'headroom' };
  const transactional = await TransactionalProducer.open(target, {
    transactionalId: nameOf('transactions'),
    transactionTimeoutMs,
    deliveryTimeoutMs,
  });
  const settings = { acks: 'all', idempotent: true, deliveryTimeoutMs, maxInFlight: 1 } as const;
  const plain = await EngineProducer.open(target, settings, [nameOf(written), nameOf(delayed)]).catch(async (error) => {
    await transactional.close(0);
    throw error;
  });
  try {
    const cells = sizes.flatMap((size) => [true, false].map((isIn): Cell => ({ size, transactional: isIn })));
    const runs: Run[] = [];
    for (const cell of interleave(cells, rounds, seed)) {
      signal.throwIfAborted();
      tell(`${cell.size} records ${cell.transactional ? 'a transaction' : 'a batch'}`);
      runs.push(await runCell(context, cell, transactional, plain));
    }
    const delays = await measureDelays(context, target, transactional, plain);
    const rows = rowsOf(runs);
    return { tables: [costTable(rows), delayTable(delays)], answer: answerOf(rows, delays), notes: [] };
  } finally {
    await Promise.allSettled([transactional.close(deliveryTimeoutMs), plain.close(deliveryTimeoutMs)]);
  }
}

async function runCell(
  { cluster, nameOf, topic }: TrialContext,
  cell: Cell,
  transactional: TransactionalProducer,
  plain: EngineProducer,
): Promise<Run> {
  const name = nameOf(written);
  const onDisk = async () => (await readBytesOnDisk(cluster.admin, [{ name, partitions: 1 }])).get(name) ?? 0;
  const before = await onDisk();
  const startMs = performance.now();
  const latenciesMs: number[] = [];
  while (performance.now() < startMs + runMs) {
    const beginMs = performance.now();
    const bytes = batchOf(cell.size, topic.load.messageSizeBytes);
    if (cell.transactional) {
      transactional.begin();
      const sent = sentBy(transactional, name, bytes, cell.size);
      await transactional.commit();
      await sent;
    } else await sentBy(plain, name, bytes, cell.size);
    latenciesMs.push(performance.now() - beginMs);
  }
  const records = latenciesMs.length * cell.size;
  return {
    cell,
    recordsPerSec: records / ((performance.now() - startMs) / 1_000),
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    diskBytesPerRecord: ((await onDisk()) - before) / records,
  };
}

function sentBy(producer: Pick<EngineProducer, 'send'>, topic: string, bytes: Buffer, records: number): Promise<void> {
  return new Promise((resolve, reject) => {
    producer.send(topic, 0, bytes, records, (error) => (error === null ? resolve() : reject(error)));
  });
}

function batchOf(records: number, valueBytes: number, id = 0): Buffer {
  const timestampMs = Date.now();
  const values = Array.from({ length: records }, () => {
    const value = Buffer.alloc(Math.max(4, valueBytes), 'x');
    value.writeUInt32BE(id, 0);
    return { key: null, value, timestampMs };
  });
  return encodeBatch(values, 'none');
}

interface CostRow {
  readonly size: number;
  readonly recordsPerSec: number | null;
  readonly plainPerSec: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly diskBytes: number | null;
  readonly plainDiskBytes: number | null;
}

function rowsOf(runs: readonly Run[]): readonly CostRow[] {
  return sizes.map((size) => {
    const of = (transactional: boolean, figure: (one: Run) => number | null) =>
      median(
        runs
          .filter(({ cell }) => cell.size === size && cell.transactional === transactional)
          .flatMap((one) => figure(one) ?? []),
      );
    return {
      size,
      recordsPerSec: of(true, (one) => one.recordsPerSec),
      plainPerSec: of(false, (one) => one.recordsPerSec),
      p50Ms: of(true, (one) => one.p50Ms),
      p99Ms: of(true, (one) => one.p99Ms),
      diskBytes: of(true, (one) => one.diskBytesPerRecord),
      plainDiskBytes: of(false, (one) => one.diskBytesPerRecord),
    };
  });
}

function costTable(rows: readonly CostRow[]) {
  return {
    title: 'Cost by the records of a transaction',
    columns: [
      'records a transaction',
      'records/s',
      'without transactions, records/s',
      'begin to commit p50, ms',
      'p99, ms',
      'on all disks, B/record',
      'without transactions, B/record',
    ],
    rows: rows.map((row) => [
      row.size,
      rounded(row.recordsPerSec, 0),
      rounded(row.plainPerSec, 0),
      rounded(row.p50Ms, 1),
      rounded(row.p99Ms, 1),
      rounded(row.diskBytes, 1),
      rounded(row.plainDiskBytes, 1),
    ]),
  };
}

type Seen = Map<number, number>;

interface DelayRow {
  readonly heldMs: number;
  /** Send to read, medians; the record in the transaction and one without behind it. */
  readonly uncommittedMs: number | null;
  readonly committedMs: number | null;
  readonly behindUncommittedMs: number | null;
  readonly behindCommittedMs: number | null;
}

async function measureDelays(
  { nameOf, topic, tell, signal }: TrialContext,
  target: DriverTarget,
  transactional: TransactionalProducer,
  plain: EngineProducer,
): Promise<readonly DelayRow[]> {
  const name = nameOf(delayed);
  const uncommitted: Seen = new Map();
  const committed: Seen = new Map();
  const readers = [
    { seen: uncommitted, readCommitted: false },
    { seen: committed, readCommitted: true },
  ].map(({ seen, readCommitted }) => readerOf(target, seen, readCommitted));
  let id = 0;
  const rows: DelayRow[] = [];
  try {
    for (const reader of readers) await reader.assign([{ topic: name, partition: 0, from: 'beginning' }]);
    for (const held of heldMs) {
      tell(`a transaction held open for ${held} ms`);
      const delays: (readonly number[])[] = [];
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        signal.throwIfAborted();
        const [inside, behind] = [++id, ++id] as const;
        transactional.begin();
        const insideMs = performance.now();
        await sentBy(transactional, name, batchOf(1, topic.load.messageSizeBytes, inside), 1);
        const behindMs = performance.now();
        await sentBy(plain, name, batchOf(1, topic.load.messageSizeBytes, behind), 1);
        await sleep(held);
        await transactional.commit();
        await bothSeen([uncommitted, committed], [inside, behind]);
        delays.push([
          (uncommitted.get(inside) ?? Number.NaN) - insideMs,
          (committed.get(inside) ?? Number.NaN) - insideMs,
          (uncommitted.get(behind) ?? Number.NaN) - behindMs,
          (committed.get(behind) ?? Number.NaN) - behindMs,
        ]);
      }
      const of = (at: number) => median(delays.map((each) => each[at] ?? Number.NaN));
      rows.push({
        heldMs: held,
        uncommittedMs: of(0),
        committedMs: of(1),
        behindUncommittedMs: of(2),
        behindCommittedMs: of(3),
      });
    }
    return rows;
  } finally {
    for (const reader of readers) reader.close();
  }
}

function readerOf(target: DriverTarget, seen: Seen, readCommitted: boolean): EngineConsumer {
  return new EngineConsumer(
    target,
    { checkCrc: true, fetch: { readCommitted, maxWaitMs: 100 } },
    {
      visitorOf: () => (_offset, _timestampMs, bytes, _keyStart, _keyEnd, valueStart, valueEnd) => {
        if (valueEnd - valueStart < 4) return;
        const id = Buffer.from(bytes.buffer, bytes.byteOffset + valueStart, 4).readUInt32BE(0);
        if (!seen.has(id)) seen.set(id, performance.now());
      },
      onError: () => {},
    },
  );
}

async function bothSeen(readers: readonly Seen[], ids: readonly number[]): Promise<void> {
  const untilMs = performance.now() + readWithinMs;
  while (readers.some((seen) => ids.some((id) => !seen.has(id)))) {
    if (performance.now() > untilMs)
      throw new Error(`records ${ids.join(' and ')} were not read in ${readWithinMs} ms`);
    await sleep(1);
  }
}

function delayTable(rows: readonly DelayRow[]) {
  return {
    title: 'From send to read while a transaction is held open',
    columns: [
      'held open, ms',
      'in it, read_uncommitted, ms',
      'in it, read_committed, ms',
      'behind it, read_uncommitted, ms',
      'behind it, read_committed, ms',
    ],
    rows: rows.map((row) => [
      row.heldMs,
      rounded(row.uncommittedMs, 1),
      rounded(row.committedMs, 1),
      rounded(row.behindUncommittedMs, 1),
      rounded(row.behindCommittedMs, 1),
    ]),
  };
}

function answerOf(costs: readonly CostRow[], delays: readonly DelayRow[]): Answer {
  const share = ({ recordsPerSec, plainPerSec }: CostRow) =>
    recordsPerSec === null || !plainPerSec ? null : Math.round((100 * recordsPerSec) / plainPerSec);
  const first = costs[0];
  const last = costs.at(-1);
  const held = delays.at(-1);
  if (first === undefined || last === undefined || held === undefined || first.p50Ms === null) {
    return inconclusive('no transaction was committed.');
  }
  return answered(
    `A commit takes ${rounded(first.p50Ms, 1)} ms here whatever is in it: transactions of ${first.size} record reach ${share(first)} % of the rate without, of ${last.size} records ${share(last)} %. A read_committed consumer waits for the commit: held open for ${held.heldMs} ms, a record is read after ${rounded(held.committedMs, 0)} ms instead of ${rounded(held.uncommittedMs, 0)} ms, and what lies behind it on the partition waits as long, ${rounded(held.behindCommittedMs, 0)} ms, in a transaction or not.`,
  );
}
