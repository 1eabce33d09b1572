/** The workers of a command that drives a load: processes of this machine, or started elsewhere by somebody else. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LoadSession, LoadSpec } from '../bench/load/types.ts';
import { packageRoot } from '../bench/package-root.ts';
import type { LoadWorkers } from '../bench/prove.ts';
import {
  controlTopicForm,
  controlTopicOf,
  openControlTopic,
  runOfControlTopic,
} from '../bench/workers/control-topic.ts';
import { emptyFolderMeeting } from '../bench/workers/folder-meeting.ts';
import { openWorkers } from '../bench/workers/session.ts';
import { HeadroomError } from '../lib/errors.ts';
import { type CommandContext, integerOption, type OptionSpec, stringOption } from './command.ts';

/** More workers than this would wait for each other rather than load a cluster. */
export const mostWorkers = 64;
const ownReadyWithinMs = 60_000;
/** Machines may have to be found first. */
export const othersReadyWithinMs = 15 * 60_000;
/** What `--meet` takes for a control topic of any name. */
const anyTopic = 'topic';

export const workerOptionSpecs = {
  workers: { type: 'string', value: 'N', description: 'processes that drive the load, 1 to 64; 1 when left out' },
  meet: {
    type: 'string',
    value: 'DIR|TOPIC',
    description: `workers are started elsewhere (headroom worker) and meet in this folder or control topic; ${anyTopic}: a new one`,
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** Undefined for one process. Throws USAGE. */
export function loadWorkers(context: CommandContext): LoadWorkers | undefined {
  const count = integerOption(context, 'workers', { min: 1, max: mostWorkers, fallback: 1 });
  const place = placeOf(context, stringOption(context, 'meet'));
  if (count > 1)
    return { count, controlTopic: place.controlTopic, open: async (spec) => await openIn(place, context, count, spec) };
  if (place.isOwn) return undefined;
  throw new HeadroomError('USAGE', '--meet is where workers meet, and there is one process', {
    hint: 'for instance --workers 3 --meet topic',
  });
}

interface Place {
  /** The run starts the workers itself. */
  readonly isOwn: boolean;
  readonly folder: string;
  /** In place of the folder. */
  readonly controlTopic: string | null;
}

function placeOf({ cwd }: CommandContext, meet: string | undefined): Place {
  if (meet === undefined)
    return { isOwn: true, folder: join(cwd, '.headroom', `workers-${process.pid}`), controlTopic: null };
  const controlTopic =
    meet === anyTopic ? controlTopicOf(randomBytes(4).toString('hex')) : controlTopicNamed('--meet', meet);
  return { isOwn: false, folder: resolve(cwd, meet), controlTopic };
}

/** The control topic that an argument names; null for a folder. Throws USAGE for a name that is nearly one. */
export function controlTopicNamed(argument: string, text: string): string | null {
  if (runOfControlTopic(text) !== null) return text;
  if (!/^headroom-[^/\\]*$/.test(text)) return null;
  throw new HeadroomError(
    'USAGE',
    `${argument}: expected a folder or a control topic named ${controlTopicForm}, got "${text}"`,
    {
      hint: `for instance ${controlTopicOf('0a1b2c3d')}; a folder of that name is ./${text}`,
    },
  );
}

async function openIn(place: Place, context: CommandContext, count: number, spec: LoadSpec): Promise<LoadSession> {
  const { isOwn, folder, controlTopic } = place;
  const meeting =
    controlTopic === null ? await emptyFolderMeeting(folder) : await openControlTopic(spec.target, controlTopic);
  const command = joinCommand(place, context, spec);
  const children: ChildProcess[] = [];
  return await openWorkers(spec, {
    meeting,
    workers: count,
    readyWithinMs: isOwn ? ownReadyWithinMs : othersReadyWithinMs,
    command,
    start: () => {
      if (isOwn) for (let worker = 0; worker < count; worker += 1) children.push(startWorker(context, folder, worker));
      else context.stderr(`waiting for ${count} workers, I from 0 to ${count - 1}:\n  ${command}\n`);
    },
    leave: async (hasBegun) => {
      if (!hasBegun) for (const child of children) child.kill();
      await Promise.all(children.map(ended));
      if (isOwn) await rm(folder, { recursive: true, force: true });
    },
  });
}

/** As it is typed on the machine of a worker. */
function joinCommand({ folder, controlTopic }: Place, context: CommandContext, { target }: LoadSpec): string {
  const config = stringOption(context, 'client-config');
  return [
    'headroom worker',
    ...(controlTopic === null ? [folder] : [controlTopic, '--bootstrap', target.bootstrap.join(',')]),
    '--index I',
    ...(config === undefined ? [] : ['--client-config', config]),
  ].join(' ');
}

/** A worker ends by itself soon after the run; one that hangs is ended. */
const endWithinMs = 10_000;

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function startWorker(context: CommandContext, folder: string, worker: number): ChildProcess {
  const config = stringOption(context, 'client-config');
  const program = join(packageRoot, 'dist', 'bin', 'headroom.js');
  const signIn = config === undefined ? [] : ['--client-config', config];
  return spawn(process.execPath, [program, 'worker', folder, '--index', String(worker), ...signIn], {
    cwd: context.cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
