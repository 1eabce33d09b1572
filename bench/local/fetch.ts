/**
 * Brings the pinned Kafka artifacts into the user's cache, once. What is there is whole: a fetch goes into a folder of
 * its own and is renamed when complete, so a stopped one leaves nothing half done and two at once do no harm.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { packageRoot } from '../package-root.ts';
import type { OnProgress } from '../progress.ts';
import { diskFullError, isDiskFull } from './disk-full.ts';
import type { Environment } from './executable.ts';
import { findJava } from './java.ts';
import { copyArtifacts, requireMaven } from './maven.ts';
import { identify, isRunning } from './processes.ts';

export interface KafkaDistribution {
  /** Of Apache Kafka: `4.3.1`. */
  readonly version: string;
  readonly libsDir: string;
  /** Every jar by its full path; a fixed order, because class data sharing compares it. */
  readonly classpath: string;
}

export interface FetchOptions {
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  readonly env?: Environment;
}

/** Written last into a complete fetch. */
interface Manifest {
  readonly pomSha256: string;
  readonly jars: readonly { readonly name: string; readonly bytes: number }[];
}

export const pomPath = join(packageRoot, 'bench', 'local', 'pom.xml');

/** The Kafka version that the pom pins. */
export function pinnedKafkaVersion(): string {
  const version = /<kafka\.version>([^<]+)</.exec(readFileSync(pomPath, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${pomPath} pins no kafka.version`);
  return version;
}

export function kafkaCacheDir(env: Environment = process.env): string {
  const cache = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return join(cache, 'headroom', `kafka-${pinnedKafkaVersion()}`);
}

/** What is in the cache, complete and of this pom; null otherwise. Runs nothing and downloads nothing. */
export async function findFetchedKafka(env: Environment = process.env): Promise<KafkaDistribution | null> {
  const folder = kafkaCacheDir(env);
  let manifest: Manifest;
  try {
    manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  } catch {
    return null;
  }
  if (manifest.pomSha256 !== (await pomSha256())) return null;
  const libsDir = join(folder, 'libs');
  const intact = await Promise.all(
    manifest.jars.map(async ({ name, bytes }) => (await stat(join(libsDir, name)).catch(() => null))?.size === bytes),
  );
  if (intact.length === 0 || intact.includes(false)) return null;
  const classpath = manifest.jars.map(({ name }) => join(libsDir, name)).join(delimiter);
  return { version: pinnedKafkaVersion(), libsDir, classpath };
}

/**
 * The pinned artifacts, fetched with Maven when they are not in the cache yet. Errors: JAVA_MISSING and MAVEN_MISSING
 * (only when something must be fetched), FETCH_FAILED, DISK_FULL, INTERRUPTED.
 */
export async function ensureKafka(options: FetchOptions): Promise<KafkaDistribution> {
  const env = options.env ?? process.env;
  const fetched = await findFetchedKafka(env);
  if (fetched !== null) return fetched;
  const maven = requireMaven(env);
  await findJava(env, options.signal);
  const folder = kafkaCacheDir(env);
  try {
    await mkdir(dirname(folder), { recursive: true });
    await removeAbandoned(folder);
    await fetchInto(folder, { ...options, env, maven });
  } catch (error) {
    throw isDiskFull(error) ? diskFullError(folder, error) : error;
  }
  const distribution = await findFetchedKafka(env);
  if (distribution !== null) return distribution;
  throw new HeadroomError('FETCH_FAILED', `Maven ended well, but the artifacts in ${folder} are not complete`, {
    hint: `remove ${folder} and run the command again`,
  });
}

async function fetchInto(folder: string, options: FetchOptions & { env: Environment; maven: string }): Promise<void> {
  const self = identify(process.pid);
  // Named by its owner, so that a later fetch can tell an abandoned folder from one at work.
  const partial = await mkdtemp(`${folder}.partial-${process.pid}-${(self?.startTime ?? '').replace(/\W/g, '_')}-`);
  try {
    const libs = join(partial, 'libs');
    await copyArtifacts({ ...options, pomPath, target: libs, version: pinnedKafkaVersion() });
    await writeFile(join(partial, 'manifest.json'), JSON.stringify(await describeJars(libs), null, 2));
    await publish(partial, folder, options.env);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function describeJars(libs: string): Promise<Manifest> {
  const names = (await readdir(libs)).filter((name) => name.endsWith('.jar')).sort();
  const jars = await Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(libs, name))).size })));
  return { pomSha256: await pomSha256(), jars };
}

/**
 * Renames into place. What is there already stays when it is whole: another fetch was first, and its user may be starting
 * brokers from it. Otherwise it is broken, and goes.
 */
async function publish(partial: string, folder: string, env: Environment): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(partial, folder);
    } catch (error) {
      const taken = ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (!taken || attempt === 3) throw error;
      if ((await findFetchedKafka(env)) !== null) return;
      const broken = await mkdtemp(`${folder}.broken-`);
      await rename(folder, join(broken, 'old')).catch(() => {});
      await rm(broken, { recursive: true, force: true });
    }
  }
}

/** Removes what fetches left that were ended by kill -9 or a power cut. */
async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.partial-`;
  for (const name of await readdir(dirname(folder))) {
    const [pid, startTime] = name.startsWith(prefix) ? name.slice(prefix.length).split('-') : [];
    if (pid === undefined || startTime === undefined) continue;
    const owner = identify(Number(pid));
    const atWork = owner !== null && owner.startTime.replace(/\W/g, '_') === startTime && isRunning(owner);
    if (!atWork) await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

async function pomSha256(): Promise<string> {
  return createHash('sha256')
    .update(await readFile(pomPath))
    .digest('hex');
}
