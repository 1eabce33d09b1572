/** Every client side by side on a local cluster of its own: as fast as each goes, then all at one rate on a schedule. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import type { GeneratorCeiling } from '../../lib/measurement/generator-ceiling.ts';
import { median } from '../../lib/measurement/statistics.ts';
import type { Environment } from '../../lib/measurement/types.ts';
import { type DriverBenchmarkRatio, type DriverBenchmarkRow, ratiosOf, rowsOf } from '../engine/benchmark/rows.ts';
import { measureEngineOnSchedule, measureSideBySide } from '../engine/benchmark/side-by-side.ts';
import { recordBytes } from '../engine/benchmark/types.ts';
import { describeHost, measureHostNoiseP99Ms } from '../host.ts';
import { measureCeiling } from '../load/ceiling.ts';
import { startLocalCluster } from '../local/start.ts';
import type { OnProgress } from '../progress.ts';
import { compareDrivers } from './compare.ts';
import { comparedTopic } from './compare-load.ts';
import { engineDriver } from './engine.ts';
import { allDrivers } from './index.ts';
import { scheduledRows } from './scheduled-rows.ts';

export interface DriverBenchmark {
  readonly schemaVersion: 1;
  readonly measuredAt: string;
  readonly host: Environment['host'];
  /** Above 1 ms the machine was not quiet: compare the ratios, not the times. */
  readonly hostNoiseP99Ms: number;
  readonly versions: { readonly node: string; readonly kafka: string };
  /** What the harness makes of the load on a schedule when nobody takes it: median of the rounds, before the cluster starts. */
  readonly ceiling: Omit<GeneratorCeiling, 'topic'>;
  readonly rows: readonly DriverBenchmarkRow[];
  readonly ratios: readonly DriverBenchmarkRatio[];
  /** Drivers that need something this machine does not have, runs that lost, doubled or swapped records, and CPU that the rounds cannot tell. */
  readonly leftOut: readonly { readonly driver: string; readonly reason: string }[];
}

export interface DriverBenchmarkOptions {
  readonly rounds: number;
  /** Share of the usual number of records as fast as each goes; below 1 the figures tell of warming up. */
  readonly scale: number;
  /** Records a second on a schedule. */
  readonly ratePerSec: number;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** The engine alone also at a rate that the libraries do not hold: what the harness costs when it is busy. */
const busyFactor = 2.5;
const noiseMs = 2_000;
const seed = 1;

/** Rejects when a client that goes as fast as it can lost, doubled or swapped a record: its figures would mean nothing. */
export async function benchmarkDrivers(options: DriverBenchmarkOptions): Promise<DriverBenchmark> {
  const { rounds, scale, ratePerSec, onProgress, signal } = options;
  const measuredAt = new Date().toISOString();
  const { ready, leftOut } = await prepareDrivers(options);
  const hostNoiseP99Ms = await measureHostNoiseP99Ms(noiseMs, signal);
  const ceiling = await measureCeilings(rounds, signal);
  const dir = await mkdtemp(join(tmpdir(), 'headroom-drivers-'));
  try {
    const cluster = await startLocalCluster({ brokers: 3, dir, onProgress, signal });
    try {
      const { bootstrap } = cluster;
      const tell = (detail: string) => onProgress({ stage: 'drivers side by side', detail, fraction: null });
      const runs = await measureSideBySide({
        bootstrap,
        rounds,
        scale,
        signal,
        onRun: ({ library, scenario, round }) =>
          tell(`round ${round + 1} of ${rounds}: ${library}, ${scenario.direction} ${scenario.name}`),
      });
      const compare = async (drivers: readonly string[], perSec: number) =>
        await compareDrivers({
          bootstrap,
          drivers,
          ratePerSec: perSec,
          repeats: rounds,
          seed,
          onRun: ({ driver }) => {
            signal.throwIfAborted();
            tell(`${perSec} records/s on a schedule: ${driver}`);
          },
        });
      const busyPerSec = ratePerSec * busyFactor;
      const scheduled = await compare(ready, ratePerSec);
      const busy = await compare([engineDriver.name], busyPerSec);
      const onSchedule = [
        ...busy.map((row) => scheduledRows(row, busyPerSec)),
        ...scheduled.map((row) => scheduledRows(row, ratePerSec)),
      ];
      const engine = await measureEngineOnSchedule({ bootstrap, rounds, signal });
      return {
        schemaVersion: 1,
        measuredAt,
        host: describeHost(),
        hostNoiseP99Ms,
        versions: { node: process.version, kafka: cluster.kafkaVersion },
        ceiling,
        rows: [...rowsOf(runs), engineRow(engine), ...onSchedule.flatMap(({ rows }) => rows)],
        ratios: ratiosOf(runs),
        leftOut: [...leftOut, ...onSchedule.flatMap((found) => found.leftOut)],
      };
    } finally {
      await cluster.stop();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measureCeilings(rounds: number, signal: AbortSignal): Promise<DriverBenchmark['ceiling']> {
  const { plan } = comparedTopic('ceiling', 0, false);
  const found: GeneratorCeiling[] = [];
  for (let round = 0; round < rounds; round += 1) found.push(await measureCeiling(plan, { seed, signal }));
  return {
    recordsPerSec: median(found.map(({ recordsPerSec }) => recordsPerSec)) ?? 0,
    cpuMicrosPerRecord: median(found.flatMap(({ cpuMicrosPerRecord }) => cpuMicrosPerRecord ?? [])),
  };
}

/** What is missing for one driver is no reason to measure none. */
async function prepareDrivers(options: DriverBenchmarkOptions) {
  const ready: string[] = [];
  const leftOut: { driver: string; reason: string }[] = [];
  for (const driver of allDrivers) {
    try {
      await driver.prepare?.(options);
      ready.push(driver.name);
    } catch (error) {
      if (!(error instanceof HeadroomError) || options.signal.aborted) throw error;
      leftOut.push({ driver: driver.name, reason: error.message });
    }
  }
  return { ready, leftOut };
}

/** Without the harness, which costs more than the engine: what is left is the engine's own lateness. */
function engineRow({ ratePerSec, results }: Awaited<ReturnType<typeof measureEngineOnSchedule>>): DriverBenchmarkRow {
  const middle = (of: (result: (typeof results)[number]) => number) => median(results.map(of)) ?? Number.NaN;
  const recordsPerSec = middle((result) => result.recordsPerSec);
  return {
    driver: engineDriver.name,
    version: engineDriver.version,
    direction: 'produce',
    scenario: `${ratePerSec}/s on a schedule, acks=all RF 3, batches filled in place`,
    recordsPerSec,
    bytesPerSec: recordsPerSec * recordBytes,
    clientCpuMicrosPerRecord: middle((result) => result.cpuMicrosPerRecord),
    p50Ms: middle(({ publish }) => publish.p50Ms),
    p99Ms: middle(({ publish }) => publish.p99Ms),
    slipP99Ms: middle(({ slipP99Ms }) => slipP99Ms),
    repeats: results.length,
    limit: 'rate',
  };
}
