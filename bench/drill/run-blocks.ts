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
