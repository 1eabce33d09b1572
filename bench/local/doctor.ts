/** Looks at everything a local run needs and says what is missing and how to mend it. Changes nothing. */
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ExitCode, exitCodes, HeadroomError } from '../../lib/errors.ts';
import { packageRoot } from '../package-root.ts';
import { readClusterStatus } from './cluster-status.ts';
import type { Environment } from './executable.ts';
import { findFetchedKafka, kafkaCacheDir, pinnedKafkaVersion } from './fetch.ts';
import { findJava } from './java.ts';
import { requireMaven } from './maven.ts';
import { defaultBasePort, isPortFree } from './ports.ts';

export interface Finding {
  readonly name: string;
  /** warn: it works, with a remark; fail: a local run cannot work. */
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly remedy: string | null;
  /** What a failure of this check means for the exit code. */
  readonly exitCode: ExitCode;
}

export interface DoctorSurroundings {
  readonly env: Environment;
  /** Where clusters would be. */
  readonly dir: string;
  readonly nodeVersion: string;
  readonly availableMemoryBytes: number;
}

const mebi = 2 ** 20;
/** Three brokers hold about 350 MiB each under load, the harness about 300. */
const neededMemoryBytes = 1_400 * mebi;
const comfortableMemoryBytes = 2_500 * mebi;
/** The artifacts take 54 MB; a run of the examples writes some hundred. */
const neededDiskBytes = 500 * mebi;
const comfortableDiskBytes = 3_000 * mebi;
const brokers = 3;

export async function diagnose(surroundings: DoctorSurroundings): Promise<readonly Finding[]> {
  const { env, dir } = surroundings;
  const fetched = await findFetchedKafka(env);
  return [
    checkNode(surroundings.nodeVersion),
    await checkJava(env),
    checkMaven(env, fetched !== null),
    checkArtifacts(env, fetched !== null),
    checkMemory(surroundings.availableMemoryBytes),
    await checkDisk('disk of the clusters', dir),
    await checkDisk('disk of the artifacts', kafkaCacheDir(env)),
    await checkPorts(),
    await checkLeftovers(env),
  ];
}

/** The exit code of the worst finding: bad input before what is missing, because it can be mended at once. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  const failed = findings.filter(({ state }) => state === 'fail').map(({ exitCode }) => exitCode);
  return failed.includes(exitCodes.badInput) ? exitCodes.badInput : (failed[0] ?? exitCodes.met);
}

function checkNode(version: string): Finding {
  const manifest = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  const { engines } = JSON.parse(manifest) as { engines: { node: string } };
  const needed = engines.node.replace('>=', '');
  const found = `Node.js ${version}`;
  return compareVersions(version, needed) >= 0
    ? ok('Node.js', found)
    : fail('Node.js', found, `install Node.js ${needed} or newer`, exitCodes.badInput);
}

async function checkJava(env: Environment): Promise<Finding> {
  try {
    const { version, path } = await findJava(env);
    return ok('Java', `${version} at ${path}`);
  } catch (error) {
    return failureOf('Java', error);
  }
}

function checkMaven(env: Environment, fetched: boolean): Finding {
  try {
    return ok('Maven', requireMaven(env));
  } catch (error) {
    return fetched ? ok('Maven', 'not there, and not needed: the artifacts are fetched') : failureOf('Maven', error);
  }
}

function checkArtifacts(env: Environment, fetched: boolean): Finding {
  const what = `Kafka ${pinnedKafkaVersion()}`;
  return fetched
    ? ok('artifacts', `${what} in ${kafkaCacheDir(env)}`)
    : warn('artifacts', `${what} not fetched yet`, 'nothing to do: the first start fetches 54 MB');
}

function checkMemory(availableBytes: number): Finding {
  const found = `${Math.round(availableBytes / mebi)} MiB available`;
  if (availableBytes >= comfortableMemoryBytes) return ok('memory', found);
  const remedy = `close other programs: ${brokers} brokers and the load want ${comfortableMemoryBytes / mebi} MiB`;
  if (availableBytes >= neededMemoryBytes) return warn('memory', found, remedy);
  return fail('memory', found, remedy, exitCodes.unavailable);
}

async function checkDisk(name: string, place: string): Promise<Finding> {
  const freeBytes = await freeDiskBytes(place);
  const found = `${Math.round(freeBytes / mebi)} MiB free at ${place}`;
  if (freeBytes >= comfortableDiskBytes) return ok(name, found);
  const remedy = 'free some space, or use a folder on another disk (--dir, XDG_CACHE_HOME)';
  return freeBytes >= neededDiskBytes ? warn(name, found, remedy) : fail(name, found, remedy, exitCodes.unavailable);
}

/** Free space of the disk that holds a place which need not exist yet. */
async function freeDiskBytes(place: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(place);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(place);
    if (parent === place) throw error;
    return await freeDiskBytes(parent);
  }
}

async function checkPorts(): Promise<Finding> {
  const wanted = Array.from({ length: brokers }, (_, index) => defaultBasePort + index);
  const free = await Promise.all(wanted.map(isPortFree));
  const taken = wanted.filter((_, index) => free[index] === false);
  return taken.length === 0
    ? ok('ports', `${wanted.join(', ')} are free`)
    : warn('ports', `${taken.join(', ')} in use`, 'nothing to do: other free ports are chosen');
}

async function checkLeftovers(env: Environment): Promise<Finding> {
  const clusters = await readClusterStatus(null, env);
  const leftovers = clusters.filter(({ state }) => state === 'leftover').map(({ dir }) => dir);
  return leftovers.length === 0
    ? ok('leftovers', clusters.length === 0 ? 'none' : `none; ${clusters.length} clusters on record (headroom status)`)
    : warn('leftovers', leftovers.join(', '), 'nothing to do: the next start of a local cluster ends them');
}

/** Negative, 0 or positive as `a` is older than, equal to or newer than `b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  for (let index = 0; index < 3; index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function ok(name: string, found: string): Finding {
  return { name, state: 'ok', found, remedy: null, exitCode: exitCodes.met };
}

function warn(name: string, found: string, remedy: string): Finding {
  return { name, state: 'warn', found, remedy, exitCode: exitCodes.met };
}

function fail(name: string, found: string, remedy: string, exitCode: ExitCode): Finding {
  return { name, state: 'fail', found, remedy, exitCode };
}

function failureOf(name: string, error: unknown): Finding {
  if (!(error instanceof HeadroomError)) throw error;
  return fail(name, error.message, error.hint ?? '', error.exitCode);
}
