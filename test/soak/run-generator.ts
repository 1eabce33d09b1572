/** Runs `generator.mjs` to its end and gathers what it said. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../bench/package-root.ts';
import type { TopicIntegrity } from '../../lib/measurement/types.ts';
import { judgeMemory, type MemoryJudgement } from './judge-memory.ts';

export interface GeneratorOptions {
  readonly ratePerSec: number;
  readonly seconds: number;
  /** Left out: no cluster, every record comes back at once. */
  readonly bootstrap?: readonly string[];
  /** Without a cluster: from when to when nothing is acknowledged, so that records wait. */
  readonly stallSec?: readonly [number, number];
  readonly topic?: string;
  readonly partitions?: number;
}

export interface GeneratorOutcome {
  readonly achievedPerSec: number;
  /** Of those due in the measured window. */
  readonly acknowledged: number;
  readonly publishP99Ms: number | null;
  readonly integrity: TopicIntegrity;
  readonly cpuCores: number;
}

export interface GeneratorSample {
  readonly atSec: number;
  readonly rssBytes: number;
  /** On the heap and beside it: what a collection leaves in the second half. */
  readonly heldBytes: number;
}

export interface GeneratorRun {
  readonly samples: readonly GeneratorSample[];
  readonly outcome: GeneratorOutcome;
  readonly incidents: readonly string[];
}

/** Rejects when the process fails or says nothing at its end. */
export async function runGenerator(options: GeneratorOptions): Promise<GeneratorRun> {
  const script = join(packageRoot, 'test', 'soak', 'generator.mjs');
  const child = spawn(process.execPath, ['--expose-gc', script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const samples: GeneratorSample[] = [];
  const incidents: string[] = [];
  let outcome: GeneratorOutcome | null = null;
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as
      | GeneratorSample
      | GeneratorOutcome
      | { readonly incident: { readonly message: string } };
    if ('incident' in line) incidents.push(line.incident.message);
    else if ('integrity' in line) outcome = line;
    else samples.push(line);
  }
  const exitCode = await ended;
  if (exitCode !== 0 || outcome === null) throw new Error(`the generator ended with ${exitCode} and no outcome`);
  return { samples, outcome, incidents };
}

/** Freed memory stays with the process for a while and hides what grows in it, so both are judged. */
export function judgeSamples(samples: readonly GeneratorSample[]): Record<'rss' | 'held', MemoryJudgement> {
  return {
    rss: judgeMemory(samples.map(({ atSec, rssBytes }) => ({ atSec, bytes: rssBytes }))),
    held: judgeMemory(samples.map(({ atSec, heldBytes }) => ({ atSec, bytes: heldBytes }))),
  };
}
