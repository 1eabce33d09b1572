/** `headroom worker`: one of several processes, on one machine or many, that drive the load of a run together. */
import { resolve } from 'node:path';
import { readClientConfig } from '../../bench/security/client-config.ts';
import type { Security } from '../../bench/security/security.ts';
import { parseBootstrap } from '../../bench/target/connect.ts';
import { awaitControlTopic, controlTopicForm, openControlTopic } from '../../bench/workers/control-topic.ts';
import { folderMeeting } from '../../bench/workers/folder-meeting.ts';
import type { Meeting } from '../../bench/workers/meeting.ts';
import { runWorker } from '../../bench/workers/worker.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { type Command, type CommandContext, integerOption, stringOption } from '../command.ts';
import { controlTopicNamed, mostWorkers, othersReadyWithinMs } from '../load-workers.ts';

export const command: Command = {
  name: 'worker',
  arguments: 'DIR|TOPIC',
  minArguments: 1,
  maxArguments: 1,
  summary: 'drive a share of the load of a run that other workers take part in',
  options: {
    index: {
      type: 'string',
      value: 'I',
      description: 'which worker this is, from 0; JOB_COMPLETION_INDEX when left out',
    },
    bootstrap: {
      type: 'string',
      value: 'HOST:PORT,...',
      description: 'the cluster under test, which has the control topic TOPIC',
    },
    'client-config': {
      type: 'string',
      value: 'FILE',
      description: 'Kafka client settings for TLS, SASL or AWS IAM, see docs/security.md',
    },
  },
  notes: [
    'DIR is a folder that all machines share, TOPIC a control topic of the cluster under test; both as in --meet of prove or limit,',
    'which prints this command. May be started first: it waits 15 min for the run to begin, and ends with it.',
    'Exits 0 when the run has ended, whatever it found; the verdict is that of the command that began it.',
  ].join('\n'),
  examples: [
    'headroom worker headroom-0a1b2c3d-workers --bootstrap broker-1:9092,broker-2:9092 --index 0',
    'headroom worker /shared/run --index 0',
  ],
  async run(context) {
    const config = stringOption(context, 'client-config');
    const security = config === undefined ? undefined : readClientConfig(config, context.cwd);
    const fallback = Number(process.env.JOB_COMPLETION_INDEX ?? Number.NaN);
    const worker = integerOption(context, 'index', { min: 0, max: mostWorkers - 1, fallback });
    if (!Number.isInteger(worker) || worker < 0) {
      throw new HeadroomError('USAGE', 'which worker this is was not said', { hint: 'for instance --index 0' });
    }
    const place = placeOf(context);
    const onProgress = (text: string): void =>
      context.onProgress({ stage: `worker ${worker}`, detail: text, fraction: null });
    const meeting = await meet(context, place, security);
    try {
      await runWorker({
        meeting,
        worker,
        planWithinMs: othersReadyWithinMs,
        ...(place.bootstrap === undefined ? {} : { bootstrap: place.bootstrap }),
        security,
        signal: context.signal,
        onProgress,
      });
    } finally {
      await meeting.close();
    }
    return exitCodes.met;
  },
};

interface Place {
  readonly name: string;
  /** Of the cluster that has the control topic; undefined for a folder. */
  readonly bootstrap?: readonly string[];
}

/** Throws USAGE when it is neither. */
function placeOf(context: CommandContext): Place {
  const name = context.positionals[0] ?? '';
  const topic = controlTopicNamed('worker', name);
  const bootstrap = stringOption(context, 'bootstrap');
  if (topic === null && bootstrap === undefined) return { name };
  if (topic === null) {
    throw new HeadroomError(
      'USAGE',
      `--bootstrap names a cluster, and ${name} is no control topic (${controlTopicForm})`,
      {
        hint: 'name the topic that the run printed; a folder needs no --bootstrap',
      },
    );
  }
  if (bootstrap === undefined) {
    throw new HeadroomError('USAGE', `${topic} is a control topic, and no cluster was named`, {
      hint: `for instance headroom worker ${topic} --bootstrap broker:9092`,
    });
  }
  return { name, bootstrap: parseBootstrap(bootstrap) };
}

async function meet(context: CommandContext, { name, bootstrap }: Place, security?: Security): Promise<Meeting> {
  if (bootstrap === undefined) return folderMeeting(resolve(context.cwd, name));
  const target = { bootstrap, security };
  await awaitControlTopic(target, name, { withinMs: othersReadyWithinMs, signal: context.signal });
  return await openControlTopic(target, name);
}
