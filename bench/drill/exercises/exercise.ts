/** Does what a runbook page says, block by block, in a state where it makes sense, and looks whether it had its effect. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultId } from '../../../lib/metrics/faults.ts';
import { untilWhole } from '../../faults/cluster-view.ts';
import type { ActiveFault } from '../../faults/fault.ts';
import { faultOf } from '../../faults/index.ts';
import type { FaultWorld } from '../../faults/world.ts';
import { throwIfInterrupted } from '../../local/interrupted.ts';
import { brokenCodes } from '../judge.ts';
import type { RunnableBlock } from '../run-blocks.ts';
import type { BlockResult, DrillOutcome } from '../types.ts';
import { resetCluster } from './reset.ts';

/** Values of the names that blocks leave open. */
export type Names = Readonly<Record<string, string>>;

/** What must be so soon after a block: asked of the cluster by a client of our own, never read off the block's output. */
export interface Effect {
  readonly told: string;
  isSo(world: FaultWorld, names: Names): Promise<boolean>;
}

/** Brings about what a block needs; what it gives are names from then on. */
export type Hook = (world: FaultWorld, names: Names) => Promise<Names> | Promise<void>;

export interface Exercise {
  readonly page: string;
  /** Is there while the page is worked through. */
  readonly fault?: FaultId;
  /** After the fault, before the first block. */
  readonly prepare?: Hook;
  /** Before the block with this heading. */
  readonly before?: Readonly<Record<string, Hook>>;
  readonly effects: Readonly<Record<string, Effect>>;
  /** Headings of blocks that change something and cannot be done on a local cluster, with the reason. */
  readonly notHere?: Readonly<Record<string, string>>;
  readonly undo?: Hook;
}

export interface ExercisedBlock extends BlockResult {
  /** What was seen of its effect; null: it has none to look for, or was not run. */
  readonly effect: string | null;
}

export interface ExerciseResult {
  readonly page: string;
  readonly at: string;
  readonly fault: FaultId | null;
  readonly outcome: DrillOutcome;
  readonly reasons: readonly string[];
  readonly blocks: readonly ExercisedBlock[];
}

export interface ExerciseRun {
  readonly world: FaultWorld;
  /** Of the page, in order. */
  readonly blocks: readonly RunnableBlock[];
  /** This cluster's own names, asked when the fault is there. */
  readonly ownNames: () => Promise<Names>;
  readonly runBlock: (block: RunnableBlock, names: Names, dir: string) => Promise<BlockResult>;
  readonly signal: AbortSignal;
}

const effectWithinMs = 60_000;
const wholeWithinMs = 180_000;
const readWithinMs = 60_000;
/** Where blocks that ask for a password find it. */
export const typedFile = 'typed';

export async function runExercise(exercise: Exercise, run: ExerciseRun): Promise<ExerciseResult> {
  const { world, signal } = run;
  const dir = await mkdtemp(join(world.cluster.dir, 'exercise-'));
  const [at, reasons, blocks]: [string, string[], ExercisedBlock[]] = [new Date().toISOString(), [], []];
  let [fault, names]: [ActiveFault | null, Names] = [null, {}];
  const hook = async (given: Hook | undefined): Promise<void> => {
    names = { ...names, ...((await given?.(world, names)) ?? {}) };
  };
  /** What fails is a result of this page, not the end of the others. */
  const trying = async (what: string, action: () => Promise<unknown>): Promise<void> => {
    await action().catch((error: unknown) => {
      throwIfInterrupted(signal);
      reasons.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  await trying('preparing', async () => {
    fault = exercise.fault === undefined ? null : await faultOf(exercise.fault).inject(world);
    names = { ...(await run.ownNames()), DIR: dir };
    await hook(exercise.prepare);
  });
  for (const block of reasons.length === 0 ? run.blocks : []) {
    throwIfInterrupted(signal);
    await trying(block.heading, async () => {
      const result = await workThrough(block, exercise, async () => {
        await hook(exercise.before?.[block.heading]);
        await writeFile(join(dir, typedFile), `${names.TYPED ?? ''}\n`);
        return await run.runBlock(block, names, dir);
      });
      const { exitCode, note } = result;
      if (exitCode !== null && brokenCodes.includes(exitCode)) reasons.push(`${block.heading} ended with ${exitCode}`);
      const effect = exitCode === null ? undefined : exercise.effects[block.heading];
      const isSeen = effect === undefined || (await comesAbout(effect, world, names, signal));
      if (!isSeen) reasons.push(`${block.heading}: not seen that ${effect.told}; exit code ${exitCode}, ${note}`);
      blocks.push({ ...result, effect: effect === undefined || !isSeen ? null : effect.told });
    });
  }
  await trying('taking back', async () => await exercise.undo?.(world, names));
  await trying('healing', async () => await fault?.heal());
  const missing = await untilWhole(world.cluster, wholeWithinMs, signal);
  if (missing !== null) reasons.push(`afterwards ${missing}`);
  await trying('resetting', async () => await resetCluster(world));
  const lost = await lostInTheEnd(world, signal);
  if (lost > 0) reasons.push(`${lost} acknowledged records were lost`);
  await rm(dir, { recursive: true, force: true });
  const outcome = reasons.length === 0 ? 'met' : 'notMet';
  return { page: exercise.page, at, fault: exercise.fault ?? null, outcome, reasons, blocks };
}

async function workThrough(
  block: RunnableBlock,
  { notHere }: Exercise,
  work: () => Promise<BlockResult>,
): Promise<BlockResult> {
  const reason = block.notHere ?? notHere?.[block.heading] ?? null;
  if (reason !== null) return { page: block.page, heading: block.heading, exitCode: null, note: reason };
  return await work();
}

async function comesAbout(effect: Effect, world: FaultWorld, names: Names, signal: AbortSignal): Promise<boolean> {
  const untilMs = performance.now() + effectWithinMs;
  for (;;) {
    // A cluster that is being restarted refuses to answer: that is not yet.
    if (await effect.isSo(world, names).catch(() => false)) return true;
    if (performance.now() > untilMs) return false;
    await sleep(500, undefined, { signal });
  }
}

/** What was acknowledged and not read yet is still on its way for a while. */
async function lostInTheEnd({ load }: FaultWorld, signal: AbortSignal): Promise<number> {
  const untilMs = performance.now() + readWithinMs;
  for (;;) {
    const lost = Math.max(0, ...load.integrity().flatMap(({ groups }) => groups.map((group) => group.lost)));
    if (lost === 0 || performance.now() > untilMs) return lost;
    await sleep(500, undefined, { signal });
  }
}

/** A file that a block wrote. */
export async function written({ DIR = '' }: Names, file: string): Promise<string> {
  return await readFile(join(DIR, file), 'utf8');
}
