/** The comparison of the drivers as a page for docs/reference. */
import type { Environment, Interval } from '../../lib/measurement/types.ts';
import type { Ceiling, DriverRow } from './compare.ts';

export interface ComparePage {
  /** YYYY-MM-DD */
  readonly date: string;
  readonly host: Environment['host'];
  readonly hostNoiseP99Ms: number;
  readonly kafkaVersion: string;
  readonly nodeVersion: string;
  readonly ratePerSec: number;
  readonly rows: readonly DriverRow[];
  readonly ceilings: readonly Ceiling[];
}

export function driversPage(page: ComparePage): string {
  const { host, rows, ceilings } = page;
  const memoryGb = Math.round(host.memoryBytes / 1e9);
  return `# Drivers side by side

Measured on ${page.date} by \`npm run bench:drivers\`: ${host.cpus} x ${host.cpuModel}, ${memoryGb} GB, ${host.os}, Node.js ${page.nodeVersion},
Apache Kafka ${page.kafkaVersion} with 3 brokers on the same machine. Host noise before the load (p99 lateness of an idle 1 ms timer):
${page.hostNoiseP99Ms.toFixed(2)} ms${page.hostNoiseP99Ms > 1 ? ', above 1 ms: the latencies below are no timing verdict' : ''}.

Load: ${page.ratePerSec.toLocaleString('en')} records/s of 200 B (envelope, 1,000 keys), 4 producers, 10 partitions x 3 replicas, acks=all, idempotent,
linger 5 ms, batches of 16 KiB, no compression; consumers: one group of 3 members, where there are any. Repeats are interleaved in a
seeded order, each in a process of its own, 5 s warm-up and 6 s measured. Medians, with the 95 % bootstrap interval in brackets; intervals that
overlap mean that the run shows no difference.

| ${['', ...rows.map(({ driver, version }) => `${driver} ${version}`)].join(' | ')} |
|${' --- |'.repeat(rows.length + 1)}
${lines(rows)
  .map((cells) => `| ${cells.join(' | ')} |`)
  .join('\n')}

Ceiling: rates rise until one is not held, that is not achieved to 99.5 % with slip p99 <= 20 ms, producing and consuming on the two
cores that the brokers use as well.

| driver | highest rate held | first rate not held | what the run said |
| --- | --- | --- | --- |
${ceilings.map((ceiling) => `| ${ceilingCells(ceiling).join(' | ')} |`).join('\n')}
`;
}

function lines(rows: readonly DriverRow[]): readonly (readonly string[])[] {
  const line = (name: string, cell: (row: DriverRow) => string) => [name, ...rows.map(cell)];
  return [
    line('runs', ({ runs }) => String(runs)),
    line('achieved, records/s', (row) => interval(row.achievedPerSec, 0)),
    line('publish p50, ms', (row) => interval(row.publishP50Ms, 1)),
    line('publish p99, ms', (row) => interval(row.publishP99Ms, 1)),
    line('end to end p99, ms', (row) => interval(row.endToEndP99Ms, 1)),
    line('slip p99, ms', (row) => interval(row.slipP99Ms, 1)),
    line('client CPU a record produced, us', (row) => interval(row.producedMicros, 1)),
    line('client CPU a record consumed, us', (row) => interval(row.consumedMicros, 1)),
    line('records a batch', ({ recordsPerBatch }) => recordsPerBatch?.toFixed(1) ?? '-'),
    line('runs that the harness limited', ({ limitedByHarness }) => String(limitedByHarness)),
    line('records lost, doubled, reordered or unknown', ({ faults }) => String(faults)),
  ];
}

function interval(value: Interval | null, digits: number): string {
  if (value === null) return '-';
  const show = (number: number) =>
    number.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${show(value.median)} (${show(value.low)} to ${show(value.high)})`;
}

function ceilingCells({ driver, heldPerSec, failed }: Ceiling): readonly string[] {
  const held = heldPerSec === null ? 'none' : `${heldPerSec.toLocaleString('en')}/s`;
  if (failed === null) return [driver, held, 'none tried', '-'];
  const said = failed.wasTheLimit ? 'the harness was the limit' : 'the harness was not the limit';
  return [
    driver,
    held,
    `${failed.ratePerSec.toLocaleString('en')}/s`,
    `${said}; ${Math.round(failed.achievedPerSec).toLocaleString('en')}/s, slip p99 ${failed.slipP99Ms?.toFixed(0) ?? '-'} ms`,
  ];
}
