/**
 * The same job at night: for a cron line, any CI, AWS Batch or a Kubernetes Job. It tells its stages with the time, leaves an
 * outcome whatever happens, and puts everything where others can read it. Its exit code is that of `prove`.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolders } from '../bench/make-folders.ts';
import { type ObjectStore, parseStoreAddress } from '../bench/nightly/object-store.ts';
import { uploadFolder } from '../bench/nightly/upload-folder.ts';
import {
  collectOutcomes,
  outcomeFile,
  type WorkerPlace,
  waitForWorkers,
  workerFolder,
  workerPlace,
} from '../bench/nightly/workers.ts';
import type { ProveOptions } from '../bench/prove.ts';
import { resultFiles } from '../bench/results.ts';
import { type ExitCode, HeadroomError } from '../lib/errors.ts';
import { renderText } from '../lib/report/text.ts';
import type { Run } from '../lib/report/types.ts';
import { type CommandContext, stringOption } from './command.ts';
import { mergeOutcomes, type NightlyOutcome, shortSummary } from './nightly-outcome.ts';
import { renderError } from './render-error.ts';

/** How a nightly run takes part in a proof. */
export interface NightlyHooks {
  readonly worker: WorkerPlace;
  readonly prove: Pick<ProveOptions, 'onWritten' | 'beforeLoad'>;
}

export interface Proven {
  readonly exitCode: ExitCode;
  readonly run: Run;
  readonly folder: string;
}

/** Workers of one job start minutes apart when machines have to be found first. */
const workersReadyWithinMs = 15 * 60_000;
/** They end together but for clean-up and upload. */
const workersEndWithinMs = 10 * 60_000;

/** Runs `prove` with the hooks and leaves its outcome. Throws what it threw, after that. */
export async function overnight(
  context: CommandContext,
  useCase: string,
  prove: (context: CommandContext, hooks: NightlyHooks) => Promise<Proven>,
): Promise<ExitCode> {
  const worker = workerPlace(process.env);
  const store = await openUpload(context);
  if (store === null && worker.size > 1) {
    throw new HeadroomError('USAGE', `${worker.size} workers meet in the store of --upload, and there is none`, {
      hint: 'add --upload s3://bucket/prefix, the same for all of them',
    });
  }
  const startedAt = new Date().toISOString();
  let hasManifest = false;
  const own = worker.size === 1 ? store : (store?.below(workerFolder(worker.index)) ?? null);
  const hooks: NightlyHooks = {
    worker,
    prove: {
      onWritten: async (file, text) => {
        const stored = own?.put(resultFiles[file], text);
        // A run that breaks off still shows what it measured; one that ends stores all of it again.
        if (file !== 'manifest') return await stored?.catch(() => {});
        // Before the topics it names exist: whoever cleans up after us must find it even when this machine is gone.
        hasManifest = true;
        await stored;
      },
      beforeLoad: async (signal) => {
        if (store !== null && worker.size > 1)
          await waitForWorkers(store, worker, { withinMs: workersReadyWithinMs, signal });
      },
    },
  };
  const ended = (): Pick<NightlyOutcome, 'schemaVersion' | 'useCase' | 'startedAt' | 'endedAt'> => ({
    schemaVersion: 1,
    useCase,
    startedAt,
    endedAt: new Date().toISOString(),
  });
  const leave = (outcome: NightlyOutcome): Promise<void> => leaveOutcome(context, { store, own, worker }, outcome);
  try {
    const { exitCode, run, folder } = await prove(withStages(context), hooks);
    if (own !== null) await uploadFolder(own, folder);
    const isClean = !run.measurement.incidents.some(({ kind }) => kind === 'cleanup');
    const summary = shortSummary(renderText(run));
    const results = own?.address ?? folder;
    await leave({ ...ended(), outcome: run.verdict.outcome, exitCode, summary, isClean, results });
    return exitCode;
  } catch (error) {
    const { text, exitCode } = renderError(error);
    const results = hasManifest ? (own?.address ?? null) : null;
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

interface Places {
  readonly store: ObjectStore | null;
  readonly own: ObjectStore | null;
  readonly worker: WorkerPlace;
}

/** On this machine as the latest of the use case, and in the store; the first worker adds what all came to. */
async function leaveOutcome(context: CommandContext, places: Places, outcome: NightlyOutcome): Promise<void> {
  const { store, own, worker } = places;
  const text = `${JSON.stringify(outcome, null, 2)}\n`;
  const folder = join(resolve(context.cwd, stringOption(context, 'out') ?? 'results'), outcome.useCase);
  await makeFolders(folder);
  await writeFile(join(folder, outcomeFile), text);
  await own?.put(outcomeFile, text);
  if (store === null || worker.size === 1 || worker.index !== 0) return;
  const limits = { withinMs: workersEndWithinMs, signal: context.signal };
  const found = await collectOutcomes(store, worker.size, limits);
  const merged = mergeOutcomes(
    found.map((one) => (one === null ? null : (JSON.parse(one) as NightlyOutcome))),
    outcome,
    store.address,
  );
  await store.put(outcomeFile, `${JSON.stringify(merged, null, 2)}\n`);
}
