/**
 * A real Kafka cluster on loopback, owned by this process: it ends with `stop()`, and in whatever way this process ends
 * (watchdog.sh). A detached one is handed over when it is ready and lives until `headroom down`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { OnProgress } from '../progress.ts';
import { brokerProperties } from './broker-config.ts';
import { configPath, dataDir, type ExporterAgent, launchBroker } from './broker-process.ts';
import { type Credentials, prepareCredentials } from './credentials.ts';
import { diskFullError, isDiskFull } from './disk-full.ts';
import type { Environment } from './executable.ts';
import { prepareDir } from './existing-data.ts';
import { ensureKafka } from './fetch.ts';
import { formatStorage, randomKafkaId } from './format.ts';
import { throwIfInterrupted } from './interrupted.ts';
import { findJava } from './java.ts';
import { openJmx } from './jmx.ts';
import type { Runtime } from './jvm.ts';
import { describeBroker, type LocalCluster, securedAccess } from './local-cluster.ts';
import { loopback } from './ports.ts';
import { ownIdentity } from './processes.ts';
import { renderProperties } from './properties-file.ts';
import { waitUntilReady } from './readiness.ts';
import { endCluster, type RegisteredCluster, sweepLeftovers, updateRecord } from './registry.ts';
import { registerWithPorts } from './reserve.ts';
import { enterScramUser } from './secured-listeners.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

export interface LocalClusterOptions {
  /** At least 1. */
  readonly brokers: number;
  /** Holds the brokers' folders and `logs`. A cluster that was here before, and kept its data, goes on. */
  readonly dir: string;
  /** First of the consecutive client ports that the user named; left out, free ones are chosen. */
  readonly basePort?: number;
  /** Lives on after this process. Default false. */
  readonly detached?: boolean;
  /** Keeps the brokers' data when the cluster stops; logs are always kept. Default: as `detached`. */
  readonly keepData?: boolean;
  /** Listeners with TLS and with TLS and SASL beside the plain one, and client settings for them. Default false. */
  readonly secured?: boolean;
  /** Runs in every broker, on its exporter port. Default: none. */
  readonly exporter?: ExporterAgent;
  /** Kafka's own names, for every broker. */
  readonly brokerOverrides?: Readonly<Record<string, string>>;
  readonly onProgress: OnProgress;
  /** Aborting it while the cluster starts stops everything; afterwards it has no effect. */
  readonly signal: AbortSignal;
  readonly env?: Environment;
}

const stage = 'starting the local cluster';
/** Data that is kept deserves an orderly end; a quorum that stops all at once takes Kafka more than five seconds. */
export const orderlyStopMs = 15_000;

/**
 * Resolves when every broker is registered and the metadata quorum answers. Errors: JAVA_MISSING, MAVEN_MISSING,
 * FETCH_FAILED, PORT_TAKEN, CLUSTER_EXISTS, USAGE (the directory does not fit), DISK_FULL, BROKER_START_FAILED,
 * INTERRUPTED; after each of them nothing is left running.
 */
export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const env = options.env ?? process.env;
  const dir = resolve(options.dir);
  const keepData = options.keepData ?? options.detached ?? false;
  try {
    await sweepLeftovers(env);
    const runtime: Runtime = {
      java: await findJava(env, options.signal),
      kafka: await ensureKafka({ onProgress: options.onProgress, signal: options.signal, env }),
    };
    options.onProgress({ stage, detail: `${options.brokers} brokers`, fraction: null });
    const clusterId = (await prepareDir({ dir, brokers: options.brokers, keepData, env })) ?? randomKafkaId();
    const registered = await registerWithPorts({
      dir,
      brokers: options.brokers,
      namedPort: options.basePort ?? null,
      secured: options.secured ?? false,
      env,
      describe: (ports) => ({
        schemaVersion: 1,
        dir,
        clusterId,
        kafkaVersion: runtime.kafka.version,
        createdAt: new Date().toISOString(),
        owner: ownIdentity(),
        detached: false,
        keepData,
        brokers: ports.map((each, index) => ({
          id: index + 1,
          ...each,
          rack: `rack-${index + 1}`,
          dir: join(dir, `broker-${index + 1}`),
        })),
      }),
    });
    return await startRegistered(registered, runtime, { ...options, env });
  } catch (error) {
    throw isDiskFull(error) ? diskFullError(dir, error) : error;
  }
}

