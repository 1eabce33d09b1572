/**
 * How a run and its workers meet: files in one folder, on one machine or shared by many. Every file is written under another
 * name and then renamed, so that nobody reads half of it; a worker shows that it lives by changing its own.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident, TopicIntegrity } from '../../lib/measurement/types.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import type { LoadShape } from '../load/shape.ts';
import type { LoadTopic, PhaseResult, PhaseSpec } from '../load/types.ts';

export const workerPlanVersion = 1;

/** What every worker must know before it connects. How to sign in is not in it: each worker is told by its own options. */
export interface WorkerPlan {
  readonly schemaVersion: typeof workerPlanVersion;
  readonly workers: number;
  readonly bootstrap: DriverTarget['bootstrap'];
  readonly driver: string;
  readonly seed: number;
  /** Of the whole run: each worker takes its share. */
  readonly topics: readonly LoadTopic[];
  readonly shape: Omit<LoadShape, 'samples'>;
}

/** One phase, of all workers together. */
export interface WorkerPhase {
  readonly spec: Omit<PhaseSpec, 'signal' | 'onProgress'>;
  /** Milliseconds since the epoch at which all begin. */
  readonly startAtMs: number;
}

export interface WorkerResult {
  readonly result: PhaseResult;
  /** Over all phases so far. */
  readonly integrity: readonly TopicIntegrity[];
  readonly incidents: readonly Omit<Incident, 'atMs'>[];
}

export const files = {
  plan: 'plan.json',
  phase: (phase: number) => `phase-${phase}.json`,
  end: 'end.json',
  alive: (who: string) => `${who}-alive.json`,
  ready: (worker: number) => `worker-${worker}-ready.json`,
  result: (worker: number, phase: number) => `worker-${worker}-result-${phase}.json`,
  failed: (worker: number) => `worker-${worker}-failed.json`,
} as const;

/** The names under which the parts of a run show that they live. */
export const nameOfRun = 'run';
export const nameOfWorker = (worker: number): string => `worker-${worker}`;

const aliveEveryMs = 500;
const lookEveryMs = 50;

export async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `${name}.${process.pid}.partial`);
  await writeFile(temporary, JSON.stringify(value));
  await rename(temporary, join(folder, name));
}

/** Null when the file is not there yet. Throws SyntaxError when it is no JSON. */
export async function readJson<T>(folder: string, name: string): Promise<T | null> {
  const text = await readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : (JSON.parse(text) as T);
}

/** Looks until there is something. Rejects with the signal's reason when aborted. */
export async function waitFor<T>(look: () => Promise<T | null>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== null) return found;
    await sleep(lookEveryMs);
  }
}

/** Changes a file of one's own again and again; the returned function ends it. */
export function showLife(folder: string, who: string): () => void {
  let beats = 0;
  const beat = (): void => {
    beats += 1;
    // A folder that cannot be written any more makes this part look lost, which is what it is.
    void writeJson(folder, files.alive(who), { beats }).catch(() => {});
  };
  beat();
  const timer = setInterval(beat, aliveEveryMs);
  return () => clearInterval(timer);
}
