/** What a run and its workers say to each other, and how: each puts values under names, everybody reads the latest of a name. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident, TopicIntegrity } from '../../lib/measurement/types.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import type { LoadShape } from '../load/shape.ts';
import type { LoadTopic, PhaseResult, PhaseSpec } from '../load/types.ts';
import type { SearchCount } from '../privacy/search.ts';
import type { Security } from '../security/security.ts';

/** A folder, or a control topic of the cluster under test. Values are JSON. */
export interface Meeting {
  /** As it is called in messages. */
  readonly place: string;
  /** Replaces what the name had. Resolves once the others can read it. */
  put(name: string, value: unknown): Promise<void>;
  /** The latest value; null before the first. Rejects when the place is gone. */
  get<T>(name: string): Promise<T | null>;
  close(): Promise<void>;
}

export const workerPlanVersion = 2;

/** What every worker must know before it connects. */
export interface WorkerPlan {
  readonly schemaVersion: typeof workerPlanVersion;
  readonly workers: number;
  readonly bootstrap: DriverTarget['bootstrap'];
  readonly driver: string;
  readonly seed: number;
  /** Of the whole run: each worker takes its share. */
  readonly topics: readonly LoadTopic[];
  readonly shape: Omit<LoadShape, 'samples'>;
  /** In base64; null for none. */
  readonly samples: readonly string[] | null;
  readonly publishP99Ms: number | null;
  /** How to connect and sign in where that is no secret; otherwise null, and each worker is told by its own options. */
  readonly security: Security | null;
}

/** One phase, of all workers together. */
export interface WorkerPhase {
  readonly spec: Omit<PhaseSpec, 'signal' | 'onProgress' | 'arrivals'>;
  /** Milliseconds since the epoch at which all begin. */
  readonly startAtMs: number;
}

export interface WorkerResult {
  readonly result: PhaseResult;
  /** Over all phases so far. */
  readonly integrity: readonly TopicIntegrity[];
  readonly incidents: readonly Omit<Incident, 'atMs'>[];
  /** Records searched for private values since the last result. */
  readonly searched: SearchCount;
}

export const names = {
  plan: 'plan',
  /** Asks every worker what its clock shows. */
  clock: 'clock',
  phase: (phase: number) => `phase-${phase}`,
  end: 'end',
  alive: (who: string) => `${who}-alive`,
  ready: (worker: number) => `worker-${worker}-ready`,
  clockOf: (worker: number) => `worker-${worker}-clock`,
  result: (worker: number, phase: number) => `worker-${worker}-result-${phase}`,
  failed: (worker: number) => `worker-${worker}-failed`,
  left: (worker: number) => `worker-${worker}-left`,
} as const;

/** The names under which the parts of a run show that they live. */
export const nameOfRun = 'run';
export const nameOfWorker = (worker: number): string => `worker-${worker}`;

const aliveEveryMs = 500;
const lookEveryMs = 50;

/** Looks until there is something. Rejects with the signal's reason when aborted. */
export async function waitFor<T>(look: () => Promise<T | null>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== null) return found;
    await sleep(lookEveryMs);
  }
}

/** Changes a value of one's own again and again; the returned function ends it. */
export function showLife(meeting: Meeting, who: string): () => void {
  let beats = 0;
  let isWriting = false;
  const beat = async (): Promise<void> => {
    if (isWriting) return;
    isWriting = true;
    beats += 1;
    // A place that cannot be written any more makes this part look lost, which is what it is.
    await meeting.put(names.alive(who), { beats }).catch(() => {});
    isWriting = false;
  };
  void beat();
  const timer = setInterval(beat, aliveEveryMs);
  return () => clearInterval(timer);
}
