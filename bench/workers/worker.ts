/** A worker: joins the run of a folder, drives its share of every phase, and leaves its results there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadroomError } from '../../lib/errors.ts';
import type { Incident } from '../../lib/measurement/types.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import { driverByName } from '../drivers/index.ts';
import { openLoad } from '../load/open-load.ts';
import type { LoadSession } from '../load/types.ts';
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
import { seedOfWorker, topicsOfWorker } from './share.ts';

/** Machines come in any order. */
const planWithinMs = 15 * 60_000;

export interface WorkerOptions {
  readonly folder: string;
  readonly worker: number;
  /** How to sign in; the run's folder holds no secret. */
  readonly security: DriverTarget['security'];
  readonly signal: AbortSignal;
  /** Another list of drivers, only where a test brings its own. */
  readonly driverOf?: typeof driverByName;
  readonly onProgress: (text: string) => void;
}

/** Resolves when the run has ended. Throws what kept the worker from taking part, after the run has been told. */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { folder, worker, signal } = options;
  const untilMs = performance.now() + planWithinMs;
  const plan = await waitFor(async () => {
    if (performance.now() > untilMs) throw gone(`no run began in ${folder} within ${planWithinMs / 60_000} min`);
    return await readJson<WorkerPlan>(folder, files.plan);
  }, signal);
  requireFitting(plan, options);
  const stop = showLife(folder, nameOfWorker(worker));
  try {
    await takePart(options, plan);
  } catch (error) {
    await writeJson(folder, files.failed(worker), { message: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    stop();
  }
}

async function takePart(options: WorkerOptions, plan: WorkerPlan): Promise<void> {
  const { folder, worker, security, signal, onProgress } = options;
  const incidents: Omit<Incident, 'atMs'>[] = [];
  const session = await openLoad({
    target: { bootstrap: plan.bootstrap, clientId: `headroom-worker-${worker}`, security },
    driver: (options.driverOf ?? driverByName)(plan.driver),
    topics: topicsOfWorker(plan.topics, worker, plan.workers),
    shape: plan.shape,
    seed: seedOfWorker(plan.seed, worker),
    onIncident: (incident) => incidents.push(incident),
    signal,
  });
  try {
    await writeJson(folder, files.ready(worker), { pid: process.pid });
    const run = new Life(folder, nameOfRun);
    for (let phase = 0; ; phase += 1) {
      onProgress(`waiting for phase ${phase}`);
      const next = await waitFor(async () => await nextPhase(folder, phase, run), signal);
      if (next === 'end') return;
      onProgress(`phase ${phase}: ${next.spec.stage}`);
      const found = await runShare(session, next, plan.workers, signal);
      const left: WorkerResult = { result: found, integrity: session.integrity(), incidents: incidents.splice(0) };
      await writeJson(folder, files.result(worker, phase), left);
    }
  } finally {
    await session.close();
  }
}

async function nextPhase(folder: string, phase: number, run: Life): Promise<WorkerPhase | 'end' | null> {
  const spec = await readJson<WorkerPhase>(folder, files.phase(phase));
  if (spec !== null) return spec;
  if ((await readJson(folder, files.end)) !== null) return 'end';
  // Nobody would ever end this worker.
  if (!(await run.look())) throw gone(`the run of ${folder} is gone`);
  return null;
}

function gone(message: string): HeadroomError {
  return new HeadroomError('RESOURCE_MISSING', message, {
    hint: 'begin it with: headroom limit FILE --workers N --meet FOLDER, on a machine that shares the folder',
  });
}

async function runShare(session: LoadSession, { spec, startAtMs }: WorkerPhase, workers: number, signal: AbortSignal) {
  await sleep(Math.max(0, startAtMs - Date.now()), undefined, { signal });
  const ratePerSec = Object.fromEntries(
    Object.entries(spec.ratePerSec).map(([topic, rate]) => [topic, rate / workers]),
  );
  return await session.run({ ...spec, ratePerSec, signal, onProgress: () => {} });
}

function requireFitting(plan: WorkerPlan, { folder, worker }: WorkerOptions): void {
  if (plan.schemaVersion !== workerPlanVersion) {
    throw new HeadroomError(
      'FILE_UNREADABLE',
      `${folder}/${files.plan}: expected schemaVersion ${workerPlanVersion}, got ${JSON.stringify(plan.schemaVersion)}`,
      { hint: 'run all parts of a run with one version of Headroom' },
    );
  }
  if (worker < plan.workers) return;
  throw new HeadroomError(
    'USAGE',
    `this is worker ${worker}, the run of ${folder} has workers 0 to ${plan.workers - 1}`,
    {
      hint: `for instance --index ${plan.workers - 1}`,
    },
  );
}
