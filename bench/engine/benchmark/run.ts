/**
 * Client CPU per record, side by side: the engine, two client libraries and Java's own tools, interleaved on one
 * cluster with equal record and batch bytes, acks and requests in flight. `npm run bench:engine [repeats] [scale]`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { startLocalCluster } from '../../local/start.ts';
import { measure } from './measure.ts';
import { type ClientCost, type ClientTask, type Library, libraries } from './types.ts';

const partitions = 6;
/** Enough for each to run for some seconds at its own speed. */
const recordsOf: Readonly<Record<Library, number>> = {
  engine: 4_000_000,
  java: 1_500_000,
  '@platformatic/kafka': 600_000,
  kafkajs: 300_000,
};

interface Scenario {
  readonly name: string;
  readonly direction: ClientTask['direction'];
  readonly acks: ClientTask['acks'];
  readonly topic: string;
}

const scenarios: readonly Scenario[] = [
  { name: 'produce acks=1 RF 1', direction: 'produce', acks: '1', topic: 'rf1' },
  { name: 'produce acks=all RF 3', direction: 'produce', acks: 'all', topic: 'rf3' },
  { name: 'consume, ids verified', direction: 'consume', acks: '1', topic: 'filled' },
];

const repeats = Number(process.argv[2] ?? 3);
const scale = Number(process.argv[3] ?? 1);
const say = (text: string) => process.stdout.write(`${text}\n`);
const costs = new Map<string, ClientCost[]>();
const costsOf = (scenario: Scenario, library: Library): ClientCost[] => costs.get(`${scenario.name} ${library}`) ?? [];

const dir = await mkdtemp(join(tmpdir(), 'headroom-bench-'));
const cluster = await startLocalCluster({
  brokers: 3,
  dir,
  onProgress: () => {},
  signal: new AbortController().signal,
});
try {
  await prepare(cluster.bootstrap);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const scenario of scenarios) {
      for (const library of libraries) {
        const cost = await measure(taskOf(scenario, library, cluster.bootstrap));
        costs.set(`${scenario.name} ${library}`, [...costsOf(scenario, library), cost]);
        say(`${repeat + 1}/${repeats} ${scenario.name} ${library}: ${cost.cpuMicrosPerRecord.toFixed(3)} us`);
      }
    }
  }
} finally {
  await cluster.stop();
  await rm(dir, { recursive: true, force: true });
}
printTable();

/** The topics, and enough records in one of them for every consumer. */
async function prepare(bootstrap: readonly string[]): Promise<void> {
  const admin = new Admin({ clientId: 'benchmark', bootstrapBrokers: [...bootstrap] });
  await admin.createTopics({ topics: ['rf1', 'filled'], partitions, replicas: 1 });
  await admin.createTopics({ topics: ['rf3'], partitions, replicas: 3 });
  await admin.close();
  const fill = { name: 'fill', direction: 'produce', acks: '1', topic: 'filled' } as const;
  await measure(taskOf(fill, 'engine', bootstrap));
}

function taskOf({ direction, acks, topic }: Scenario, library: Library, bootstrap: readonly string[]): ClientTask {
  return { library, direction, bootstrap, topic, partitions, records: recordsOf[library] * scale, acks };
}

function printTable(): void {
  say(
    `\n${cpus()[0]?.model ?? 'unknown CPU'} x ${cpus().length}, Node.js ${process.version}, Kafka ${cluster.kafkaVersion}`,
  );
  say('| scenario | client | CPU us/record | records/s | CPU against the engine |');
  say('| --- | --- | --- | --- | --- |');
  for (const scenario of scenarios) {
    const [engine] = [costsOf(scenario, 'engine')];
    for (const library of libraries) {
      const own = costsOf(scenario, library);
      const ratios = own.map(
        (cost, index) => cost.cpuMicrosPerRecord / (engine[index]?.cpuMicrosPerRecord ?? Number.NaN),
      );
      const cells = [
        middle(
          own.map((cost) => cost.cpuMicrosPerRecord),
          3,
        ),
        middle(
          own.map((cost) => cost.recordsPerSec),
          0,
        ),
        library === 'engine' ? '1' : middle(ratios, 1),
      ];
      say(`| ${scenario.name} | ${library} | ${cells.join(' | ')} |`);
    }
  }
}

/** Median with the lowest and the highest, where there are several. */
function middle(values: readonly number[], digits: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const text = (value: number | undefined) => (value ?? Number.NaN).toFixed(digits);
  if (sorted.length < 2) return text(sorted[0]);
  return `${text(sorted[Math.floor(sorted.length / 2)])} (${text(sorted[0])} to ${text(sorted.at(-1))})`;
}
