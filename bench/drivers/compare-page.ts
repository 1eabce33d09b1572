/** The comparison of the drivers as a page for docs/reference. */
import type { DriverBenchmark } from './benchmark.ts';

export function driversPage({
  measuredAt,
  host,
  hostNoiseP99Ms,
  versions,
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

Records of 200 B, 6 partitions, batches of 64 KiB, 5 requests in flight, fetches of up to 8 MiB a partition, ids in every record;
the rounds are interleaved, each client in another place in each (of four) and behind another one, each run is a process of its own,
and its first fifth does not count. No compression where none is named. With one, each batch is compressed anew for each send and its cost
is part of the figures, for every client; values are random capital letters, which zstd takes to about 0.6 and lz4 to no less, and Java's
producer counts its 64 KiB after compression. Java's tools run with the options of Kafka's own scripts. CPU is user and system time of the
client's process. Latencies are
those of a batch from its send to its acknowledgement, in Java's tool of a record from its send; on a schedule they count from the slot.
What limited a client is itself where it kept a core busy, otherwise the brokers, or the rate asked for.

| ${['direction', 'scenario', 'driver', 'records/s', 'CPU us/record', 'p50 ms', 'p99 ms', 'slip p99 ms', 'limit', 'rounds'].join(' | ')} |
|${' --- |'.repeat(10)}
${rows.map((row) => tableLine([row.direction, row.scenario, `${row.driver} ${row.version}`, number(row.recordsPerSec, 0), number(row.clientCpuMicrosPerRecord, 3), number(row.p50Ms, 1), number(row.p99Ms, 1), number(row.slipP99Ms, 1), row.limit, String(row.repeats)])).join('\n')}
${leftOut.map(({ driver, reason }) => `\nNot measured: ${driver}, as ${reason.split('\n')[0]}.\n`).join('')}
Ratios, round by round: median with the 95 % bootstrap interval.

| ${['direction', 'scenario', 'driver', 'against', 'of', 'ratio'].join(' | ')} |
|${' --- |'.repeat(6)}
${ratios.map((ratio) => tableLine([ratio.direction, ratio.scenario, ratio.driver, ratio.against, ratio.metric, `${number(ratio.value, 3)} (${number(ratio.low, 3)} to ${number(ratio.high, 3)})`])).join('\n')}
`;
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function number(value: number | null, digits: number): string {
  if (value === null) return '-';
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
