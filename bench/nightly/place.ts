/** Several containers that drive the load of one night together: which of them this one is, and where all of them meet. */
import { createHash } from 'node:crypto';
import { HeadroomError } from '../../lib/errors.ts';
import { controlTopicOf } from '../workers/control-topic.ts';

export interface WorkerPlace {
  /** The first one leads the run, and is a worker too. */
  readonly index: number;
  readonly size: number;
}

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

/** Known to all containers before any of them has begun: it follows from the address of their results. */
export function nightlyControlTopic(address: string): string {
  return controlTopicOf(createHash('sha256').update(address).digest('hex').slice(0, 8));
}
