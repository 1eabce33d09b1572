/** Builds k6 with the Kafka module of this folder, once, into the user's cache. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { type Environment, findExecutable, isExecutable } from '../local/executable.ts';
import { runProgram } from '../local/run-program.ts';
import { packageRoot } from '../package-root.ts';
import type { OnProgress } from '../progress.ts';

export const k6Source = join(packageRoot, 'bench', 'k6');
/** Modules and packages to compile, for the progress display. */
const expectedSteps = 900;
const shownErrorLines = 6;

export interface BuildOptions {
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  readonly env?: Environment;
}

/**
 * Full path of the program: from the cache, else built, which takes minutes and downloads Go modules. Errors: RESOURCE_MISSING without Go, DRIVER_FAILED
 * with Go's own words, INTERRUPTED.
 */
export async function ensureK6({ onProgress, signal, env = process.env }: BuildOptions): Promise<string> {
  const program = join(await cacheFolder(env), 'k6');
  if (isExecutable(program)) return program;
  const go = requireGo(env);
  await mkdir(dirname(dirname(program)), { recursive: true });
  // Into a folder of its own, renamed when complete: a stopped build leaves nothing half done.
  const folder = await mkdtemp(`${dirname(program)}.building-`);
  try {
    await build({ go, env, signal, onProgress, output: join(folder, 'k6') });
    // Another process may have been first; its program is the same.
    await rename(folder, dirname(program)).catch((error) => {
      if (!isExecutable(program)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return program;
}

/** Full path of `go`. Throws RESOURCE_MISSING with the remedy. */
function requireGo(env: Environment): string {
  const path = findExecutable('go', env);
  if (path !== null) return path;
  throw new HeadroomError(
    'RESOURCE_MISSING',
    'no go on PATH; the driver k6 is built from bench/k6 once, with Go 1.26 or newer',
    {
      hint: 'install Go from https://go.dev/dl, then run the command again, or use another --driver',
    },
  );
}

interface Build {
  readonly go: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly output: string;
}

async function build({ go, env, signal, onProgress, output }: Build): Promise<void> {
  const stage = 'building k6';
  onProgress({ stage, detail: 'once, takes minutes', fraction: 0 });
  let steps = 0;
  const { exitCode, lines } = await runProgram({
    file: go,
    args: ['build', '-C', k6Source, '-v', '-buildvcs=false', '-ldflags=-s -w', '-o', output, '.'],
    // Workspaces of the user's own are not ours.
    env: { ...env, GOWORK: 'off', GOFLAGS: '' },
    signal,
    onLine: (line) => {
      steps += 1;
      onProgress({ stage, detail: line.slice(0, 60), fraction: Math.min(0.99, steps / expectedSteps) });
    },
  });
  if (exitCode === 0) return;
  throw new HeadroomError('DRIVER_FAILED', ['k6 could not be built:', ...lines.slice(-shownErrorLines)].join('\n'), {
    hint: 'Go 1.26 or newer is needed, and the Go module proxy must be reachable; try again, or use another --driver',
  });
}

/** Named by what is built, so that a new version is built anew. */
async function cacheFolder(env: Environment): Promise<string> {
  const cache = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return join(cache, 'headroom', `k6-${await sourceHash()}`);
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(k6Source, { recursive: true, withFileTypes: true });
  const sources = entries
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => (/\.go$/.test(path) && !path.endsWith('_test.go')) || /go\.(mod|sum)$/.test(path));
  for (const path of sources.toSorted()) {
    hash
      .update(relative(k6Source, path))
      .update('\0')
      .update(await readFile(path))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/** The version of k6 that is built, from go.mod. */
export function pinnedK6Version(goMod: string): string {
  const version = /^\s*go\.k6\.io\/k6 v(\S+)/m.exec(goMod)?.[1];
  if (version === undefined) throw new Error('go.mod pins no go.k6.io/k6');
  return version;
}
