/**
 * The client libraries side by side in one run: the same load, batches, acks and in-flight limits, interleaved so that a noisy
 * moment of the host hits all of them alike. Each run is a process of its own, so that none pays for what another left behind.
 */
import { fork } from 'node:child_process';
import { median, medianInterval } from '../../lib/measurement/statistics.ts';
import type { Interval } from '../../lib/measurement/types.ts';
import { createRandom } from '../../lib/random.ts';

/** One run of one driver, as the child process reports it. */
export interface DriverRun {
  readonly driver: string;
  readonly version: string;
  readonly ratePerSec: number;
  readonly consumes: boolean;
  readonly achievedPerSec: number;
  readonly publishP50Ms: number | null;
  readonly publishP99Ms: number | null;
  readonly endToEndP99Ms: number | null;
  readonly slipP99Ms: number | null;
  readonly cpuMicrosPerRecord: number | null;
  readonly recordsPerBatch: number | null;
  readonly wasTheLimit: boolean;
  /** Lost, doubled or reordered records, and missing entries: anything but 0 disqualifies the run. */
  readonly faults: number;
}

export interface CompareSpec {
  readonly bootstrap: readonly string[];
  readonly drivers: readonly string[];
  readonly ratePerSec: number;
  readonly repeats: number;
  readonly seed: number;
  readonly onRun: (run: DriverRun) => void;
}

export interface DriverRow {
  readonly driver: string;
  readonly version: string;
  /** Runs with consumers, which give all figures but the CPU of producing alone. */
  readonly repeats: number;
  readonly achievedPerSec: Interval | null;
  readonly publishP50Ms: Interval | null;
  readonly publishP99Ms: Interval | null;
  readonly endToEndP99Ms: Interval | null;
  readonly slipP99Ms: Interval | null;
  /** Client CPU a record when only producing. */
  readonly producedMicros: Interval | null;
  /** Client CPU a record when producing and consuming, less the median of producing only. */
  readonly consumedMicros: Interval | null;
  readonly recordsPerBatch: number | null;
  readonly limitedByHarness: number;
  /** Runs that do not count, as records were lost, doubled or swapped. */
  readonly disqualified: number;
}

export async function compareDrivers(spec: CompareSpec): Promise<readonly DriverRow[]> {
  const random = createRandom(spec.seed);
  const runs: DriverRun[] = [];
  for (let repeat = 0; repeat < spec.repeats; repeat += 1) {
    const order = spec.drivers
      .flatMap((driver) => [false, true].map((consumes) => ({ driver, consumes, place: random() })))
      .sort((a, b) => a.place - b.place);
    for (const { driver, consumes } of order) {
      const run = await runInChild({ driver, consumes, bootstrap: spec.bootstrap, ratePerSec: spec.ratePerSec });
      runs.push(run);
      spec.onRun(run);
    }
  }
  return spec.drivers.map((driver) =>
    rowOf(
      driver,
      runs.filter((run) => run.driver === driver),
      spec.seed,
    ),
  );
}

export interface ChildTask {
  readonly driver: string;
  readonly consumes: boolean;
  readonly bootstrap: readonly string[];
  readonly ratePerSec: number;
}

async function runInChild(task: ChildTask): Promise<DriverRun> {
  return await new Promise((resolve, reject) => {
    const child = fork(new URL('./compare-run.js', import.meta.url), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.on('message', (run) => {
      resolve(run as DriverRun);
      child.kill();
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the run of ${task.driver} ended with code ${code} and no result`)));
    child.send(task);
  });
}

export function rowOf(driver: string, all: readonly DriverRun[], seed: number): DriverRow {
  const runs = all.filter(({ faults }) => faults === 0);
  const both = runs.filter(({ consumes }) => consumes);
  const produced = numbers(
    runs.filter(({ consumes }) => !consumes),
    ({ cpuMicrosPerRecord }) => cpuMicrosPerRecord,
  );
  const producedMedian = median(produced);
  const interval = (of: (run: DriverRun) => number | null): Interval | null => medianInterval(numbers(both, of), seed);
  return {
    driver,
    version: all[0]?.version ?? '',
    repeats: both.length,
    achievedPerSec: interval((run) => run.achievedPerSec),
    publishP50Ms: interval((run) => run.publishP50Ms),
    publishP99Ms: interval((run) => run.publishP99Ms),
    endToEndP99Ms: interval((run) => run.endToEndP99Ms),
    slipP99Ms: interval((run) => run.slipP99Ms),
    producedMicros: medianInterval(produced, seed),
    consumedMicros: interval((run) =>
      run.cpuMicrosPerRecord === null || producedMedian === null ? null : run.cpuMicrosPerRecord - producedMedian,
    ),
    recordsPerBatch: median(numbers(both, (run) => run.recordsPerBatch)),
    limitedByHarness: runs.filter(({ wasTheLimit }) => wasTheLimit).length,
    disqualified: all.length - runs.length,
  };
}

function numbers(runs: readonly DriverRun[], of: (run: DriverRun) => number | null): readonly number[] {
  return runs.map(of).filter((value) => value !== null);
}
