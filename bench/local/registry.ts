/**
 * What local clusters this user has: a folder each with record.json, written before the first broker starts, and a
 * BROKER.pid that each broker's process writes about itself. It stands outside the cluster's own folder, so that
 * removing that one loses no broker.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import type { Environment } from './executable.ts';
import type { BrokerPorts } from './ports.ts';
import { endProcesses, isRunning, type ProcessIdentity } from './processes.ts';

export interface BrokerRecord extends BrokerPorts {
  readonly id: number;
  readonly rack: string;
  readonly dir: string;
}

export interface ClusterRecord {
  readonly schemaVersion: 1;
  readonly dir: string;
  readonly clusterId: string;
  readonly kafkaVersion: string;
  readonly createdAt: string;
  /** Who stops it. While `detached` is false and this process is gone, the brokers are leftovers. */
  readonly owner: ProcessIdentity;
  /** Handed over by `headroom up`: it lives until `headroom down`. */
  readonly detached: boolean;
  /** False: the brokers' data goes when the cluster ends. */
  readonly keepData: boolean;
  readonly brokers: readonly BrokerRecord[];
}

export interface RegisteredCluster {
  /** Folder of the record and the pid files. */
  readonly folder: string;
  readonly record: ClusterRecord;
}

export function registryDir(env: Environment = process.env): string {
  const state = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state');
  return join(state, 'headroom', 'clusters');
}

/** Folder of the record of the cluster in `dir`; the same for every way to write that path. */
export function recordFolder(dir: string, env?: Environment): string {
  return join(registryDir(env), createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 16));
}

/** Enters a cluster, all or nothing. Throws CLUSTER_EXISTS when one runs or starts in that directory. */
export async function registerCluster(record: ClusterRecord, env?: Environment): Promise<RegisteredCluster> {
  const folder = recordFolder(record.dir, env);
  await mkdir(registryDir(env), { recursive: true });
  const fresh = await mkdtemp(join(registryDir(env), '.new-'));
  await writeFile(join(fresh, 'record.json'), JSON.stringify(record, null, 2));
  try {
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    const taken = ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!taken) throw error;
    throw new HeadroomError('CLUSTER_EXISTS', `a local cluster already runs in ${record.dir}`, {
      hint: `stop it with: headroom down --dir ${record.dir}\nor name another directory with --dir`,
    });
  }
  return { folder, record };
}

/** Replaces the record, in one step. */
export async function updateRecord(cluster: RegisteredCluster, record: ClusterRecord): Promise<RegisteredCluster> {
  const path = join(cluster.folder, 'record.json');
  await writeFile(`${path}.new`, JSON.stringify(record, null, 2));
  await rename(`${path}.new`, path);
  return { ...cluster, record };
}

export async function unregister(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Every cluster on record, oldest first; records of another schema version are left alone. */
export async function listClusters(env?: Environment): Promise<readonly RegisteredCluster[]> {
  const names = await readdir(registryDir(env)).catch(() => []);
  const found: RegisteredCluster[] = [];
  for (const name of names.filter((each) => !each.startsWith('.'))) {
    const folder = join(registryDir(env), name);
    const record = await readRecord(folder);
    if (record !== null) found.push({ folder, record });
  }
  return found.sort((a, b) => a.record.createdAt.localeCompare(b.record.createdAt));
}

export async function findCluster(dir: string, env?: Environment): Promise<RegisteredCluster | null> {
  const folder = recordFolder(dir, env);
  const record = await readRecord(folder);
  return record === null ? null : { folder, record };
}

/** Where a broker, or a program beside the brokers by its name, records its process. */
export function pidFile(folder: string, brokerId: number | string): string {
  return join(folder, `${brokerId}.pid`);
}

/** The process of a broker, or of a program beside them, by its own record; null when it never started. It may be gone by now. */
export async function readIdentity(folder: string, brokerId: number | string): Promise<ProcessIdentity | null> {
  return await readPidFile(pidFile(folder, brokerId));
}

async function readPidFile(path: string): Promise<ProcessIdentity | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [pid, ...start] = text.trim().split(/\s+/);
  return pid === undefined || start.length === 0 ? null : { pid: Number(pid), startTime: start.join(' ') };
}

/** The processes of the cluster that run now. */
export async function runningBrokers(cluster: RegisteredCluster): Promise<ReadonlyMap<number, ProcessIdentity>> {
  const running = new Map<number, ProcessIdentity>();
  for (const { id } of cluster.record.brokers) {
    const identity = await readIdentity(cluster.folder, id);
    if (identity !== null && isRunning(identity)) running.set(id, identity);
  }
  return running;
}

/** What runs beside the brokers, such as Prometheus: every other process that wrote its pid file into the folder. */
async function runningCompanions({ folder, record }: RegisteredCluster): Promise<readonly ProcessIdentity[]> {
  const own = new Set(record.brokers.map(({ id }) => `${id}.pid`));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.pid') && !own.has(name));
  const found = await Promise.all(names.map((name) => readPidFile(join(folder, name))));
  return found.filter((identity) => identity !== null).filter(isRunning);
}

/** Ends a cluster by its record: brokers and what watches them, data unless it is kept, the record. The logs always stay. */
export async function endCluster(cluster: RegisteredCluster, graceMs: number): Promise<void> {
  const running = await runningBrokers(cluster);
  const stuck = await endProcesses([...running.values(), ...(await runningCompanions(cluster))], graceMs);
  if (stuck.length > 0) {
    throw new HeadroomError('INTERNAL', `processes ${stuck.map(({ pid }) => pid).join(', ')} survive SIGKILL`, {
      hint: 'the kernel holds them, perhaps on a disk that does not answer; look with ps',
    });
  }
  if (!cluster.record.keepData) {
    await Promise.all(cluster.record.brokers.map(({ dir }) => rm(dir, { recursive: true, force: true })));
  }
  await unregister(cluster.folder);
}

/**
 * Ends what dead owners left behind and forgets detached clusters whose brokers are all gone (a reboot).
 * Gives the directories of the clusters that were ended.
 */
export async function sweepLeftovers(env?: Environment): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const cluster of await listClusters(env)) {
    const { record } = cluster;
    if (record.detached) {
      if ((await runningBrokers(cluster)).size === 0) await unregister(cluster.folder);
    } else if (!isRunning(record.owner)) {
      await endCluster(cluster, 0);
      ended.push(record.dir);
    }
  }
  return ended;
}

async function readRecord(folder: string): Promise<ClusterRecord | null> {
  try {
    const record = JSON.parse(await readFile(join(folder, 'record.json'), 'utf8')) as ClusterRecord;
    return record.schemaVersion === 1 ? record : null;
  } catch {
    return null;
  }
}
