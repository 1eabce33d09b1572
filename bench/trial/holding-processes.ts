/** Starts a consumer that takes one record and holds, and tells how much memory it holds. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

export interface HoldingTask {
  readonly client: '@platformatic/kafka' | 'kafkajs';
  readonly bootstrap: readonly string[];
  readonly group: string;
  readonly topic: string;
  /** max.partition.fetch.bytes */
  readonly partitionBytes: number;
  /** Records that the stream of @platformatic/kafka wants to hold; null: its default. */
  readonly highWaterMark: number | null;
}

const program = join(packageRoot, 'dist', 'bench', 'trial', 'holding-process.js');
const answerWithinMs = 20_000;

/** `isStill` is waited for; then the growth of memory since before it connected is given, in bytes. */
export async function holdOne(task: HoldingTask, isStill: () => Promise<void>): Promise<number> {
  const child = fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: ['--expose-gc'] });
  const gone = once(child, 'exit');
  const answer = async (): Promise<number> => {
    const [{ bytes }] = (await once(child, 'message', { signal: AbortSignal.timeout(answerWithinMs) })) as [
      { bytes: number },
    ];
    return bytes;
  };
  try {
    child.send(task);
    const before = await answer();
    await isStill();
    child.send('measure');
    return (await answer()) - before;
  } finally {
    child.kill('SIGKILL');
    await gone;
  }
}
