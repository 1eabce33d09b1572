/** The comparison of the drivers as a page for docs/reference. */
import type { DriverBenchmarkRatio, DriverBenchmarkRow } from '../engine/benchmark/rows.ts';
import type { DriverBenchmark } from './benchmark.ts';

export function driversPage({
  measuredAt,
  host,
  hostNoiseP99Ms,
  versions,
  ceiling,
  rows,
  ratios,
  leftOut,
}: DriverBenchmark): string {
  const memoryGb = Math.round(host.memoryBytes / 1e9);
  const noise = `${hostNoiseP99Ms.toFixed(2)} ms${hostNoiseP99Ms > 1 ? ', above 1 ms: no timing below is a verdict, the ratios compare' : ''}`;
  return `# Drivers side by side

Measured on ${measuredAt.slice(0, 10)} by \`headroom bench drivers --rounds ${rows[0]?.repeats ?? 0}\`: ${host.cpus} x ${host.cpuModel}, ${memoryGb} GB, ${host.os},
Node.js ${versions.node}, Apache Kafka ${versions.kafka} with 3 brokers on the same machine. Host noise before the load (p99 lateness of an
idle 1 ms timer): ${noise}.

**As fast as each goes**: records of 200 B, 6 partitions, batches of 64 KiB, 5 requests in flight, fetches of up to 8 MiB a partition, ids
in every record; the engine fills batches in place and reads a static assignment, the others join a group; the engine and Java's tool leave checksums
unchecked on reading. The rounds are interleaved, each client in another place in each (of four) and behind another one; each run is
a process of its own, whose first fifth does not count for rates and CPU. Latencies are those of a batch from its send to its
acknowledgement, in Java's tool of a record from its send. No compression where none is named. With one, each batch is compressed anew for
each send and its cost is part of the figures, for every client; values are random capital letters, which zstd takes to about 0.6 and lz4 to
no less, and Java's producer counts its 64 KiB after compression. Java's tools run with the options of Kafka's own scripts; its producer
makes each record of random letters on the way, its consumer verifies nothing.

**On a schedule**: the load as \`headroom prove\` drives it, with keys, the event envelope, the ledger of ids and all histograms: 10
partitions, 4 idempotent producers, batches of 16 KiB, linger 5 ms, one send of a producer on its way (node-rdkafka: 5), 3 consumers in a
group, 5 s of warm-up; latencies count from the slot. So the CPU is the harness's and the client's together; that of reading is what a run
with consumers took more than one without. The engine with *batches filled in place* is the exception: as above, idempotent, without the
harness. Runs that lost, doubled or swapped a record do not count.

**Ceiling of the harness**: with nobody to take them, one process makes ${number(ceiling.recordsPerSec, 0)} records/s of that load, at
${number(ceiling.cpuMicrosPerRecord, 3)} us of CPU each: the schedule, keys, values, batches and their checksums, the ledger and the histograms, but no network.

CPU is user and system time of the client's process. What limited a client is itself where it kept a core busy, otherwise the brokers, or
the rate asked for.

## Goals

| goal | found | |
| --- | --- | --- |
${goalLines(rows, ratios).join('\n')}

An interval that reaches beyond the goal is said so. What stands between the engine's reading and its goal is taken apart in
[receive-memory.md](../decisions/receive-memory.md).

## Figures

| ${['direction', 'scenario', 'driver', 'records/s', 'CPU us/record', 'p50 ms', 'p99 ms', 'slip p99 ms', 'limit', 'rounds'].join(' | ')} |
|${' --- |'.repeat(10)}
${rows.map((row) => tableLine([row.direction, row.scenario, `${row.driver} ${row.version}`, number(row.recordsPerSec, 0), number(row.clientCpuMicrosPerRecord, 3), number(row.p50Ms, 1), number(row.p99Ms, 1), number(row.slipP99Ms, 1), row.limit, String(row.repeats)])).join('\n')}
${leftOut.map(({ driver, reason }) => `\nNot measured: ${driver}, as ${reason.split('\n')[0]}.\n`).join('')}
Ratios, round by round: median with the 95 % bootstrap interval.

| ${['direction', 'scenario', 'driver', 'against', 'of', 'ratio'].join(' | ')} |
|${' --- |'.repeat(6)}
${ratios.map((ratio) => tableLine([ratio.direction, ratio.scenario, ratio.driver, ratio.against, ratio.metric, interval(ratio)])).join('\n')}
`;
}

/** Of the engine: ratios by direction and scenario, and how late it hands over on a schedule. */
const ratioGoals = [
  { direction: 'produce', scenario: 'acks=1 RF 1', of: 'clientCpuMicrosPerRecord', against: 'java', atMost: 1 / 10 },
  { direction: 'produce', scenario: 'acks=all RF 3', of: 'clientCpuMicrosPerRecord', against: 'java', atMost: 1 / 10 },
  { direction: 'produce', scenario: 'acks=1 RF 1', of: 'clientCpuMicrosPerRecord', against: 'kafkajs', atMost: 1 / 25 },
  {
    direction: 'produce',
    scenario: 'acks=all RF 3',
    of: 'clientCpuMicrosPerRecord',
    against: 'kafkajs',
    atMost: 1 / 25,
  },
  { direction: 'consume', scenario: 'ids verified', of: 'clientCpuMicrosPerRecord', against: 'java', atMost: 1 / 8 },
  { direction: 'produce', scenario: 'acks=1 RF 1', of: 'recordsPerSec', against: 'java', atLeast: 2.5 },
  { direction: 'consume', scenario: 'ids verified', of: 'recordsPerSec', against: 'java', atLeast: 4 },
] as const;
const slipGoalMs = 5;
const reached = 'reached';
const missed = '**not reached**';

function goalLines(rows: readonly DriverBenchmarkRow[], ratios: readonly DriverBenchmarkRatio[]): readonly string[] {
  const lines = ratioGoals.map((goal) => {
    const { direction, scenario, of, against } = goal;
    const [limit, isWithin] =
      'atLeast' in goal
        ? [`at least ${number(goal.atLeast, 1)}`, (value: number) => value >= goal.atLeast]
        : [`at most ${number(goal.atMost, 3)}`, (value: number) => value <= goal.atMost];
    const name = `${direction} ${scenario}: ${of}, engine / ${against} ${limit}`;
    const found = ratios.find(
      (ratio) =>
        ratio.driver === 'engine' &&
        ratio.direction === direction &&
        ratio.scenario === scenario &&
        ratio.metric === of &&
        ratio.against === against,
    );
    if (found === undefined) return tableLine([name, '-', 'not measured']);
    const isClear = isWithin(found.low) && isWithin(found.high);
    const verdict = isClear ? reached : isWithin(found.value) ? 'reached by the median' : missed;
    return tableLine([name, interval(found), verdict]);
  });
  const slip = rows.find(({ scenario }) => scenario.endsWith('batches filled in place'))?.slipP99Ms ?? null;
  const verdict = slip === null ? 'not measured' : slip <= slipGoalMs ? reached : missed;
  return [...lines, tableLine([`slip p99 on a schedule at most ${slipGoalMs} ms`, `${number(slip, 1)} ms`, verdict])];
}

function interval({ value, low, high }: DriverBenchmarkRatio): string {
  return `${number(value, 3)} (${number(low, 3)} to ${number(high, 3)})`;
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function number(value: number | null, digits: number): string {
  if (value === null) return '-';
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
