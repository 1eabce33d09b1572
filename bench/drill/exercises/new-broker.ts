/** A fourth broker for the local cluster: its settings and an empty folder, not formatted and not started. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../faults/partitions.ts';
import { configPath, dataDir } from '../../local/broker-process.ts';
import { formatStorage } from '../../local/format.ts';
import type { LocalCluster } from '../../local/local-cluster.ts';
import { freePort, loopback } from '../../local/ports.ts';
import { sendSignal, waitUntilGone } from '../../local/processes.ts';
import { askBroker } from '../../local/readiness.ts';
import { type BrokerRecord, readIdentity } from '../../local/registry.ts';
import { launch } from './broker-host.ts';
import type { Names } from './exercise.ts';

const id = 4;
const joinWithinMs = 60_000;

/** Settings of another broker with an own id, role broker only, as the page says. */
export async function prepareFourth(cluster: LocalCluster): Promise<Names> {
  const [model] = cluster.launch.records;
  if (model === undefined) throw new Error('the local cluster has no broker');
  const known = cluster.launch.records.find((each) => each.id === id);
  const record: BrokerRecord = known ?? {
    ...{ id, rack: `rack-${id}`, dir: join(cluster.dir, `broker-${id}`) },
    port: await freePort(19_892),
    controllerPort: await freePort(19_992),
    jmxPort: await freePort(20_092),
    exporterPort: await freePort(20_192),
  };
  const address = `PLAINTEXT://${loopback}:${record.port}`;
  const own: Readonly<Record<string, string>> = {
    'node.id': String(id),
    'process.roles': 'broker',
    'broker.rack': record.rack,
    listeners: address,
    'advertised.listeners': address,
    'log.dirs': dataDir(record),
  };
  const settings = (await readFile(configPath(model), 'utf8'))
    .split('\n')
    .filter((line) => !line.startsWith('listener.name.sasl'))
    .map((line) => {
      const [name = ''] = line.split('=');
      return own[name] === undefined ? line : `${name}=${own[name]}`;
    });
  await rm(record.dir, { recursive: true, force: true });
  await mkdir(dataDir(record), { recursive: true });
  await writeFile(configPath(record), settings.join('\n'));
  if (known === undefined) {
    (cluster.launch.records as BrokerRecord[]).push(record);
  }
  return {
    ...{ BROKER: String(id), SERVER_CONFIG: configPath(record), LOG_DIR: dataDir(record) },
    ...{ CLUSTER_ID: cluster.clusterId, METRICS: `${loopback}:${record.exporterPort}` },
  };
}

/** Formats its folder, starts it, and waits until the cluster counts it. */
export async function startFourth(cluster: LocalCluster, signal: AbortSignal): Promise<void> {
  const record = cluster.launch.records.find((each) => each.id === id);
  if (record === undefined) throw new Error('the fourth broker was not prepared');
  await formatStorage({
    ...{ runtime: cluster.launch.runtime, clusterId: cluster.clusterId, env: process.env, signal },
    brokers: [{ id, dataDir: dataDir(record), configPath: configPath(record) }],
  });
  await launch(cluster, id);
  await until(async () => (await brokersSeen(cluster)).includes(id), joinWithinMs);
}

/** Ends its process and waits until the cluster has noticed; it stays registered. */
export async function stopFourth(cluster: LocalCluster): Promise<void> {
  await kill(cluster);
  await until(async () => !(await brokersSeen(cluster)).includes(id), joinWithinMs);
}

/** Ends it and forgets it, so that the cluster is the one it was. */
export async function forgetFourth(cluster: LocalCluster): Promise<void> {
  const records = cluster.launch.records as BrokerRecord[];
  const at = records.findIndex((each) => each.id === id);
  if (at < 0) return;
  await kill(cluster);
  records.splice(at, 1);
}

/** Ids of the brokers that serve, as the first one sees it. */
export async function brokersSeen({ brokers }: LocalCluster): Promise<readonly number[]> {
  return (await askBroker(brokers[0]?.port ?? 0))?.brokers ?? [];
}

async function kill({ launch: { recordFolder } }: LocalCluster): Promise<void> {
  const identity = await readIdentity(recordFolder, id);
  if (identity !== null && sendSignal(identity, 'SIGKILL')) await waitUntilGone([identity], joinWithinMs);
}
