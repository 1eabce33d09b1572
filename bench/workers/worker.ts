/** A worker: joins the run that meets in one place, drives its share of every phase, and leaves its results there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadroomError } from '../../lib/errors.ts';
import type { Incident } from '../../lib/measurement/types.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import { driverByName } from '../drivers/index.ts';
import { openLoad } from '../load/open-load.ts';
import type { LoadSession } from '../load/types.ts';
import { privateValuesOf } from '../privacy/places.ts';
import { createPrivacySearch, type SearchCount } from '../privacy/search.ts';
import type { ClockAnswer } from './clocks.ts';
import { Life } from './lives.ts';
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
import { seedOfWorker, topicsOfWorker } from './share.ts';

const endLookEveryMs = 500;
/** Later than this after the others, much of a window would lack this worker's load. */
const latestMs = 1_000;

export interface WorkerOptions {
  readonly meeting: Meeting;
  readonly worker: number;
  /** Time for the run to begin. */
  readonly planWithinMs: number;
  /** The cluster as it is reached from here; as the run reaches it when left out. */
  readonly bootstrap?: DriverTarget['bootstrap'];
  /** As the run's plan says when left out; no secret is put where run and workers meet. */
  readonly security: DriverTarget['security'];
  readonly signal: AbortSignal;
  /** Another list of drivers, only where a test brings its own. */
  readonly driverOf?: typeof driverByName;
  readonly onProgress: (text: string) => void;
}

/** Resolves when the run has ended. Throws what kept the worker from taking part, after the run has been told. */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { meeting, worker, planWithinMs, signal } = options;
  const untilMs = performance.now() + planWithinMs;
  const plan = await waitFor(async () => {
    if (performance.now() > untilMs) {
      throw gone(meeting, `no run began in ${meeting.place} within ${planWithinMs / 60_000} min`);
    }
    return await meeting.get<WorkerPlan>(names.plan);
  }, signal);
  requireFitting(plan, options);
  const stop = showLife(meeting, nameOfWorker(worker));
  try {
    await takePart(options, plan);
    await meeting.put(names.left(worker), {});
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Where the place is gone nobody can be told: the first error counts.
    await meeting.put(names.failed(worker), { message }).catch(() => {});
    throw error;
  } finally {
    stop();
  }
}

async function takePart(options: WorkerOptions, plan: WorkerPlan): Promise<void> {
  const { meeting, worker, signal, onProgress } = options;
  const incidents: Omit<Incident, 'atMs'>[] = [];
  const seed = seedOfWorker(plan.seed, worker);
  const topics = topicsOfWorker(plan.topics, worker, plan.workers);
  const plans = topics.map((topic) => topic.plan);
  const privateValues = privateValuesOf({ topics: plans }, [seed]);
  const { records } = createPrivacySearch(privateValues);
  const driver = (options.driverOf ?? driverByName)(plan.driver);
  await driver.prepare?.({ onProgress: ({ stage }) => onProgress(stage), signal });
  const session = await openLoad({
    target: {
      bootstrap: options.bootstrap ?? plan.bootstrap,
      clientId: `headroom-worker-${worker}`,
      security: options.security ?? plan.security ?? undefined,
    },
    driver,
    topics,
    shape: {
      ...plan.shape,
      ...(plan.samples === null ? {} : { samples: plan.samples.map((sample) => Buffer.from(sample, 'base64')) }),
    },
    seed,
    publishP99Ms: plan.publishP99Ms,
    onIncident: (incident) => incidents.push(incident),
    ...(privateValues.length === 0 ? {} : { onValue: (_, value) => records.look(value) }),
    signal,
  });
  try {
    const run = new Life(meeting, nameOfRun);
    await meeting.put(names.ready(worker), { pid: process.pid });
    if ((await untilEnd(meeting, names.clock, run, signal)) === 'end') return;
    await meeting.put(names.clockOf(worker), { nowMs: Date.now() } satisfies ClockAnswer);
    let told: SearchCount = { searched: 0, found: 0 };
    for (let phase = 0; ; phase += 1) {
      onProgress(`waiting for phase ${phase}`);
      const next = await untilEnd<WorkerPhase>(meeting, names.phase(phase), run, signal);
      if (next === 'end') return;
      onProgress(`phase ${phase}: ${next.spec.stage}`);
      const result = await unlessEnded(meeting, run, signal, (until) => runShare(session, next, plan.workers, until));
      const { searched, found } = records;
      const left: WorkerResult = {
        result,
        integrity: session.integrity(),
        incidents: incidents.splice(0),
        searched: { searched: searched - told.searched, found: found - told.found },
      };
      told = { searched, found };
      await meeting.put(names.result(worker, phase), left);
    }
  } finally {
    await session.close();
  }
}

