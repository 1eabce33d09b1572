/**
 * A group member in a process of its own, to be killed; started by member-processes.ts. Every record is in its log once it is
 * processed: a write that has returned survives SIGKILL.
 */
import { openSync, writeSync } from 'node:fs';
import { type MemberTask, startMember } from './member.ts';

process.once('message', async ({ task, log }: { task: MemberTask; log: string }) => {
  const file = openSync(log, 'a');
  const member = await startMember(task, ({ partition, offset, atMs }) => {
    writeSync(file, `${partition} ${offset} ${atMs}\n`);
  });
  process.send?.('joined');
  process.once('SIGTERM', async () => {
    await member.stop();
    process.disconnect();
  });
});

// Without the one who started it nobody would end it.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
