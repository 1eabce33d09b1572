/** Runs shell blocks of runbook pages with the values of a local cluster; which blocks, the caller knows. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalCluster } from '../local/local-cluster.ts';
import { runProgram } from '../local/run-program.ts';
import type { BlockResult } from './types.ts';

export interface RunnableBlock {
  readonly page: string;
  readonly heading: string;
  readonly text: string;
  /** Why it cannot be run here; null: it can. */
  readonly notHere: string | null;
}

/** A page's check must answer within this; one that waits for ever is a defect of the page. */
const boundMs = 180_000;
const shownLines = 3;

/** Kafka's command line tools as scripts, which the artifacts from Maven lack: name of the script by its class. */
export async function writeKafkaBin(cluster: LocalCluster, tools: Readonly<Record<string, string>>): Promise<string> {
  const dir = join(cluster.dir, 'kafka-bin');
  const { java, kafka } = cluster.launch.runtime;
  const flags = '-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.level=ERROR';
  await mkdir(dir, { recursive: true });
  for (const [name, main] of Object.entries(tools)) {
    const path = join(dir, name);
    await writeFile(path, `#!/bin/sh\nexec '${java.path}' ${flags} -cp '${kafka.classpath}' ${main} "$@"\n`);
    await chmod(path, 0o755);
  }
  return dir;
}

/** One after the other, so that they do not hold each other up. */
export async function runBlocks(
  blocks: readonly RunnableBlock[],
  values: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly BlockResult[]> {
  const results: BlockResult[] = [];
  for (const block of blocks) results.push(await runBlock(block, values, signal));
  return results;
}

async function runBlock(
  { page, heading, text, notHere }: RunnableBlock,
  values: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<BlockResult> {
  if (notHere !== null) return { page, heading, exitCode: null, note: notHere };
  const { exitCode, lines } = await runProgram({
    // grep without a match is an answer: the last command decides, as at a prompt.
    ...{ file: 'timeout', args: [String(boundMs / 1000), 'bash', '-c', text] },
    env: { ...process.env, ...values },
    signal,
  });
  return { page, heading, exitCode, note: lines.slice(-shownLines).join(' | ').slice(0, 300) };
}
