/** The workers of a command that drives a load: processes of this machine, or started elsewhere by somebody else. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { packageRoot } from '../bench/package-root.ts';
import type { ProveOptions } from '../bench/prove.ts';
import { openWorkers } from '../bench/workers/session.ts';
import { HeadroomError } from '../lib/errors.ts';
import { type CommandContext, integerOption, stringOption } from './command.ts';

const mostWorkers = 64;
const ownReadyWithinMs = 60_000;
/** Machines may have to be found first. */
const othersReadyWithinMs = 15 * 60_000;

/** Undefined for one process. Throws USAGE. */
export function limitWorkers(context: CommandContext): ProveOptions['workers'] {
  const count = integerOption(context, 'workers', { min: 1, max: mostWorkers, fallback: 1 });
  const meet = stringOption(context, 'meet');
  if (count === 1) {
    if (meet === undefined) return undefined;
    throw new HeadroomError('USAGE', '--meet is where workers meet, and there is one process', {
      hint: 'for instance --workers 3 --meet /shared/run',
    });
  }
  const folder =
    meet === undefined ? join(context.cwd, '.headroom', `workers-${process.pid}`) : resolve(context.cwd, meet);
  return {
    count,
    open: async (spec) => {
      const children: ChildProcess[] = [];
      const session = await openWorkers(spec, {
        folder,
        workers: count,
        readyWithinMs: meet === undefined ? ownReadyWithinMs : othersReadyWithinMs,
        start: () => {
          if (meet !== undefined) return;
          for (let worker = 0; worker < count; worker += 1) children.push(startWorker(context, folder, worker));
        },
      }).catch((error: unknown) => {
        for (const child of children) child.kill();
        throw error;
      });
      return {
        run: async (phase) => await session.run(phase),
        integrity: () => session.integrity(),
        close: async () => {
          await session.close();
          await Promise.all(children.map(ended));
        },
      };
    },
  };
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
