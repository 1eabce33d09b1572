/** k6 as a program that keeps its own schedule: runs load.k6.ts with the plan of a phase and tells what became of each record. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { HeadroomError } from '../../lib/errors.ts';
import type { LoadProgram, ProgramOutcome, ProgramSpec, RunningProgram } from '../drivers/program.ts';
import { cpuSeconds, identify } from '../local/processes.ts';
import { ensureK6, k6Source } from './build.ts';
import { parseEvent } from './events.ts';
import { recordsPerIteration, scriptPlan } from './script-plan.ts';

/** Compiling the script for every virtual user takes seconds on a busy machine. */
const beginWithinMs = 60_000;
/** k6's own code for crossed thresholds: the verdict is ours, so that it is no failure. */
const thresholdsCrossed = 99;
const keptLines = 20;

export const k6Program: LoadProgram = {
  start: async (spec) => {
    const program = await ensureK6({ signal: spec.signal, onProgress: () => {} });
    const folder = await mkdtemp(join(tmpdir(), 'headroom-k6-'));
    const run = new K6Run(spec, folder);
    try {
      await run.begin(program);
      return run;
    } catch (error) {
      await run.stop();
      throw error;
    }
  },
};

class K6Run implements RunningProgram {
  readonly beganMs = new Map<string, number>();
  readonly recordsTogether: ReadonlyMap<string, number>;
  ended: Promise<ProgramOutcome> = Promise.resolve({ dropped: 0, limit: null });
  readonly #spec: ProgramSpec;
  readonly #folder: string;
  readonly #lines: string[] = [];
  #child: ChildProcess | null = null;
  #onBegan: () => void = () => {};

  constructor(spec: ProgramSpec, folder: string) {
    this.#spec = spec;
    this.#folder = folder;
    this.recordsTogether = new Map(
      spec.topics.map(({ topic, ratePerSec }) => [topic, recordsPerIteration(ratePerSec)]),
    );
  }

  async begin(program: string): Promise<void> {
    const began = new Promise<void>((resolve) => {
      this.#onBegan = resolve;
    });
    await writeFile(join(this.#folder, 'plan.json'), JSON.stringify(scriptPlan(this.#spec)));
    const child = this.#spawn(program);
    this.#child = child;
    this.ended = this.#outcome(child);
    // Told again to whoever waits for the end.
    this.ended.catch(() => {});
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#failure(`did not begin within ${beginWithinMs / 1_000} s`)), beginWithinMs);
    });
    const endedEarly = this.ended.then(() => {
      throw this.#failure('ended before it began');
    });
    try {
      await Promise.race([began, endedEarly, tooLate]);
    } finally {
      clearTimeout(timer);
      endedEarly.catch(() => {});
    }
  }

  cpuSeconds(): number | null {
    const identity = this.#child?.pid === undefined ? null : identify(this.#child.pid);
    return identity === null ? null : cpuSeconds(identity);
  }

  async stop(): Promise<void> {
    // Twice is k6's word for: at once.
    if (this.#child?.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.ended.catch(() => {});
    await rm(this.#folder, { recursive: true, force: true });
  }

  #spawn(program: string): ChildProcess {
    const { topics } = this.#spec;
    const ids = topics.map(({ topic, idOffset, idDigits }) => [topic, { offset: idOffset, length: idDigits }]);
    const child = spawn(
      program,
      ['run', '--quiet', '--no-color', '--log-format', 'raw', '--address', '', join(k6Source, 'load.k6.ts')],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          K6_NO_USAGE_REPORT: 'true',
          K6_AUTO_EXTENSION_RESOLUTION: 'false',
          HEADROOM_PLAN: join(this.#folder, 'plan.json'),
          HEADROOM_SUMMARY: join(this.#folder, 'summary.json'),
          HEADROOM_K6_IDS: JSON.stringify(Object.fromEntries(ids)),
        },
      },
    );
    createInterface({ input: child.stdio[2] as Readable }).on('line', (line) => this.#onLogLine(line));
    createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
      const event = parseEvent(line);
      if (event !== null) this.#spec.onEvent(event);
    });
    return child;
  }

  #onLogLine(line: string): void {
    const match = /^began (\S+) (\d+)$/.exec(line);
    if (match === null) {
      this.#lines.push(line);
      if (this.#lines.length > keptLines) this.#lines.shift();
      return;
    }
    this.beganMs.set(match[1] ?? '', Number(match[2]));
    if (this.beganMs.size === this.#spec.topics.length) this.#onBegan();
  }

  /** `close` comes after both pipes were read to their ends. */
  async #outcome(child: ChildProcess): Promise<ProgramOutcome> {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0 && code !== thresholdsCrossed) throw this.#failure(`ended with ${code ?? child.signalCode}`);
    const summary = JSON.parse(await readFile(join(this.#folder, 'summary.json'), 'utf8')) as Summary;
    const dropped = summary.metrics.dropped_iterations?.values.count ?? 0;
    const limit = dropped === 0 ? null : `k6 dropped ${dropped} iterations, for want of free virtual users`;
    return { dropped, limit };
  }

  #failure(what: string): HeadroomError {
    return new HeadroomError('DRIVER_FAILED', [`k6 ${what}`, ...this.#lines].join('\n'), {
      hint: 'check that all brokers run and that the topics exist, or use another --driver',
    });
  }
}

/** Of k6's handleSummary, as far as it is looked at. */
interface Summary {
  readonly metrics: Readonly<Record<string, { readonly values: { readonly count?: number } } | undefined>>;
}
