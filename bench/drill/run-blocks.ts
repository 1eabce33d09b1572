/** Runs shell blocks of runbook pages with the values of a local cluster; which blocks, the caller knows. */
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

export interface Surroundings {
  readonly values: Readonly<Record<string, string>>;
  /** Where the block runs, with a file of what it asks for at the keyboard; left out: here, and it asks for nothing. */
  readonly dir?: { readonly path: string; readonly typed: string };
  readonly signal: AbortSignal;
}

/** One after the other, so that they do not hold each other up. */
export async function runBlocks(
  blocks: readonly RunnableBlock[],
  surroundings: Surroundings,
): Promise<readonly BlockResult[]> {
  const results: BlockResult[] = [];
  for (const block of blocks) results.push(await runBlock(block, surroundings));
  return results;
}

export async function runBlock(
  { page, heading, text, notHere }: RunnableBlock,
  { values, dir, signal }: Surroundings,
): Promise<BlockResult> {
  if (notHere !== null) return { page, heading, exitCode: null, note: notHere };
  const { exitCode, lines } = await runProgram({
    // grep without a match is an answer: the last command decides, as at a prompt.
    ...{
      file: 'timeout',
      args: [String(boundMs / 1000), 'bash', '-c', dir === undefined ? text : `exec < ${dir.typed}\n${text}`],
    },
    env: { ...process.env, ...values },
    ...(dir === undefined ? {} : { cwd: dir.path }),
    signal,
  });
  return { page, heading, exitCode, note: lines.slice(-shownLines).join(' | ').slice(0, 300) };
}
