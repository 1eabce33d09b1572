/** Group members in processes of their own, and what each has processed by its log. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import type { MemberTask, Processed } from './member.ts';

const program = join(packageRoot, 'dist', 'bench', 'trial', 'member-process.js');
const joinWithinMs = 30_000;
const stopWithinMs = 10_000;

export interface MemberProcess {
  /** By its log, oldest first. */
  processed(): Promise<readonly Processed[]>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM: it leaves the group; resolves when the process is gone. */
  stop(): Promise<void>;
}

export class MemberProcesses {
  readonly #children = new Set<ChildProcess>();
  readonly #folder: Promise<string> = mkdtemp(join(tmpdir(), 'headroom-members-'));
  #started = 0;

  /** Resolves when the member has joined its group. */
  async start(task: MemberTask): Promise<MemberProcess> {
    const log = join(await this.#folder, `${this.#started++}.log`);
    const child = fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#children.add(child);
    const gone = once(child, 'exit').then(() => {
      this.#children.delete(child);
    });
    child.send({ task, log });
    const timer = new AbortController();
    const limit = AbortSignal.any([timer.signal, AbortSignal.timeout(joinWithinMs)]);
    const joined = once(child, 'message', { signal: limit });
    const died = gone.then(() => {
      throw new Error(`a member of ${task.group} ended before it had joined`);
    });
    try {
      await Promise.race([joined, died]);
    } finally {
      timer.abort();
      joined.catch(() => {});
      died.catch(() => {});
    }
    const end = async (name: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
      child.kill(name);
      const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await gone;
      clearTimeout(late);
    };
    return {
      processed: async () => parse(await readFile(log, 'utf8').catch(() => '')),
      signal: (name) => void child.kill(name),
      kill: async () => await end('SIGKILL'),
      stop: async () => await end('SIGTERM'),
    };
  }

  /** Kills what is left and removes the logs. */
  async close(): Promise<void> {
    const left = [...this.#children].map(async (child) => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    });
    await Promise.all(left);
    await rm(await this.#folder, { recursive: true, force: true });
  }
}

/** The last line may be half written. */
function parse(text: string): readonly Processed[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [partition = 0, offset = 0, atMs = 0] = line.split(' ').map(Number);
      return { partition, offset, atMs };
    });
}
