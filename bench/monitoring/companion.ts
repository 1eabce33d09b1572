/** Programs beside the brokers of a local cluster: recorded where the brokers are, so that whatever ends them ends these too. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launcherPath } from '../local/broker-process.ts';
import type { LocalCluster } from '../local/local-cluster.ts';
import { pidFile } from '../local/registry.ts';

/** What of a cluster they need. */
export type CompanionPlace = Pick<LocalCluster, 'logsDir'> & { readonly launch: { readonly recordFolder: string } };

const lookMs = 100;

/** In a session of its own, as a broker: Ctrl-C reaches only the harness. */
export function launchCompanion(
  { launch: { recordFolder }, logsDir }: CompanionPlace,
  name: string,
  command: readonly string[],
): void {
  const output = openSync(companionLog({ logsDir }, name), 'a');
  const child = spawn('/bin/sh', [launcherPath, pidFile(recordFolder, name), ...command], {
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  child.on('error', () => {});
  child.unref();
}

export function companionLog({ logsDir }: Pick<CompanionPlace, 'logsDir'>, name: string): string {
  return join(logsDir, `${name}.log`);
}

/** Whether the address answers well within the time. */
export async function isReadyWithin(url: string, boundMs: number, signal: AbortSignal): Promise<boolean> {
  const untilMs = performance.now() + boundMs;
  while (performance.now() < untilMs) {
    signal.throwIfAborted();
    const response = await fetch(url).catch(() => null);
    if (response?.ok === true) return true;
    await sleep(lookMs);
  }
  return false;
}
