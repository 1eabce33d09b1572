/**
 * Stand-ins for what a broker's own host has: `systemctl` acts on the process of broker "$BROKER" of the local cluster,
 * `journalctl` gives its log, `sudo` runs what it is given. So blocks that start and stop brokers run as they are written.
 */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { launchBroker } from '../../local/broker-process.ts';
import { killBroker, type LocalCluster } from '../../local/local-cluster.ts';
import { loopback } from '../../local/ports.ts';
import { isRunning, sendSignal } from '../../local/processes.ts';
import { readIdentity } from '../../local/registry.ts';

export interface BrokerHost {
  /** To be put before PATH. */
  readonly bin: string;
  stop(): Promise<void>;
}

/** Said on every page that was exercised with them. */
export const standIns = '`systemctl`, `journalctl` and `sudo` stood for the process and the log of the local broker';

export async function startBrokerHost(cluster: LocalCluster): Promise<BrokerHost> {
  const server = createServer((request, response) => {
    let words = '';
    request.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
    request.on('end', async () => {
      const id = Number(request.url?.slice(1));
      const refused = await obey(cluster, id, words.trim().split(/\s+/)).catch((error: unknown) => String(error));
      response.writeHead(refused === null ? 200 : 400).end(refused === null ? '' : `${refused}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  const { port } = server.address() as AddressInfo;
  const bin = join(cluster.dir, 'host-bin');
  const log = `"${cluster.logsDir}/broker-$BROKER/server.log"`;
  const scripts = {
    sudo: 'exec "$@"',
    systemctl: `exec curl --silent --show-error --fail-with-body --data "$*" "http://${loopback}:${port}/$BROKER"`,
    journalctl: `exec cat ${log}`,
  };
  await mkdir(bin, { recursive: true });
  for (const [name, line] of Object.entries(scripts)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${line}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return { bin, stop: async () => await new Promise<void>((resolve) => server.close(() => resolve())) };
}

/** Null, or why not. As systemd it does not wait until a broker serves. */
async function obey(cluster: LocalCluster, id: number, words: readonly string[]): Promise<string | null> {
  const [verb, ...rest] = words;
  const identity = await readIdentity(cluster.launch.recordFolder, id);
  const runs = identity !== null && isRunning(identity);
  const kill = rest.find((word) => word.startsWith('--signal='))?.slice('--signal='.length);
  if (!rest.includes('kafka')) return `no unit but kafka here: ${words.join(' ')}`;
  if (verb === 'kill' && kill !== undefined) {
    return identity !== null && sendSignal(identity, kill as NodeJS.Signals) ? null : `broker ${id} does not run`;
  }
  if ((verb === 'stop' || verb === 'restart') && runs) await killBroker(cluster, id, 'SIGTERM');
  if (verb === 'stop') return null;
  if (verb !== 'start' && verb !== 'restart' && !(verb === 'enable' && rest.includes('--now')))
    return `no ${verb} here`;
  if (verb !== 'restart' && runs) return null;
  await launch(cluster, id);
  return null;
}

/** Starts the process of a broker that is down and does not wait for it. */
export async function launch(cluster: LocalCluster, id: number): Promise<void> {
  const record = cluster.launch.records.find((each) => each.id === id);
  if (record === undefined) throw new Error(`the local cluster has no broker ${id}`);
  const { identity } = await launchBroker(record, cluster.launch);
  const broker = cluster.brokers.find((each) => each.id === id);
  if (broker !== undefined) broker.pid = identity?.pid ?? 0;
}

/** Ids of the brokers that run, or of those that do not. */
export async function brokersBy(
  { brokers, launch: { recordFolder } }: LocalCluster,
  running: boolean,
): Promise<readonly number[]> {
  const found: number[] = [];
  for (const { id } of brokers) {
    const identity = await readIdentity(recordFolder, id);
    if ((identity !== null && isRunning(identity)) === running) found.push(id);
  }
  return found;
}
