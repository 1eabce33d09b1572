/** The embedded cluster as it really is: brokers, ports, processes, the command line. One big cluster, few small ones. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { brokerCpuSeconds, killBroker, type LocalCluster, restartBroker } from '../../bench/local/local-cluster.ts';
import { isPortFree } from '../../bench/local/ports.ts';
import { identify, isRunning, type ProcessIdentity, sendSignal } from '../../bench/local/processes.ts';
import { askBroker } from '../../bench/local/readiness.ts';
import { findCluster, listClusters, runningBrokers } from '../../bench/local/registry.ts';
import { type LocalClusterOptions, startLocalCluster } from '../../bench/local/start.ts';
import { packageRoot } from '../../bench/package-root.ts';

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'headroom-local-')));
/** A registry of its own: nothing here can touch the clusters of whoever runs the tests. */
const env = { ...process.env, XDG_STATE_HOME: join(scratch, 'state') };
const headroom = join(packageRoot, 'dist', 'bin', 'headroom.js');
/** TCP_LISTEN in /proc/net. */
const listening = '0A';
const onLinux = process.platform === 'linux';
let cluster: LocalCluster;

function start(dir: string, options: Partial<LocalClusterOptions> = {}): Promise<LocalCluster> {
  return startLocalCluster({
    brokers: 3,
    dir: join(scratch, dir),
    onProgress: () => {},
    signal: new AbortController().signal,
    env,
    ...options,
  });
}

beforeAll(async () => {
  cluster = await start('main');
});

afterAll(async () => {
  await cluster?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

it('serves: three racks, one cluster id, and a record that goes in comes out', async () => {
  const client = { clientId: 'test', bootstrapBrokers: [...cluster.bootstrap] };
  const admin = new Admin(client);
  await admin.createTopics({ topics: ['round-trip'], partitions: 3, replicas: 3 });
  const metadata = await admin.metadata({ topics: ['round-trip'] });
  expect(metadata.id).toBe(cluster.clusterId);
  expect([...metadata.brokers.values()].map(({ rack }) => rack).sort()).toEqual(['rack-1', 'rack-2', 'rack-3']);
  const producer = new Producer({ ...client, serializers: stringSerializers });
  await producer.send({ messages: [{ topic: 'round-trip', key: 'k', value: 'there and back' }], acks: -1 });
  const consumer = new Consumer({ ...client, groupId: 'test', deserializers: stringDeserializers });
  const stream = await consumer.consume({ topics: ['round-trip'], mode: 'earliest', autocommit: false });
  for await (const message of stream) {
    expect([message.key, message.value]).toEqual(['k', 'there and back']);
    break;
  }
  await Promise.all([producer.close(), consumer.close(true), admin.close()]);
});

it.skipIf(!onLinux)('listens on loopback only, and JMX there can be read', () => {
  const listeners = cluster.brokers.flatMap(({ pid }) => listeningAddresses(pid));
  expect(listeners).toHaveLength(9);
  // 127.0.0.1, as itself or mapped into IPv6; /proc writes each word in the order of the processor.
  for (const address of listeners) expect(address).toMatch(/^(0{16}FFFF0000)?0100007F$/);
  const [broker] = cluster.brokers;
  const { classpath } = cluster.launch.runtime.kafka;
  const { stdout } = spawnSync(
    cluster.launch.runtime.java.path,
    [
      ...['-XX:TieredStopAtLevel=1', '-cp', classpath, 'org.apache.kafka.tools.JmxTool', '--one-time'],
      ...['--jmx-url', `service:jmx:rmi:///jndi/rmi://127.0.0.1:${broker?.jmxPort}/jmxrmi`],
      ...['--object-name', 'kafka.server:type=KafkaServer,name=BrokerState', '--report-format', 'properties'],
    ],
    { encoding: 'utf8' },
  );
  // 3 is RUNNING.
  expect(stdout).toContain('kafka.server:type=KafkaServer,name=BrokerState:Value=3');
});

it('refuses a port that the user named and that is taken, and leaves no trace', async () => {
  const [broker] = cluster.brokers;
  await expect(start('taken', { basePort: broker?.port ?? 0 })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    exitCode: 64,
  });
  expect(await findCluster(join(scratch, 'taken'), env)).toBeNull();
});

it('lets one broker leave and come back', async () => {
  const before = await brokerCpuSeconds(cluster);
  expect(before.map(({ broker }) => broker)).toEqual([1, 2, 3]);
  for (const { seconds } of before) expect(seconds).toBeGreaterThan(0);
  const formerPid = cluster.brokers[1]?.pid;
  await killBroker(cluster, 2, 'SIGTERM');
  expect((await brokerCpuSeconds(cluster))[1]).toEqual({ broker: 2, seconds: null });
  await restartBroker(cluster, 2);
  expect(cluster.brokers[1]?.pid).not.toBe(formerPid);
  expect((await askBroker(cluster.brokers[0]?.port ?? 0))?.brokers).toEqual([1, 2, 3]);
});

it('stands beside a second cluster, whose brokers end within 5 s of its owner being killed', async () => {
  const owner = await startOwner('owned');
  const [state] = (await listClusters(env)).filter(({ record }) => record.dir === join(scratch, 'owned'));
  expect(state?.record.clusterId).not.toBe(cluster.clusterId);
  expect(cluster.brokers.map(({ port }) => port)).not.toContain(owner.port);
  owner.process.kill('SIGKILL');
  await expect.poll(() => isRunning(owner.broker), { timeout: 5_000, interval: 50 }).toBe(false);
  expect((await askBroker(cluster.brokers[0]?.port ?? 0))?.brokers).toEqual([1, 2, 3]);
});

it.skipIf(!onLinux)('ends at the next start what even the watchdog could not', async () => {
  const owner = await startOwner('left');
  for (const watchdog of watchdogsOf(owner.process.pid ?? 0)) sendSignal(watchdog, 'SIGKILL');
  owner.process.kill('SIGKILL');
  await once(owner.process, 'exit');
  await sleep(300);
  expect(isRunning(owner.broker)).toBe(true);
  // Any start sweeps first; this one need not succeed.
  await expect(start('next', { basePort: cluster.brokers[0]?.port ?? 0 })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
  });
  expect(isRunning(owner.broker)).toBe(false);
  expect(existsSync(join(scratch, 'left', 'broker-1'))).toBe(false);
  expect(existsSync(join(scratch, 'left', 'logs', 'broker-1', 'server.log'))).toBe(true);
});