async function startRegistered(
  registered: RegisteredCluster,
  runtime: Runtime,
  options: LocalClusterOptions & { env: Environment },
): Promise<LocalCluster> {
  let watchdog: Watchdog | null = null;
  try {
    watchdog = await startWatchdog(registered.folder);
    const credentials =
      options.secured === true
        ? await prepareCredentials({ ...options, java: runtime.java, dir: registered.record.dir })
        : null;
    await prepareBrokers(registered, runtime, credentials, options);
    const cluster = await launchAll(registered, watchdog, runtime, options);
    if (credentials !== null) await enterScramUser(registered.record.brokers[0]?.port ?? 0, credentials);
    if (options.detached === true) {
      await updateRecord(registered, { ...registered.record, detached: true });
      await watchdog.dismiss();
    }
    return cluster;
  } catch (error) {
    await endCluster(registered, 0);
    await watchdog?.dismiss();
    throw error;
  }
}

async function prepareBrokers(
  { record }: RegisteredCluster,
  runtime: Runtime,
  credentials: Credentials | null,
  options: LocalClusterOptions & { env: Environment },
): Promise<void> {
  for (const broker of record.brokers) {
    const properties = brokerProperties({
      broker: { ...broker, dataDir: dataDir(broker) },
      cluster: record.brokers,
      ...(credentials === null || broker.secured === undefined
        ? {}
        : { secured: { ports: broker.secured, credentials } }),
      overrides: options.brokerOverrides ?? {},
    });
    await mkdir(broker.dir, { recursive: true });
    // With secured listeners it holds passwords.
    await writeFile(configPath(broker), renderProperties(properties), { mode: 0o600 });
  }
  await formatStorage({
    runtime,
    clusterId: record.clusterId,
    brokers: record.brokers.map((each) => ({ id: each.id, dataDir: dataDir(each), configPath: configPath(each) })),
    env: options.env,
    signal: options.signal,
  });
}

async function launchAll(
  registered: RegisteredCluster,
  watchdog: Watchdog,
  runtime: Runtime,
  options: LocalClusterOptions,
): Promise<LocalCluster> {
  const { record, folder } = registered;
  const logsDir = join(record.dir, 'logs');
  const exporter = options.exporter ?? null;
  const launch = { runtime, recordFolder: folder, logsDir, exporter, records: record.brokers };
  throwIfInterrupted(options.signal);
  const processes = await Promise.all(record.brokers.map((broker) => launchBroker(broker, launch)));
  await waitUntilReady({
    processes,
    clusterId: record.clusterId,
    brokerIds: record.brokers.map(({ id }) => id),
    logsDir,
    onAlive: (ready) =>
      options.onProgress({
        stage,
        detail: `${ready} of ${processes.length} brokers ready`,
        fraction: ready / processes.length,
      }),
    signal: options.signal,
  });
  await openJmx(runtime.java, processes, options.signal);
  let stopping: Promise<void> | null = null;
  return {
    clusterId: record.clusterId,
    bootstrap: record.brokers.map(({ port }) => `${loopback}:${port}`),
    secured: securedAccess(record),
    brokers: processes.map(describeBroker),
    dir: record.dir,
    logsDir,
    kafkaVersion: record.kafkaVersion,
    launch,
    stop: () => {
      stopping ??= endCluster(registered, record.keepData ? orderlyStopMs : 0).then(() => watchdog.dismiss());
      return stopping;
    },
  };
}
