/** `headroom worker`: one of several processes, on one machine or many, that drive the load of a run together. */
import { resolve } from 'node:path';
import { readClientConfig } from '../../bench/security/client-config.ts';
import { runWorker } from '../../bench/workers/worker.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { type Command, integerOption, stringOption } from '../command.ts';

/** More workers than this would wait for each other rather than load a cluster. */
const mostWorkers = 64;

export const command: Command = {
  name: 'worker',
  arguments: 'DIR',
  minArguments: 1,
  maxArguments: 1,
  summary: 'drive a share of the load of a run that other workers take part in',
  options: {
    index: {
      type: 'string',
      value: 'I',
      description: 'which worker this is, from 0; JOB_COMPLETION_INDEX when left out',
    },
    'client-config': {
      type: 'string',
      value: 'FILE',
      description: 'Kafka client settings for TLS, SASL or AWS IAM, see docs/security.md',
    },
  },
  notes: [
    'DIR is the folder of limit --meet, shared by all machines; the worker waits for the plan in it, and ends with the run.',
    'Exits 0 when the run has ended, whatever it found; the verdict is that of the command that began it.',
  ].join('\n'),
  examples: ['headroom worker /shared/run --index 0'],
  async run(context) {
    const config = stringOption(context, 'client-config');
    const fallback = Number(process.env.JOB_COMPLETION_INDEX ?? Number.NaN);
    const worker = integerOption(context, 'index', { min: 0, max: mostWorkers - 1, fallback });
    if (!Number.isInteger(worker) || worker < 0) {
      throw new HeadroomError('USAGE', 'which worker this is was not said', { hint: 'for instance --index 0' });
    }
    await runWorker({
      folder: resolve(context.cwd, context.positionals[0] ?? ''),
      worker,
      security: config === undefined ? undefined : readClientConfig(config, context.cwd),
      signal: context.signal,
      onProgress: (text) => context.onProgress({ stage: `worker ${worker}`, detail: text, fraction: null }),
    });
    return exitCodes.met;
  },
};