it('stops at once when interrupted while it starts', async () => {
  const interruption = new AbortController();
  const starting = start('interrupted', { signal: interruption.signal });
  const failure = expect(starting).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
  const dir = join(scratch, 'interrupted');
  await expect.poll(() => existsSync(join(dir, 'logs', 'broker-3', 'server.log')), { timeout: 30_000 }).toBe(true);
  const found = await findCluster(dir, env);
  const brokers = found === null ? [] : [...(await runningBrokers(found)).values()];
  expect(brokers).toHaveLength(3);
  interruption.abort();
  await failure;
  expect(brokers.filter(isRunning)).toEqual([]);
  expect(await findCluster(dir, env)).toBeNull();
});

it('says why a broker does not live', async () => {
  await expect(
    start('broken', { brokers: 1, brokerOverrides: { 'min.insync.replicas': 'many' } }),
  ).rejects.toMatchObject({
    code: 'BROKER_START_FAILED',
    exitCode: 69,
    message: expect.stringContaining('min.insync.replicas'),
  });
});

it('up, status and down: the cluster outlives the command, keeps its data, and goes when told', () => {
  expect(run('status', '--dir', 'shop')).toMatchObject({
    status: 69,
    stdout: 'no local cluster in shop; headroom up starts one\n',
  });
  const up = run('up', '--brokers', '1', '--dir', 'shop', '--json');
  expect(up.status).toBe(0);
  const { clusterId, brokers } = JSON.parse(up.stdout) as { clusterId: string; brokers: { pid: number }[] };
  const status = run('status', '--dir', 'shop', '--json');
  expect(status.status).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({
    clusters: [
      { state: 'running', clusterId, ownerPid: null, brokers: [{ id: 1, serving: true, pid: brokers[0]?.pid }] },
    ],
  });
  expect(run('up', '--brokers', '1', '--dir', 'shop')).toMatchObject({ status: 64 });
  expect(run('down', '--dir', 'shop').status).toBe(0);
  expect(identify(brokers[0]?.pid ?? 0)).toBeNull();
  expect(readFileSync(join(scratch, 'shop', 'broker-1', 'data', 'meta.properties'), 'utf8')).toContain(clusterId);
  expect(run('down', '--dir', 'shop')).toMatchObject({
    status: 69,
    stderr: expect.stringContaining('no local cluster in'),
  });
  expect(run('up', '--dir', 'shop')).toMatchObject({ status: 64, stderr: expect.stringContaining('of 1 brokers') });
});

it('leaves no process, port or data behind when it stops, and its logs', async () => {
  const brokers = cluster.brokers.map(({ pid }) => identify(pid)).filter((each) => each !== null);
  expect(brokers).toHaveLength(3);
  await Promise.all([cluster.stop(), cluster.stop()]);
  expect(brokers.filter(isRunning)).toEqual([]);
  expect(await Promise.all(cluster.brokers.map(({ port }) => isPortFree(port)))).toEqual([true, true, true]);
  for (const { id, dir } of cluster.brokers) {
    expect(existsSync(dir)).toBe(false);
    expect(existsSync(join(cluster.logsDir, `broker-${id}`, 'server.log'))).toBe(true);
  }
  expect(await listClusters(env)).toEqual([]);
});

function run(...args: string[]) {
  return spawnSync(process.execPath, [headroom, ...args], { cwd: scratch, env, encoding: 'utf8' });
}

/** Local addresses, in the hexadecimal of /proc/net, of the TCP sockets a process listens on. */
function listeningAddresses(pid: number): string[] {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  const sockets = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  return ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === listening && sockets.has(inode ?? ''))
    .map(([, address]) => address?.split(':')[0] ?? '');
}

async function startOwner(dir: string): Promise<{ process: ChildProcess; broker: ProcessIdentity; port: number }> {
  const script = join(packageRoot, 'test', 'integration', 'local-owner.mjs');
  const child = spawn(process.execPath, [script, join(scratch, dir)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { pid, port } = JSON.parse(line.toString()) as { pid: number; port: number };
  const broker = identify(pid);
  if (broker === null) throw new Error('the broker of the owner is not running');
  return { process: child, broker, port };
}

/** The watchdogs among the children of a process. */
function watchdogsOf(pid: number): ProcessIdentity[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  return children
    .filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('watchdog.sh'))
    .flatMap((child) => identify(child) ?? []);
}
