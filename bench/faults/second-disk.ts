/**
 * A second log directory for one broker of a local cluster: a small file system of its own where this process may mount one,
 * otherwise a plain folder. A broker with a single directory ends when it loses it; one with two goes on.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { configPath } from '../local/broker-process.ts';
import { randomKafkaId } from '../local/format.ts';
import { type LocalCluster, restartBroker } from '../local/local-cluster.ts';
import { renderProperties } from '../local/properties-file.ts';
import type { UndoJournal } from './journal.ts';

/** Small enough to fill in seconds, large enough for the indexes that Kafka allocates in advance. */
const imageMiB = 256;

export interface SecondDisk {
  readonly brokerId: number;
  /** Where the file system is mounted, or the plain folder. */
  readonly mountPoint: string;
  readonly logDir: string;
  /** Why it is no file system of its own; null when it is one. */
  readonly plainBecause: string | null;
}

/** Gives the last broker its second directory and restarts it. */
export async function addSecondDisk(
  cluster: LocalCluster,
  journal: UndoJournal,
  signal: AbortSignal,
): Promise<SecondDisk> {
  const broker = cluster.brokers.at(-1);
  if (broker === undefined) throw new HeadroomError('INTERNAL', 'the local cluster has no broker');
  const mountPoint = join(cluster.dir, `disk-${broker.id}`);
  await mkdir(mountPoint, { recursive: true });
  const plainBecause = await mountImage(`${mountPoint}.image`, mountPoint, journal);
  const logDir = join(mountPoint, 'data');
  await mkdir(logDir, { recursive: true });
  // As kafka-storage writes it: a directory that was not formatted keeps the broker from starting.
  const meta = {
    version: '1',
    'cluster.id': cluster.clusterId,
    'node.id': String(broker.id),
    'directory.id': randomKafkaId(),
  };
  await writeFile(join(logDir, 'meta.properties'), renderProperties(meta));
  const path = configPath(broker);
  const properties = await readFile(path, 'utf8');
  await writeFile(path, properties.replace(/^log\.dirs=(.*)$/m, `log.dirs=$1,${logDir}`));
  await restartBroker(cluster, broker.id, signal);
  return { brokerId: broker.id, mountPoint, logDir, plainBecause };
}

async function mountImage(image: string, mountPoint: string, journal: UndoJournal): Promise<string | null> {
  const size = spawnSync('truncate', [`--size=${imageMiB}M`, image]);
  const made = size.status === 0 ? spawnSync('mkfs.ext4', ['-q', '-F', '-m', '0', image], { encoding: 'utf8' }) : size;
  if (made.status !== 0) return 'mkfs.ext4 cannot make a file system';
  await journal.willMount({ mountPoint, image });
  const mounted = spawnSync('mount', ['-o', 'loop', image, mountPoint], { encoding: 'utf8' });
  return mounted.status === 0 ? null : `this process may not mount: ${String(mounted.stderr).trim()}`;
}
