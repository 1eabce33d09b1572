import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { isRunning } from '../../../bench/local/processes.ts';
import { pidFile } from '../../../bench/local/registry.ts';
import { startWatchdog, watchdogPath } from '../../../bench/local/watchdog.ts';
import { scratchDir } from './scratch.ts';
import { launchStandIn } from './stand-in.ts';

/** What is promised of the watchdog, and no less: a busy machine starts its programs late. */
const within = { timeout: 5_000 };

/** A watchdog whose owner can die at will: the test closes the pipe as the kernel would. */
function watchdogOver(folder: string) {
  const child = spawn('/bin/sh', [watchdogPath, folder], { stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

it('ends every recorded broker when its owner is gone, and nobody else', async () => {
  const folder = scratchDir();
  const watchdog = watchdogOver(folder);
  const brokers = [await launchStandIn(folder, 1), await launchStandIn(folder, 2)];
  const bystander = await launchStandIn(folder, 3);
  writeFileSync(pidFile(folder, 3), `${bystander.pid} 1\n`);
  watchdog.stdin.destroy();
  await expect.poll(() => brokers.map(isRunning), within).toEqual([false, false]);
  expect(isRunning(bystander)).toBe(true);
});

it('also ends a broker that writes its pid file only after the owner is gone', async () => {
  const folder = scratchDir();
  const watchdog = watchdogOver(folder);
  watchdog.stdin.destroy();
  await sleep(100);
  const late = await launchStandIn(folder, 1);
  await expect.poll(() => isRunning(late), within).toBe(false);
});

it('goes away and leaves the brokers alone when it is dismissed', async () => {
  const folder = scratchDir();
  const watchdog = await startWatchdog(folder);
  const broker = await launchStandIn(folder, 1);
  await Promise.all([watchdog.dismiss(), watchdog.dismiss()]);
  await watchdog.dismiss();
  expect(isRunning(broker)).toBe(true);
});

it('lives while its owner lives', async () => {
  const folder = scratchDir();
  const watchdog = watchdogOver(folder);
  const broker = await launchStandIn(folder, 1);
  await sleep(150);
  expect([watchdog.exitCode, isRunning(broker)]).toEqual([null, true]);
  watchdog.stdin.end('done\n');
  expect(await once(watchdog, 'exit')).toEqual([0, null]);
});
