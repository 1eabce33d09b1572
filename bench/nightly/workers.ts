/**
 * Several containers that drive the load together: which of them this one is, and the barrier before the load. Each drives
 * its share of the rates into topics of its own, because one run spread over processes is not there yet: there are as many
 * times the partitions, and each judges what it measured itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadroomError } from '../../lib/errors.ts';
import type { ObjectStore } from './object-store.ts';

export interface WorkerPlace {
  readonly index: number;
  readonly size: number;
}

/** Written last by every worker, whatever happened to it. */
export const outcomeFile = 'outcome.json';
const lookMs = 500;

/**
 * From the variables of AWS Batch or of a Kubernetes Job with completion mode Indexed, and HEADROOM_WORKERS for how many.
 * Throws USAGE when they do not fit together.
 */
export function workerPlace(environment: Readonly<Record<string, string | undefined>>): WorkerPlace {
  const sizeText = environment.HEADROOM_WORKERS ?? '1';
  const indexText = environment.AWS_BATCH_JOB_ARRAY_INDEX ?? environment.JOB_COMPLETION_INDEX ?? '0';
  const [size, index] = [Number(sizeText), Number(indexText)];
  if (Number.isInteger(size) && size >= 1 && Number.isInteger(index) && index >= 0 && index < size)
    return { index, size };
  throw new HeadroomError(
    'USAGE',
    `this is worker ${indexText} of HEADROOM_WORKERS=${sizeText}, expected an index below a whole number of workers`,
    { hint: 'set HEADROOM_WORKERS to the size of the array job, or to the completions of the Kubernetes Job' },
  );
}

export function workerFolder(index: number): string {
  return `worker-${index}`;
}

/**
 * Says that this worker is ready and waits for the others, so that all load begins at once.
 * Throws RESOURCE_MISSING when one ended before, or was not there in time, USAGE when the store is that of another run.
 */
export async function waitForWorkers(
  store: ObjectStore,
  { index, size }: WorkerPlace,
  options: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<void> {
  if ((await store.get(`ready/${index}`)) !== null) {
    throw new HeadroomError(
      'USAGE',
      `${store.address} was used by another run: its workers would open the barrier for ours`,
      {
        hint: 'give each run an address of its own, such as one that ends in its date',
      },
    );
  }
  await store.put(`ready/${index}`, '');
  const deadline = performance.now() + options.withinMs;
  for (;;) {
    options.signal.throwIfAborted();
    const ready = await store.list('ready/');
    const ended = (await store.list('worker-')).filter((key) => key.endsWith(`/${outcomeFile}`));
    // One that has seen all the others ready may have ended already: that is not "before".
    if (ready.length >= size) return;
    if (ended.length > 0)
      throw absent(`${ended.map((key) => key.split('/')[0]).join(', ')} ended before the load began`);
    if (performance.now() > deadline)
      throw absent(`${ready.length} of ${size} workers were ready after ${options.withinMs / 1000} s`);
    await sleep(lookMs);
  }
}

/** The outcomes of all workers in their order, as written; null for one that gave none in time. */
export async function collectOutcomes(
  store: ObjectStore,
  size: number,
  options: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<readonly (string | null)[]> {
  const deadline = performance.now() + options.withinMs;
  for (;;) {
    const found: (string | null)[] = [];
    for (let index = 0; index < size; index += 1) found.push(await store.get(`${workerFolder(index)}/${outcomeFile}`));
    if (!found.includes(null) || performance.now() > deadline || options.signal.aborted) return found;
    await sleep(lookMs);
  }
}

function absent(reason: string): HeadroomError {
  return new HeadroomError('RESOURCE_MISSING', `the load cannot begin: ${reason}`, {
    hint: "see the logs of the other workers' containers; all of them must start within the same few minutes",
  });
}
