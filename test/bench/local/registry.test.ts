import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { isRunning } from '../../../bench/local/processes.ts';
import {
  endCluster,
  findCluster,
  listClusters,
  pidFile,
  readIdentity,
  registerCluster,
  registryDir,
  runningBrokers,
  sweepLeftovers,
  updateRecord,
} from '../../../bench/local/registry.ts';
import { scratchDir } from './scratch.ts';
import { deadOwner, launchStandIn, standInRecord } from './stand-in.ts';

function ownState(): { XDG_STATE_HOME: string } {
  return { XDG_STATE_HOME: scratchDir() };
}

it('finds a cluster again by any way to write its directory', async () => {
  const env = ownState();
  const record = standInRecord();
  const { folder } = await registerCluster(record, env);
  expect(await findCluster(`${relative(process.cwd(), record.dir)}/`, env)).toEqual({ folder, record });
  expect(await findCluster(scratchDir(), env)).toBeNull();
  expect(await listClusters(env)).toHaveLength(1);
});

it('refuses a second cluster in the same directory', async () => {
  const env = ownState();
  const record = standInRecord();
  await registerCluster(record, env);
  await expect(registerCluster(record, env)).rejects.toMatchObject({
    code: 'CLUSTER_EXISTS',
    exitCode: 64,
    hint: expect.stringContaining(`headroom down --dir ${record.dir}`),
  });
  expect(await listClusters(env)).toHaveLength(1);
});

it('reads from the pid file the very process that the launcher became', async () => {
  const env = ownState();
  const cluster = await registerCluster(standInRecord(), env);
  const identity = await launchStandIn(cluster.folder, 1);
  expect(await readIdentity(cluster.folder, 1)).toEqual(identity);
  expect(await runningBrokers(cluster)).toEqual(new Map([[1, identity]]));
});

it('ends a cluster: processes, data and record go, logs stay', async () => {
  const env = ownState();
  const cluster = await registerCluster(standInRecord(), env);
  const brokers = [await launchStandIn(cluster.folder, 1), await launchStandIn(cluster.folder, 2)];
  await endCluster(cluster, 1_000);
  expect(brokers.map(isRunning)).toEqual([false, false]);
  expect(cluster.record.brokers.map(({ dir }) => existsSync(dir))).toEqual([false, false]);
  expect(existsSync(join(cluster.record.dir, 'logs', 'server.log'))).toBe(true);
  expect(await listClusters(env)).toEqual([]);
});

it('keeps the data of a cluster that asks for it', async () => {
  const env = ownState();
  const cluster = await registerCluster(standInRecord({ keepData: true }), env);
  await endCluster(cluster, 0);
  expect(cluster.record.brokers.map(({ dir }) => existsSync(dir))).toEqual([true, true]);
});

it('sweeps what a dead owner left, and nothing of a living one or a detached cluster', async () => {
  const env = ownState();
  const leftover = await registerCluster(standInRecord({ owner: deadOwner }), env);
  const owned = await registerCluster(standInRecord(), env);
  const detached = await registerCluster(standInRecord({ owner: deadOwner, detached: true, keepData: true }), env);
  const [ended, ...kept] = await Promise.all([leftover, owned, detached].map(({ folder }) => launchStandIn(folder, 1)));
  expect(await sweepLeftovers(env)).toEqual([leftover.record.dir]);
  expect(ended === undefined || isRunning(ended)).toBe(false);
  expect(kept.map(isRunning)).toEqual([true, true]);
  expect((await listClusters(env)).map(({ folder }) => folder).sort()).toEqual([owned.folder, detached.folder].sort());
});

it('never ends a process that only inherited the pid of a broker', async () => {
  const env = ownState();
  const cluster = await registerCluster(standInRecord({ owner: deadOwner }), env);
  const bystander = await launchStandIn(cluster.folder, 1);
  writeFileSync(pidFile(cluster.folder, 1), `${bystander.pid} 1\n`);
  expect(await sweepLeftovers(env)).toEqual([cluster.record.dir]);
  expect(isRunning(bystander)).toBe(true);
});

it('forgets a detached cluster that a reboot has ended, but not its data', async () => {
  const env = ownState();
  const { record } = await registerCluster(standInRecord({ detached: true, keepData: true }), env);
  expect(await sweepLeftovers(env)).toEqual([]);
  expect(await listClusters(env)).toEqual([]);
  expect(existsSync(record.brokers[0]?.dir ?? '')).toBe(true);
});

it('replaces a record in one step', async () => {
  const env = ownState();
  const cluster = await registerCluster(standInRecord(), env);
  await updateRecord(cluster, { ...cluster.record, detached: true });
  expect((await findCluster(cluster.record.dir, env))?.record.detached).toBe(true);
});

it('passes over what is no record', async () => {
  const env = ownState();
  mkdirSync(join(registryDir(env), 'stray'), { recursive: true });
  writeFileSync(join(registryDir(env), 'stray', 'record.json'), '{"schemaVersion": 2}');
  mkdirSync(join(registryDir(env), 'torn'));
  writeFileSync(join(registryDir(env), 'torn', 'record.json'), '{"schema');
  expect(await listClusters(env)).toEqual([]);
  expect(await sweepLeftovers(env)).toEqual([]);
});

it('ends what watches the brokers with them', async () => {
  const env = ownState();
  const cluster = await registerCluster(standInRecord(), env);
  const [broker, prometheus] = [
    await launchStandIn(cluster.folder, 1),
    await launchStandIn(cluster.folder, 'prometheus'),
  ];
  expect((await runningBrokers(cluster)).size).toBe(1);
  await endCluster(cluster, 1_000);
  expect([broker, prometheus].map(isRunning)).toEqual([false, false]);
});
