/**
 * The same job at night: for a cron line, any CI, AWS Batch or a Kubernetes Job. It tells its stages with the time, leaves an
 * outcome whatever happens, and puts everything where others can read it. Its exit code is that of `prove`.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolders } from '../bench/make-folders.ts';
import { type ObjectStore, parseStoreAddress } from '../bench/nightly/object-store.ts';
import { type WorkerPlace, workerPlace } from '../bench/nightly/place.ts';
import { uploadFolder } from '../bench/nightly/upload-folder.ts';
import type { ProveOptions, ProveTarget } from '../bench/prove.ts';
import { resultFiles } from '../bench/results.ts';
import { type ExitCode, exitCodes, HeadroomError } from '../lib/errors.ts';
import { renderText } from '../lib/report/text.ts';
import type { Run } from '../lib/report/types.ts';
import { type CommandContext, stringOption } from './command.ts';
import { type NightlyOutcome, outcomeFile, shortSummary } from './nightly-outcome.ts';
import { followNight, leadNight } from './nightly-workers.ts';
import { renderError } from './render-error.ts';

/** How a nightly run takes part in a proof. */
export interface NightlyHooks {
  readonly prove: Pick<ProveOptions, 'onWritten' | 'workers'>;
}

export interface Proven {
  readonly exitCode: ExitCode;
  readonly run: Run;
  readonly folder: string;
}

export interface NightlyJob {
  readonly useCase: string;
  /** The cluster under test, for a container that only follows. */
  readonly target: () => Promise<ProveTarget>;
  readonly prove: (context: CommandContext, hooks: NightlyHooks) => Promise<Proven>;
}

/**
 * Runs `prove` with the hooks and leaves its outcome; throws what it threw, after that. In any but the first container of a
 * night, drives a share of the load instead, and leaves nothing.
 */
export async function overnight(context: CommandContext, { useCase, target, prove }: NightlyJob): Promise<ExitCode> {
  const place = workerPlace(process.env);
  const store = await openUpload(context);
  if (place.size > 1) await requireMeeting(context, place, store);
  if (place.index > 0 && store !== null) {
    try {
      await followNight(withStages(context), place, store, await target());
      return exitCodes.met;
    } finally {
      store.close();
    }
  }
  const startedAt = new Date().toISOString();
  let hasManifest = false;
  const hooks: NightlyHooks = {
    prove: {
      ...(place.size > 1 && store !== null ? { workers: leadNight(context, place, store.address) } : {}),
      onWritten: async (file, text) => {
        const stored = store?.put(resultFiles[file], text);
        // A run that breaks off still shows what it measured; one that ends stores all of it again.
        if (file !== 'manifest') return await stored?.catch(() => {});
        // Before the topics it names exist: whoever cleans up after us must find it even when this machine is gone.
        hasManifest = true;
        await stored;
      },
    },
  };
  const ended = (): Pick<NightlyOutcome, 'schemaVersion' | 'useCase' | 'startedAt' | 'endedAt'> => ({
    schemaVersion: 1,
    useCase,
    startedAt,
    endedAt: new Date().toISOString(),
  });
  const leave = (outcome: NightlyOutcome): Promise<void> => leaveOutcome(context, store, outcome);
  try {
    const { exitCode, run, folder } = await prove(withStages(context), hooks);
    if (store !== null) await uploadFolder(store, folder);
    const isClean = !run.measurement.incidents.some(({ kind }) => kind === 'cleanup');
    const summary = shortSummary(renderText(run));
    const results = store?.address ?? folder;
    await leave({ ...ended(), outcome: run.verdict.outcome, exitCode, summary, isClean, results });
    return exitCode;
  } catch (error) {
    const { text, exitCode } = renderError(error);
    const results = hasManifest ? (store?.address ?? null) : null;
    const summary = shortSummary(text);
    // The first error counts: one while telling it is told beside it.
    await leave({ ...ended(), outcome: 'inconclusive', exitCode, summary, isClean: !hasManifest, results }).catch(
      (second: unknown) => context.stderr(`the outcome could not be left: ${renderError(second).text}`),
    );
    throw error;
  } finally {
    store?.close();
  }
}

/** Throws USAGE when several containers could not find each other, or were given workers of their own. */
async function requireMeeting(
  { options }: CommandContext,
  { index, size }: WorkerPlace,
  store: ObjectStore | null,
): Promise<void> {
  if (store === null) {
    throw new HeadroomError('USAGE', `${size} containers know each other by the store of --upload, and there is none`, {
      hint: 'add --upload s3://bucket/prefix, the same for all of them',
    });
  }
  if (options.workers !== undefined || options.meet !== undefined) {
    throw new HeadroomError('USAGE', `--workers and --meet do not go with HEADROOM_WORKERS=${size}`, {
      hint: 'each container is a worker: leave the options out, or the variable',
    });
  }
  if (index > 0 || (await store.get(outcomeFile)) === null) return;
  throw new HeadroomError('USAGE', `${store.address} was used by another run: its outcome would end our workers`, {
    hint: 'give each run an address of its own, such as one that ends in its date',
  });
}

async function openUpload(context: CommandContext): Promise<ObjectStore | null> {
  const address = stringOption(context, 'upload');
  if (address === undefined) return null;
  const parsed = parseStoreAddress('--upload', address);
  const { openS3Store } = await import('../bench/aws/s3-store.ts');
  return openS3Store(parsed);
}

/** A line for each stage instead of a bar that is redrawn: logs are read later, line by line. */
function withStages(context: CommandContext): CommandContext {
  let last = '';
  return {
    ...context,
    onProgress: ({ stage }) => {
      const [name = ''] = stage.split(':');
      if (name === last) return;
      last = name;
      context.stderr(`${new Date().toISOString()} ${name}\n`);
    },
  };
}

/** On this machine as the latest of the use case, and in the store. */
async function leaveOutcome(
  context: CommandContext,
  store: ObjectStore | null,
  outcome: NightlyOutcome,
): Promise<void> {
  const text = `${JSON.stringify(outcome, null, 2)}\n`;
  const folder = join(resolve(context.cwd, stringOption(context, 'out') ?? 'results'), outcome.useCase);
  await makeFolders(folder);
  await writeFile(join(folder, outcomeFile), text);
  await store?.put(outcomeFile, text);
}
