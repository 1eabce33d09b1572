/**
 * A load session whose phases several workers run: the same interface as one process, so that a scenario need not know.
 * A worker that is lost is told as an incident, and what the others found stands beside it: inconclusive, not wrong.
 */
import { HeadroomError } from '../../lib/errors.ts';
import { mergeHealth, mergeIntegrity, mergeSeries, mergeTopics } from '../../lib/measurement/merge-workers.ts';
import type { TopicIntegrity } from '../../lib/measurement/types.ts';
import type { LoadSession, LoadSpec, PhaseResult, PhaseSpec } from '../load/types.ts';
import { unlessSecret } from '../security/security.ts';
import { requireOneClock } from './clocks.ts';
import { Life, lostAfterMs } from './lives.ts';
import {
  type Meeting,
  nameOfRun,
  nameOfWorker,
  names,
  showLife,
  type WorkerPhase,
  type WorkerPlan,
  type WorkerResult,
  waitFor,
  workerPlanVersion,
} from './meeting.ts';

export interface WorkersSpec {
  /** Where nobody has met yet; closed with the session. */
  readonly meeting: Meeting;
  readonly workers: number;
  /** Time for all workers to come and connect. */
  readonly readyWithinMs: number;
  /** How a worker is started, for messages. */
  readonly command: string;
  /** Called when the plan is in place; starts the workers that nobody else starts. */
  readonly start: () => void;
  /** Awaited at the end, once the workers were told; also when the run could not begin with them. */
  readonly leave?: (hasBegun: boolean) => Promise<void>;
}

/** Time for every worker to have read of a phase before it begins. */
const leadMs = 500;
/** Time for every worker to leave its groups and say so. */
const leaveWithinMs = 10_000;

/** Throws RESOURCE_MISSING when not all workers are ready in time, one has failed, or their clocks differ. */
export async function openWorkers(spec: LoadSpec, given: WorkersSpec): Promise<LoadSession> {
  const { meeting, workers } = given;
  const signal = spec.signal ?? new AbortController().signal;
  let stop = (): void => {};
  try {
    await meeting.put(names.plan, planOf(spec, workers));
    given.start();
    stop = showLife(meeting, nameOfRun);
    await waitUntilReady(given, signal);
    await requireOneClock(meeting, workers, { withinMs: lostAfterMs, signal });
  } catch (error) {
    stop();
    // The first error counts.
    await meeting.put(names.end, {}).catch(() => {});
    await given.leave?.(false);
    await meeting.close();
    throw error;
  }
  return new WorkersSession(spec, given, stop);
}

function planOf({ target, driver, topics, seed, publishP99Ms, shape = {} }: LoadSpec, workers: number): WorkerPlan {
  const { samples, ...rest } = shape;
  return {
    schemaVersion: workerPlanVersion,
    workers,
    bootstrap: target.bootstrap,
    driver: driver.name,
    seed,
    topics,
    shape: rest,
    samples: samples?.map((sample) => Buffer.from(sample).toString('base64')) ?? null,
    publishP99Ms: publishP99Ms ?? null,
    security: unlessSecret(target.security),
  };
}

async function waitUntilReady(given: WorkersSpec, signal: AbortSignal): Promise<void> {
  const { meeting, workers, readyWithinMs } = given;
  const untilMs = performance.now() + readyWithinMs;
  for (let worker = 0; worker < workers; worker += 1) {
    await waitFor(async () => {
      const failure = await meeting.get<{ message: string }>(names.failed(worker));
      if (failure !== null) throw absent(given, `worker ${worker} could not take part: ${failure.message}`);
      if (performance.now() > untilMs) {
        throw absent(given, `worker ${worker} was not ready within ${readyWithinMs / 1000} s`);
      }
      return await meeting.get(names.ready(worker));
    }, signal);
  }
}

function absent({ command }: WorkersSpec, message: string): HeadroomError {
  return new HeadroomError('RESOURCE_MISSING', message, { hint: `every worker is started with: ${command}` });
}

class WorkersSession implements LoadSession {
  readonly #spec: LoadSpec;
  readonly #given: WorkersSpec;
  readonly #lives: readonly Life[];
  readonly #stop: () => void;
  /** What each worker said last of its ids. */
  readonly #integrity = new Map<number, readonly TopicIntegrity[]>();
  #phases = 0;
  #closing: Promise<void> | undefined;

  constructor(spec: LoadSpec, given: WorkersSpec, stop: () => void) {
    this.#spec = spec;
    this.#given = given;
    this.#stop = stop;
    this.#lives = Array.from({ length: given.workers }, (_, worker) => new Life(given.meeting, nameOfWorker(worker)));
  }

  async run({ signal, onProgress, ...spec }: PhaseSpec): Promise<PhaseResult> {
    const phase = this.#phases;
    this.#phases += 1;
    // All windows must begin together, so a warm-up has a fixed length.
    const fixed = { ...spec, warmUpMinMs: spec.warmUpMaxMs };
    const order: WorkerPhase = { spec: fixed, startAtMs: Date.now() + leadMs };
    await this.#given.meeting.put(names.phase(phase), order);
    const results: WorkerResult[] = [];
    for (const [worker, life] of this.#lives.entries()) {
      onProgress({ stage: spec.stage, detail: `waiting for worker ${worker}`, fraction: null });
      const found = await this.#resultOf(worker, life, phase, signal);
      if (found === null) continue;
      for (const incident of found.incidents) this.#spec.onIncident(incident);
      this.#spec.onSearched?.(found.searched);
      this.#integrity.set(worker, found.integrity);
      results.push(found);
    }
    if (results.length === 0) throw absent(this.#given, `all ${this.#given.workers} workers were lost`);
    return merged(results.map(({ result }) => result));
  }

  integrity(): readonly TopicIntegrity[] {
    return mergeIntegrity([...this.#integrity.values()]);
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  /** Only when all have left may the topics go that they use, the one they meet in among them. */
  async #close(): Promise<void> {
    const { meeting, leave } = this.#given;
    this.#stop();
    await meeting.put(names.end, {}).catch(() => {});
    const timeIsOver = AbortSignal.timeout(leaveWithinMs);
    for (const [worker, life] of this.#lives.entries()) {
      if (life.isTold) continue;
      const left = async () => (await meeting.get(names.left(worker))) ?? (await meeting.get(names.failed(worker)));
      await waitFor(left, timeIsOver).catch(() => {});
    }
    await leave?.(true);
    await meeting.close();
  }

  /** Null when the worker is lost. */
  async #resultOf(worker: number, life: Life, phase: number, signal: AbortSignal): Promise<WorkerResult | null> {
    const { meeting } = this.#given;
    const found = await waitFor(async () => {
      const result = await meeting.get<WorkerResult>(names.result(worker, phase));
      if (result !== null) return { result };
      const failure = await meeting.get<{ message: string }>(names.failed(worker));
      if (failure !== null) return { result: null, reason: `: ${failure.message}` };
      return (await life.look()) ? null : { result: null, reason: '' };
    }, signal);
    if (found.result !== null) return found.result;
    const message = `worker ${worker} was lost during the run${found.reason}`;
    if (life.tell()) this.#spec.onIncident({ kind: 'workerLost', message });
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
