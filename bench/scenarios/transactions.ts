/** Transactions: what a commit costs by the records in it, and how long read_committed waits. */
import { interleave } from '../../lib/experiment/grid.ts';
import { type Answer, answered, inconclusive } from '../../lib/experiment/scenario-result.ts';
import { median } from '../../lib/measurement/statistics.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import { EngineProducer } from '../engine/producer.ts';
import { TransactionalProducer } from '../engine/transactional-producer.ts';
import { readBytesOnDisk } from '../target/log-dirs.ts';
import { quantile, rounded } from '../trial/quantiles.ts';
import { delayTable, measureReadDelays, type ReadDelay } from '../trial/read-delay.ts';
import { numberedBatch, sendBatch } from '../trial/send-batch.ts';
import type { Scenario, TrialContext, TrialResult } from './scenario.ts';

const sizes = [1, 10, 100, 1_000] as const;
const rounds = 5;
const runMs = 700;
const heldMs = [0, 200, 1_000] as const;
const deliveryTimeoutMs = 20_000;
const transactionTimeoutMs = 60_000;
const written = 'written';
const delayed = 'delayed';

export const transactions: Scenario = {
  question: 'what do transactions cost, and how long does a read_committed consumer wait?',
  method: `The engine's transactional producer writes one batch a transaction and commits, beside an idempotent producer that writes the same batches, one after the other, ${runMs} ms each in ${rounds} interleaved rounds. Then a transaction is held open; how long after their sends its record, and a record without a transaction behind it on the same partition, reach a reader with read_uncommitted and one with read_committed.`,
  trial: {
    durationMs: 2 * sizes.length * rounds * (runMs + 100) + 15_000,
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
    const delays = await measureReadDelays(
      { transactional, plain },
      { target, topic: nameOf(delayed), heldMs, tell, signal },
    );
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
    const ids = Array.from({ length: cell.size }, () => 0);
    const bytes = numberedBatch(ids, topic.load.messageSizeBytes);
    const batch = { topic: name, partition: 0, bytes, records: cell.size };
    if (cell.transactional) {
      transactional.begin();
      const sent = sendBatch(transactional, batch);
      await transactional.commit();
      await sent;
    } else await sendBatch(plain, batch);
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

function answerOf(costs: readonly CostRow[], delays: readonly ReadDelay[]): Answer {
  const share = ({ recordsPerSec, plainPerSec }: CostRow) =>
    recordsPerSec === null || !plainPerSec ? null : Math.round((100 * recordsPerSec) / plainPerSec);
  const first = costs[0];
  const last = costs.at(-1);
  const held = delays.at(-1);
  if (first === undefined || last === undefined || held === undefined || first.p50Ms === null) {
    return inconclusive('no transaction was committed.');
  }
  return answered(
    `From begin to commit it takes ${rounded(first.p50Ms, 1)} ms with ${first.size} record in it and ${rounded(last.p50Ms, 1)} ms with ${last.size}: transactions of ${first.size} record reach ${share(first)} % of the rate without, of ${last.size} records ${share(last)} %. A read_committed consumer waits for the commit: held open for ${held.heldMs} ms, a record is read after ${rounded(held.committedMs, 0)} ms instead of ${rounded(held.uncommittedMs, 0)} ms, and what lies behind it on the partition waits as long, ${rounded(held.behindCommittedMs, 0)} ms, in a transaction or not.`,
  );
}