/** What the run puts under a name, or its end. Throws RESOURCE_MISSING when the run is gone: nobody would ever end this worker. */
async function untilEnd<T>(meeting: Meeting, name: string, run: Life, signal: AbortSignal): Promise<T | 'end'> {
  return await waitFor(async () => {
    const value = await meeting.get<T>(name);
    if (value !== null) return value;
    if ((await meeting.get(names.end)) !== null) return 'end';
    if (!(await run.look())) throw gone(meeting, `the run of ${meeting.place} is gone`);
    return null;
  }, signal);
}

/** No load goes on after its run: what it uses is deleted then. */
async function unlessEnded<T>(
  meeting: Meeting,
  run: Life,
  signal: AbortSignal,
  work: (until: AbortSignal) => Promise<T>,
) {
  const over = new AbortController();
  const look = async (): Promise<void> => {
    const hasEnded = (await meeting.get(names.end)) !== null || !(await run.look());
    if (hasEnded) over.abort(gone(meeting, `the run of ${meeting.place} ended before its phase`));
  };
  const timer = setInterval(() => void look().catch((error: unknown) => over.abort(error)), endLookEveryMs);
  try {
    return await work(AbortSignal.any([signal, over.signal]));
  } finally {
    clearInterval(timer);
  }
}

function gone({ place }: Meeting, message: string): HeadroomError {
  return new HeadroomError('RESOURCE_MISSING', message, {
    hint: `begin it with: headroom prove FILE --workers N --meet ${place}`,
  });
}

async function runShare(session: LoadSession, { spec, startAtMs }: WorkerPhase, workers: number, signal: AbortSignal) {
  await sleep(Math.max(0, startAtMs - Date.now()), undefined, { signal }).catch(() => signal.throwIfAborted());
  const lateMs = Date.now() - startAtMs;
  if (lateMs > latestMs) {
    throw new HeadroomError('RESOURCE_MISSING', `it heard of a phase ${lateMs} ms after all were to begin`, {
      hint: 'a folder shared over a network may be too slow: meet in a control topic',
    });
  }
  const ratePerSec = Object.fromEntries(
    Object.entries(spec.ratePerSec).map(([topic, rate]) => [topic, rate / workers]),
  );
  return await session.run({ ...spec, ratePerSec, signal, onProgress: () => {} });
}

function requireFitting(plan: WorkerPlan, { meeting: { place }, worker }: WorkerOptions): void {
  if (plan.schemaVersion !== workerPlanVersion) {
    throw new HeadroomError(
      'FILE_UNREADABLE',
      `the plan in ${place}: expected schemaVersion ${workerPlanVersion}, got ${JSON.stringify(plan.schemaVersion)}`,
      { hint: 'run all parts of a run with one version of Headroom' },
    );
  }
  if (worker < plan.workers) return;
  throw new HeadroomError(
    'USAGE',
    `this is worker ${worker}, the run of ${place} has workers 0 to ${plan.workers - 1}`,
    {
      hint: `for instance --index ${plan.workers - 1}`,
    },
  );
}
