/** Starts one broker's process, and says why one did not live. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { packageRoot } from '../package-root.ts';
import { diskFullError, isDiskExhausted, isDiskFull } from './disk-full.ts';
import { brokerFlags, type Runtime } from './jvm.ts';
import { loopback } from './ports.ts';
import { identify, type ProcessIdentity } from './processes.ts';
import { type BrokerRecord, pidFile } from './registry.ts';

export const launcherPath = join(packageRoot, 'bench', 'local', 'launch.sh');
const shownLines = 8;
const shownColumns = 300;

/** The JMX exporter that runs inside each broker. */
export interface ExporterAgent {
  readonly jarPath: string;
  readonly configPath: string;
}

export interface LaunchContext {
  readonly runtime: Runtime;
  /** Of the cluster's record, where the pid file goes. */
  readonly recordFolder: string;
  readonly logsDir: string;
  /** null: the brokers run without. */
  readonly exporter: ExporterAgent | null;
}

export interface BrokerProcess {
  readonly broker: BrokerRecord;
  readonly identity: ProcessIdentity | null;
  readonly child: ChildProcess;
}

export function configPath(broker: { readonly dir: string }): string {
  return join(broker.dir, 'server.properties');
}

export function dataDir(broker: { readonly dir: string }): string {
  return join(broker.dir, 'data');
}

export function brokerLogsDir(logsDir: string, brokerId: number): string {
  return join(logsDir, `broker-${brokerId}`);
}

/** Starts the broker in a session of its own: Ctrl-C in the terminal reaches the harness, and only it. */
export async function launchBroker(broker: BrokerRecord, context: LaunchContext): Promise<BrokerProcess> {
  const logs = brokerLogsDir(context.logsDir, broker.id);
  await mkdir(logs, { recursive: true });
  const output = openSync(join(logs, 'output.log'), 'a');
  const { runtime, recordFolder } = context;
  const flags = [...agentFlags(broker, context.exporter), ...brokerFlags(runtime, logs)];
  const child = spawn(
    '/bin/sh',
    [launcherPath, pidFile(recordFolder, broker.id), runtime.java.path, ...flags, 'kafka.Kafka', configPath(broker)],
    // The working directory is the broker's own: where a crash leaves its report.
    { cwd: logs, stdio: ['ignore', output, output], detached: true },
  );
  closeSync(output);
  child.on('error', () => {});
  child.unref();
  return { broker, identity: child.pid === undefined ? null : identify(child.pid), child };
}

/** On loopback alone, as everything of a local cluster. */
function agentFlags({ exporterPort }: BrokerRecord, exporter: ExporterAgent | null): readonly string[] {
  return exporter === null ? [] : [`-javaagent:${exporter.jarPath}=${loopback}:${exporterPort}:${exporter.configPath}`];
}

/** Why a broker is gone, from what it wrote: DISK_FULL or BROKER_START_FAILED with the telling lines. */
export async function explainDeath(broker: BrokerRecord, logsDir: string): Promise<HeadroomError> {
  const logs = brokerLogsDir(logsDir, broker.id);
  const texts = await Promise.all(
    ['output.log', 'server.log'].map((name) => readFile(join(logs, name), 'utf8').catch(() => '')),
  );
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
  if (lines.some(isDiskFull) || (await isDiskExhausted(broker.dir))) return diskFullError(broker.dir);
  return new HeadroomError(
    'BROKER_START_FAILED',
    `broker ${broker.id} ended before it was ready:\n${tellingLines(lines).join('\n')}`,
    { hint: `its logs are in ${logs}` },
  );
}

/** Lines with an error or an exception, stack frames left out; the last lines when there are none. */
export function tellingLines(lines: readonly string[]): readonly string[] {
  const errors = lines.filter(
    (line) => /\b(ERROR|FATAL|Error|Exception|Caused by)\b|Exception:/.test(line) && !/^\s+at /.test(line),
  );
  return (errors.length > 0 ? errors : lines).slice(-shownLines).map((line) => line.slice(0, shownColumns));
}
