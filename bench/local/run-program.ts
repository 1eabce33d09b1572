/** Runs a program to its end in a process group of its own, so that stopping it stops what it started too. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Environment } from './executable.ts';
import { throwIfInterrupted } from './interrupted.ts';

const keptLines = 400;
const stopGraceMs = 2_000;

export interface ProgramSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Environment;
  /** Working directory; that of this process when left out. */
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

export interface ProgramResult {
  /** null when it was ended by a signal that is not ours. */
  readonly exitCode: number | null;
  /** Standard output and error, interleaved; the last lines of a long output. */
  readonly lines: readonly string[];
}

/** Rejects with INTERRUPTED once the program is gone, or with the system's error when it cannot be started. */
export async function runProgram(spec: ProgramSpec): Promise<ProgramResult> {
  throwIfInterrupted(spec.signal);
  const child = spawn(spec.file, spec.args, {
    env: spec.env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      spec.onLine?.(line);
    });
  }
  let hardStop: NodeJS.Timeout | undefined;
  const stop = (): void => {
    endGroup(child.pid, 'SIGTERM');
    hardStop = setTimeout(() => endGroup(child.pid, 'SIGKILL'), stopGraceMs);
  };
  spec.signal?.addEventListener('abort', stop, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    throwIfInterrupted(spec.signal);
    return { exitCode, lines };
  } finally {
    clearTimeout(hardStop);
    spec.signal?.removeEventListener('abort', stop);
  }
}

function endGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // Already gone.
  }
}
