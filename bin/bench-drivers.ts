/** `headroom bench drivers`: what each client library costs and reaches, beside the engine and Java's own tools. */
import { benchmarkDrivers, type DriverBenchmark } from '../bench/drivers/benchmark.ts';
import { type ExitCode, exitCodes, HeadroomError } from '../lib/errors.ts';
import { renderTable } from '../lib/plan/table.ts';
import { type CommandContext, integerOption } from './command.ts';

const defaultRounds = 3;
const mostRounds = 20;
/** What the small machine of a developer holds beside three brokers. */
const ratePerSec = 20_000;

const takenOptions = ['rounds', 'json'];

export async function benchDrivers(context: CommandContext): Promise<ExitCode> {
  const ignored = Object.keys(context.options).filter((name) => !takenOptions.includes(name));
  if (ignored.length > 0) {
    throw new HeadroomError('USAGE', `bench drivers: --${ignored.join(', --')} cannot be taken into account`, {
      hint: `it takes --${takenOptions.join(' and --')}; the rest of the comparison is fixed, so that results compare`,
    });
  }
  const result = await benchmarkDrivers({
    rounds: integerOption(context, 'rounds', { min: 1, max: mostRounds, fallback: defaultRounds }),
    scale: 1,
    ratePerSec,
    onProgress: context.onProgress,
    signal: context.signal,
  });
  context.stdout(context.options.json === true ? `${JSON.stringify(result, null, 2)}\n` : renderDrivers(result));
  return exitCodes.met;
}

export function renderDrivers({ host, hostNoiseP99Ms, versions, rows, ratios, leftOut }: DriverBenchmark): string {
  const number = (value: number | null, digits: number) =>
    value === null ? '-' : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const table = [
    [
      'direction',
      'scenario',
      'driver',
      'records/s',
      'CPU us/record',
      'p50 ms',
      'p99 ms',
      'slip p99 ms',
      'limit',
      'rounds',
    ],
    ...rows.map((row) => [
      row.direction,
      row.scenario,
      `${row.driver} ${row.version}`,
      number(row.recordsPerSec, 0),
      number(row.clientCpuMicrosPerRecord, 3),
      number(row.p50Ms, 1),
      number(row.p99Ms, 1),
      number(row.slipP99Ms, 1),
      row.limit,
      String(row.repeats),
    ]),
  ];
  const against = [
    ['direction', 'scenario', 'driver', 'against', 'of', 'ratio', '95 % interval'],
    ...ratios.map((ratio) => [
      ratio.direction,
      ratio.scenario,
      ratio.driver,
      ratio.against,
      ratio.metric,
      number(ratio.value, 3),
      `${number(ratio.low, 3)} to ${number(ratio.high, 3)}`,
    ]),
  ];
  const noise = hostNoiseP99Ms > 1 ? ': not quiet, compare the ratios' : '';
  return [
    `${host.cpus} x ${host.cpuModel}, Node.js ${versions.node}, Kafka ${versions.kafka}, host noise ${number(hostNoiseP99Ms, 2)} ms${noise}`,
    'records of 200 B, medians of the rounds; as fast as each goes: batches of 64 KiB, 6 partitions, 5 requests in flight;',
    'on a schedule: as prove drives it, batches of 16 KiB, 10 partitions, 4 idempotent producers, the harness in the CPU',
    '',
    ...renderTable(table),
    '',
    ...renderTable(against),
    '',
    ...leftOut.map(({ driver, reason }) => `not measured: ${driver}, as ${reason.split('\n')[0]}`),
  ].join('\n');
}
