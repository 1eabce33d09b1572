/** Prepares the brokers' data folders: one run of Kafka's own storage tool, then the same for the other brokers. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { tellingLines } from './broker-process.ts';
import { diskFullError, isDiskFull } from './disk-full.ts';
import type { Environment } from './executable.ts';
import { formatFlags, type Runtime } from './jvm.ts';
import { runProgram } from './run-program.ts';

export interface FormatRequest {
  readonly runtime: Runtime;
  readonly clusterId: string;
  readonly brokers: readonly { readonly id: number; readonly dataDir: string; readonly configPath: string }[];
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/** A KRaft cluster id or directory id: 16 random bytes in URL-safe base64, not beginning with a dash. */
export function randomKafkaId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? randomKafkaId() : id;
}

/** Cluster id of a formatted data folder; null when it is not formatted. */
export async function formattedClusterId(dataDir: string): Promise<string | null> {
  const text = await readFile(join(dataDir, 'meta.properties'), 'utf8').catch(() => '');
  return /^cluster\.id=(.+)$/m.exec(text)?.[1]?.trim() ?? null;
}

/**
 * Formats the folders that are not formatted yet. The tool runs once: what it writes differs between brokers only in
 * `node.id` and a random `directory.id`, and each run of it costs a second of CPU.
 */
export async function formatStorage(request: FormatRequest): Promise<void> {
  const fresh = request.brokers.filter(({ dataDir }) => !existsSync(join(dataDir, 'meta.properties')));
  const [first, ...others] = fresh;
  if (first === undefined) return;
  await mkdir(first.dataDir, { recursive: true });
  await runStorageTool(first, request);
  const meta = await readFile(join(first.dataDir, 'meta.properties'), 'utf8');
  for (const { id, dataDir } of others) {
    await mkdir(dataDir, { recursive: true });
    await copyFile(join(first.dataDir, 'bootstrap.checkpoint'), join(dataDir, 'bootstrap.checkpoint'));
    await writeFile(join(dataDir, 'meta.properties'), metaOf(meta, id, randomKafkaId()));
  }
}

/** The storage tool's meta.properties rewritten for another broker. Throws when it does not look as expected. */
export function metaOf(meta: string, nodeId: number, directoryId: string): string {
  if (!/^node\.id=/m.test(meta) || !/^directory\.id=/m.test(meta)) {
    throw new HeadroomError('BROKER_START_FAILED', `the storage tool wrote an unexpected meta.properties:\n${meta}`);
  }
  return meta
    .replace(/^node\.id=.*$/m, `node.id=${nodeId}`)
    .replace(/^directory\.id=.*$/m, `directory.id=${directoryId}`);
}

async function runStorageTool(broker: FormatRequest['brokers'][number], request: FormatRequest): Promise<void> {
  const { runtime, clusterId, env, signal } = request;
  const { exitCode, lines } = await runProgram({
    file: runtime.java.path,
    args: [...formatFlags(runtime), 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', broker.configPath],
    env,
    signal,
  });
  if (exitCode === 0) return;
  if (lines.some(isDiskFull)) throw diskFullError(broker.dataDir);
  throw new HeadroomError(
    'BROKER_START_FAILED',
    `the storage tool could not format ${broker.dataDir} (exit code ${exitCode}):\n${tellingLines(lines).join('\n')}`,
    { hint: `check that the folder can be written to, and the settings in ${broker.configPath}` },
  );
}
