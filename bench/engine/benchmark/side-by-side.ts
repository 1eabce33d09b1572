/**
 * The clients side by side, each as fast as it goes: the engine, two client libraries and Java's own tools, interleaved on
 * one cluster with equal record and batch bytes, acks and requests in flight. Each run is a process of its own.
 */
import type { Compression } from '../../../lib/requirements/types.ts';
import { createAdmin } from '../../target/connect.ts';
import { measure, measureScheduled } from './measure.ts';
import type { ScheduleResult } from './on-schedule.ts';
import { type ClientCost, type ClientTask, type Library, libraries } from './types.ts';

const partitions = 6;

/** Enough for each to run about as long as the others at its own speed: what a young process costs counts alike. */
const recordsOf: Readonly<Record<Library, Readonly<Record<ClientTask['direction'], number>>>> = {
  engine: { produce: 6_000_000, consume: 12_000_000 },
  java: { produce: 1_500_000, consume: 3_000_000 },
  '@platformatic/kafka': { produce: 600_000, consume: 600_000 },
  kafkajs: { produce: 300_000, consume: 600_000 },
};

/** What is written as fast as each client goes must not fill the disk: the brokers keep little of it. */
const writtenTopicConfig = [
  { name: 'segment.bytes', value: String(32 * 1024 * 1024) },
  { name: 'retention.bytes', value: String(64 * 1024 * 1024) },
  { name: 'file.delete.delay.ms', value: '1000' },
];

export interface BenchmarkScenario {
  readonly name: string;
  readonly direction: ClientTask['direction'];
  readonly acks: ClientTask['acks'];
  readonly topic: string;
  readonly compression: Compression;
}

export const benchmarkScenarios: readonly BenchmarkScenario[] = [
  { name: 'acks=1 RF 1', direction: 'produce', acks: '1', topic: 'headroom-bench-rf1', compression: 'none' },
  { name: 'acks=all RF 3', direction: 'produce', acks: 'all', topic: 'headroom-bench-rf3', compression: 'none' },
  { name: 'ids verified', direction: 'consume', acks: '1', topic: 'headroom-bench-filled', compression: 'none' },
  ...(['lz4', 'zstd'] as const).flatMap((compression): BenchmarkScenario[] => {
    const [produce, consume] = [`headroom-bench-${compression}`, `headroom-bench-filled-${compression}`];
    return [
      { name: `acks=1 RF 1, ${compression}`, direction: 'produce', acks: '1', topic: produce, compression },
      { name: `ids verified, ${compression}`, direction: 'consume', acks: '1', topic: consume, compression },
    ];
  }),
];

/** Compressed ones have no goal to meet: half of the records in half of the rounds, so that the whole stays short. */
const shareOf = ({ compression }: BenchmarkScenario): number => (compression === 'none' ? 1 : 0.5);

export interface ClientRun {
  readonly scenario: BenchmarkScenario;
  readonly library: Library;
  readonly round: number;
  readonly cost: ClientCost;
}

export interface SideBySide {
  readonly bootstrap: readonly string[];
  readonly rounds: number;
  /** Of the usual number of records; below 1 the figures tell of warming up. */
  readonly scale: number;
  readonly signal: AbortSignal;
  readonly onRun: (run: ClientRun) => void;
}

/** Round after round, so that a noisy moment of the machine hits all of them alike. Rejects when ids were not as sent. */
export async function measureSideBySide(spec: SideBySide): Promise<readonly ClientRun[]> {
  await prepare(spec);
  const runs: ClientRun[] = [];
  for (let round = 0; round < spec.rounds; round++) {
    for (const [index, scenario] of benchmarkScenarios.entries()) {
      if (round >= Math.ceil(spec.rounds * shareOf(scenario))) continue;
      for (const library of orderOf(libraries, round + index)) {
        spec.signal.throwIfAborted();
        const run = { scenario, library, round, cost: await measure(taskOf(scenario, library, spec)) };
        runs.push(run);
        spec.onRun(run);
      }
    }
  }
  return runs;
}

/**
 * The order in one round, a row of a balanced Latin square (E. J. Williams, 1949): in as many rounds as there are items, which must be
 * even, each has each place once and comes once behind each other one, since the brokers still work on what the client before left.
 */
export function orderOf<T>(items: readonly T[], round: number): readonly T[] {
  return items.map((_, place) => {
    const step = place % 2 === 0 ? place / 2 : items.length - (place + 1) / 2;
    return items[(round + step) % items.length] as T;
  });
}

/** The topics, and enough records for every consumer in those that are read. */
async function prepare(spec: SideBySide): Promise<void> {
  const admin = createAdmin(spec.bootstrap);
  for (const { topic, acks, direction } of benchmarkScenarios) {
    const configs = direction === 'produce' ? writtenTopicConfig : [];
    await admin.createTopics({ topics: [topic], partitions, replicas: acks === 'all' ? 3 : 1, configs });
  }
  await admin.close();
  for (const filled of benchmarkScenarios.filter(({ direction }) => direction === 'consume'))
    await measure({ ...taskOf(filled, 'engine', spec), direction: 'produce' });
}

const scheduled = { ratePerSec: 100_000, warmUpMs: 15_000, measureMs: 8_000 };

/** The engine alone at a rate that no library holds on a small machine; again and again on the same, warm brokers. */
export async function measureEngineOnSchedule(
  spec: Pick<SideBySide, 'bootstrap' | 'rounds' | 'signal'>,
): Promise<{ readonly ratePerSec: number; readonly results: readonly ScheduleResult[] }> {
  const topic = benchmarkScenarios.find(({ acks }) => acks === 'all')?.topic ?? '';
  const results: ScheduleResult[] = [];
  for (let round = 0; round < spec.rounds; round++) {
    spec.signal.throwIfAborted();
    const schedule = { topic, partitions, ...scheduled };
    results.push(await measureScheduled({ bootstrap: spec.bootstrap, schedule }));
  }
  return { ratePerSec: scheduled.ratePerSec, results };
}

function taskOf(scenario: BenchmarkScenario, library: Library, { bootstrap, scale }: SideBySide): ClientTask {
  const { direction, acks, topic, compression } = scenario;
  const records = Math.ceil(recordsOf[library][direction] * scale * shareOf(scenario));
  return { library, direction, bootstrap, topic, partitions, records, acks, compression };
}
