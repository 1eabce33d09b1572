import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import {
  cpuSeconds,
  endProcesses,
  identify,
  isRunning,
  ownIdentity,
  type ProcessIdentity,
  parseProcStat,
  sendSignal,
} from '../../../bench/local/processes.ts';

async function started(shell: string): Promise<{ child: ChildProcess; identity: ProcessIdentity }> {
  const child = spawn('/bin/sh', ['-c', `${shell}; echo ready; read -r _`], { stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout ?? child, 'data');
  const identity = identify(child.pid ?? 0);
  if (identity === null) throw new Error('the child is not running');
  return { child, identity };
}

it('reads /proc/PID/stat of a program whose name holds spaces and brackets', () => {
  const fields = ['S', 1, 2, 3, 0, -1, 4194560, 1, 2, 3, 4, 150, 25, 0, 0, 20, 0, 7, 0, 987654, 0];
  expect(parseProcStat(`4242 (a) b (c) ${fields.join(' ')}\n`)).toEqual({
    state: 'S',
    startTime: '987654',
    threads: 7,
    cpuTicks: 175,
  });
  expect(parseProcStat('')).toBeNull();
});

it('knows this process, and that a pid alone is not an identity', () => {
  const own = ownIdentity();
  expect(isRunning(own)).toBe(true);
  expect(isRunning({ ...own, startTime: `${own.startTime}1` })).toBe(false);
  expect(cpuSeconds(own) ?? 0).toBeGreaterThan(0);
  expect(cpuSeconds({ ...own, startTime: '1' })).toBeNull();
});

it('ends a process with SIGTERM', async () => {
  const { child, identity } = await started(':');
  const [left] = await Promise.all([endProcesses([identity], 5_000), once(child, 'exit')]);
  expect(left).toEqual([]);
  expect(child.signalCode).toBe('SIGTERM');
});

it('ends with SIGKILL one that does not heed SIGTERM', async () => {
  const { child, identity } = await started("trap '' TERM");
  const [left] = await Promise.all([endProcesses([identity], 100), once(child, 'exit')]);
  expect(left).toEqual([]);
  expect(child.signalCode).toBe('SIGKILL');
});

it('leaves a process alone that only has the pid of the one meant', async () => {
  const { identity } = await started(':');
  const former = { pid: identity.pid, startTime: '1' };
  expect(sendSignal(former, 'SIGKILL')).toBe(false);
  expect(await endProcesses([former], 0)).toEqual([]);
  expect(isRunning(identity)).toBe(true);
});

it('counts a zombie as gone', async () => {
  // The parent never reaps: it has replaced itself with a program that knows nothing of the child.
  const parent = spawn('/bin/sh', ['-c', 'sh -c "echo \\$\\$" & exec sleep 30'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  await expect.poll(() => identify(pid), { timeout: 20_000 }).toBeNull();
});
