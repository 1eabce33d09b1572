/**
 * A load session whose phases several workers run: the same interface as one process, so that a scenario need not know.
 * A worker that is lost is told as an incident, and what the others found stands beside it: inconclusive, not wrong.
 */
import { rm } from 'node:fs/promises';
import { HeadroomError } from '../../lib/errors.ts';
import { mergeHealth, mergeIntegrity, mergeSeries, mergeTopics } from '../../lib/measurement/merge-workers.ts';
import type { TopicIntegrity } from '../../lib/measurement/types.ts';
import type { LoadSession, LoadSpec, PhaseResult, PhaseSpec } from '../load/types.ts';
import {
  files,
  nameOfRun,
  nameOfWorker,
  readJson,
  showLife,
  type WorkerPhase,
  type WorkerPlan,
  type WorkerResult,
  waitFor,
  workerPlanVersion,
  writeJson,
} from './directory.ts';
import { Life } from './lives.ts';

export interface WorkersSpec {
  /** Where run and workers meet; what another run left in it is removed. */
  readonly folder: string;
  readonly workers: number;
  /** Time for all workers to come and connect. */
  readonly readyWithinMs: number;
  /** Called when the plan is in place; starts the workers that nobody else starts. */
  readonly start: () => void;
}

/** Time for every worker to have read of a phase before it begins. */
const leadMs = 500;

/** Throws RESOURCE_MISSING when not all workers are ready in time, or one has failed. */
export async function openWorkers(spec: LoadSpec, given: WorkersSpec): Promise<LoadSession> {
  const signal = spec.signal ?? new AbortController().signal;
  await prepare(spec, given);
  given.start();
  const stop = showLife(given.folder, nameOfRun);
  try {
    await waitUntilReady(given, signal);
  } catch (error) {
    stop();
    await writeJson(given.folder, files.end, {});
    throw error;
  }
  return new WorkersSession(spec, given, stop);
}

async function prepare({ target, driver, topics, seed, shape = {} }: LoadSpec, given: WorkersSpec): Promise<void> {
  const { samples, ...rest } = shape;
  if (samples !== undefined) {
    throw new HeadroomError('USAGE', 'samples do not travel to workers', {
      hint: 'leave the samples out, or use one process',
    });
  }
  await rm(given.folder, { recursive: true, force: true });
  const plan: WorkerPlan = {
    schemaVersion: workerPlanVersion,
    workers: given.workers,
    bootstrap: target.bootstrap,
    driver: driver.name,
    seed,
    topics,
    shape: rest,
  };
  await writeJson(given.folder, files.plan, plan);
}

async function waitUntilReady({ folder, workers, readyWithinMs }: WorkersSpec, signal: AbortSignal) {
  const untilMs = performance.now() + readyWithinMs;
  for (let worker = 0; worker < workers; worker += 1) {
    await waitFor(async () => {
      const failure = await readJson<{ message: string }>(folder, files.failed(worker));
      if (failure !== null) throw absent(`worker ${worker} could not take part: ${failure.message}`);
      if (performance.now() > untilMs) throw absent(`worker ${worker} was not ready within ${readyWithinMs / 1000} s`);
      return await readJson(folder, files.ready(worker));
    }, signal);
  }
}

function absent(message: string): HeadroomError {
  return new HeadroomError('RESOURCE_MISSING', message, {
    hint: 'start every worker with: headroom worker FOLDER --index I, on machines that share the folder',
  });
}

class WorkersSession implements LoadSession {
  readonly #spec: LoadSpec;
  readonly #given: WorkersSpec;
  readonly #lives: readonly Life[];
  readonly #stop: () => void;
  /** What each worker said last of its ids. */
  readonly #integrity = new Map<number, readonly TopicIntegrity[]>();
  #phases = 0;

  constructor(spec: LoadSpec, given: WorkersSpec, stop: () => void) {
    this.#spec = spec;
    this.#given = given;
    this.#stop = stop;
    const { folder, workers } = given;
    this.#lives = Array.from({ length: workers }, (_, worker) => new Life(folder, nameOfWorker(worker)));
  }

  async run({ signal, onProgress, ...spec }: PhaseSpec): Promise<PhaseResult> {
    const phase = this.#phases;
    this.#phases += 1;
    // All windows must begin together, so a warm-up has a fixed length.
    const fixed = { ...spec, warmUpMinMs: spec.warmUpMaxMs };
    const order: WorkerPhase = { spec: fixed, startAtMs: Date.now() + leadMs };
    await writeJson(this.#given.folder, files.phase(phase), order);
    const results: WorkerResult[] = [];
    for (let worker = 0; worker < this.#given.workers; worker += 1) {
      onProgress({ stage: spec.stage, detail: `waiting for worker ${worker}`, fraction: null });
      const found = await this.#resultOf(worker, phase, signal);
      if (found === null) continue;
      for (const incident of found.incidents) this.#spec.onIncident(incident);
      this.#integrity.set(worker, found.integrity);
      results.push(found);
    }
    if (results.length === 0) throw absent(`all ${this.#given.workers} workers were lost`);
    return merged(results.map(({ result }) => result));
  }

  integrity(): readonly TopicIntegrity[] {
    return mergeIntegrity([...this.#integrity.values()]);
  }

  async close(): Promise<void> {
    this.#stop();
    await writeJson(this.#given.folder, files.end, {});
  }

  /** Null when the worker is lost. */
  async #resultOf(worker: number, phase: number, signal: AbortSignal): Promise<WorkerResult | null> {
    const { folder } = this.#given;
    const life = this.#lives[worker];
    const found = await waitFor(async () => {
      const result = await readJson<WorkerResult>(folder, files.result(worker, phase));
      if (result !== null) return result;
      const hasFailed = (await readJson(folder, files.failed(worker))) !== null;
      return !hasFailed && (await life?.look()) ? null : ('lost' as const);
    }, signal);
    if (found !== 'lost') return found;
    const kind = 'workerLost';
    if (life?.tell()) this.#spec.onIncident({ kind, message: `worker ${worker} was lost during the run` });
    return null;
  }
}

function merged(results: readonly PhaseResult[]): PhaseResult {
  const [first] = results;
  if (first === undefined) throw new RangeError('no worker');
  const acknowledged = results.map(({ topics }) => topics.reduce((sum, topic) => sum + topic.acknowledged, 0));
  return {
    startedAt: results.map(({ startedAt }) => startedAt).toSorted()[0] ?? first.startedAt,
    measuredMs: Math.max(...results.map(({ measuredMs }) => measuredMs)),
    cutShort: results.some(({ cutShort }) => cutShort),
    warmUpMs: Math.max(...results.map(({ warmUpMs }) => warmUpMs)),
    steady: results.every(({ steady }) => steady),
    topics: mergeTopics(results.map(({ topics }) => topics)),
    generator: mergeHealth(
      results.map(({ generator }) => generator),
      acknowledged,
    ),
    series: mergeSeries(results.map(({ series }) => series)),
  };
}
