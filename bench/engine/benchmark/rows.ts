/** The runs of a comparison as rows and ratios: what `headroom bench drivers --json` prints. */
import { median, medianInterval } from '../../../lib/measurement/statistics.ts';
import type { ClientRun } from './side-by-side.ts';
import { type Library, libraries, recordBytes } from './types.ts';

export interface DriverBenchmarkRow {
  readonly driver: string;
  readonly version: string;
  readonly direction: 'produce' | 'consume';
  readonly scenario: string;
  readonly recordsPerSec: number;
  readonly bytesPerSec: number;
  readonly clientCpuMicrosPerRecord: number;
  /** Of a batch, from its send to its acknowledgement; of a record in Java's tools, which also waits in the client. Null when consuming. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Null where the driver cannot tell: as fast as it goes there is no schedule to be late for. */
  readonly slipP99Ms: number | null;
  readonly repeats: number;
  /** What kept it from more. */
  readonly limit: 'client' | 'cluster' | 'rate';
}

export interface DriverBenchmarkRatio {
  readonly metric: 'clientCpuMicrosPerRecord' | 'recordsPerSec';
  readonly direction: 'produce' | 'consume';
  readonly scenario: string;
  readonly driver: string;
  readonly against: string;
  /** Median over the rounds of driver / against, with its 95 % bootstrap interval. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The one client whose every thread counts as one: a core it keeps busier than this leaves it no more to give. */
const busyCore = 0.9;
const seed = 1;

export function rowsOf(runs: readonly ClientRun[]): readonly DriverBenchmarkRow[] {
  return cells(runs).map(({ library, runs: repeats }) => {
    const [first] = repeats;
    if (first === undefined) throw new RangeError('a row without a run');
    const middle = (of: (run: ClientRun) => number) => median(repeats.map(of)) ?? 0;
    const recordsPerSec = middle(({ cost }) => cost.recordsPerSec);
    const latency = first.cost.latency !== null;
    return {
      driver: library,
      version: first.cost.version,
      direction: first.scenario.direction,
      scenario: first.scenario.name,
      recordsPerSec,
      bytesPerSec: recordsPerSec * recordBytes,
      clientCpuMicrosPerRecord: middle(({ cost }) => cost.cpuMicrosPerRecord),
      p50Ms: latency ? middle(({ cost }) => cost.latency?.p50Ms ?? 0) : null,
      p99Ms: latency ? middle(({ cost }) => cost.latency?.p99Ms ?? 0) : null,
      slipP99Ms: null,
      repeats: repeats.length,
      limit: middle(({ cost }) => cost.coresUsed) >= busyCore ? 'client' : 'cluster',
    };
  });
}

/** Of every client to Java's tools, and of the engine to kafkajs, round by round. */
export function ratiosOf(runs: readonly ClientRun[]): readonly DriverBenchmarkRatio[] {
  const against: readonly (readonly [Library, Library])[] = [
    ...libraries.filter((library) => library !== 'java').map((library) => [library, 'java'] as const),
    ['engine', 'kafkajs'],
  ];
  const all = cells(runs);
  return against.flatMap(([driver, other]) =>
    all
      .filter(({ library }) => library === driver)
      .flatMap(({ name, runs: own }) => {
        const others = all.find((cell) => cell.library === other && cell.name === name)?.runs ?? [];
        return (['clientCpuMicrosPerRecord', 'recordsPerSec'] as const).flatMap((metric) =>
          ratio(metric, { driver, other, own, others }),
        );
      }),
  );
}

const metrics = {
  clientCpuMicrosPerRecord: ({ cost }: ClientRun) => cost.cpuMicrosPerRecord,
  recordsPerSec: ({ cost }: ClientRun) => cost.recordsPerSec,
};

function ratio(
  metric: DriverBenchmarkRatio['metric'],
  {
    driver,
    other,
    own,
    others,
  }: { driver: string; other: string; own: readonly ClientRun[]; others: readonly ClientRun[] },
): readonly DriverBenchmarkRatio[] {
  const of = metrics[metric];
  const pairs = own.flatMap((run) => {
    const twin = others.find(({ round }) => round === run.round);
    return twin === undefined ? [] : [of(run) / of(twin)];
  });
  const interval = medianInterval(pairs, seed);
  const scenario = own[0]?.scenario;
  if (interval === null || scenario === undefined) return [];
  const { direction, name } = scenario;
  const { median: value, low, high } = interval;
  return [{ metric, direction, scenario: name, driver, against: other, value, low, high }];
}

interface Cell {
  readonly name: string;
  readonly library: Library;
  readonly runs: readonly ClientRun[];
}

/** The runs of one client in one scenario; scenarios as they came first, clients always in the same order. */
function cells(runs: readonly ClientRun[]): readonly Cell[] {
  const names = [...new Set(runs.map(({ scenario }) => scenario.name))];
  const all = names.flatMap((name) => libraries.map((library) => ({ name, library })));
  return all
    .map((cell) => ({
      ...cell,
      runs: runs.filter(({ scenario, library }) => scenario.name === cell.name && library === cell.library),
    }))
    .filter((cell) => cell.runs.length > 0);
}
