/** Clusters on record whose brokers are `sleep` processes, launched as real ones are. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { launcherPath } from '../../../bench/local/broker-process.ts';
import { identify, ownIdentity, type ProcessIdentity } from '../../../bench/local/processes.ts';
import { type ClusterRecord, pidFile } from '../../../bench/local/registry.ts';
import { scratchDir } from './scratch.ts';

/** A process that ran once: this pid, started long before. */
export const deadOwner: ProcessIdentity = { pid: process.pid, startTime: '1' };

export function standInRecord(changes: Partial<ClusterRecord> = {}): ClusterRecord {
  const dir = changes.dir ?? scratchDir();
  const brokers = [1, 2].map((id) => ({
    id,
    port: 19_092 + id,
    controllerPort: 19_192 + id,
    jmxPort: 19_292 + id,
    exporterPort: 19_392 + id,
    rack: `rack-${id}`,
    dir: join(dir, `broker-${id}`),
  }));
  for (const broker of brokers) mkdirSync(broker.dir, { recursive: true });
  mkdirSync(join(dir, 'logs'), { recursive: true });
  writeFileSync(join(dir, 'logs', 'server.log'), 'kept\n');
  return {
    schemaVersion: 1,
    dir,
    clusterId: 'AAAAAAAAAAAAAAAAAAAAAA',
    kafkaVersion: '4.3.1',
    createdAt: '2026-11-21T04:10:22.000Z',
    owner: ownIdentity(),
    detached: false,
    keepData: false,
    brokers,
    ...changes,
  };
}

/** Starts `sleep` as a broker of the record in `folder`; resolves when it has written its pid file. */
export async function launchStandIn(folder: string, id: number | string): Promise<ProcessIdentity> {
  const child: ChildProcess = spawn('/bin/sh', [launcherPath, pidFile(folder, id), 'sleep', '60'], {
    stdio: 'ignore',
    detached: true,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  while (!existsSync(pidFile(folder, id))) await sleep(5);
  const identity = identify(child.pid ?? 0);
  if (identity === null) throw new Error('the stand-in did not start');
  return identity;
}
