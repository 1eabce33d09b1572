/** A running local cluster, and what fault tests do to its brokers. */
import { HeadroomError } from '../../lib/errors.ts';
import { type BrokerProcess, type LaunchContext, launchBroker } from './broker-process.ts';
import { type ClientMode, clientConfigPath, clientModes } from './credentials.ts';
import { openJmx } from './jmx.ts';
import { loopback } from './ports.ts';
import { cpuSeconds, sendSignal, waitUntilGone } from './processes.ts';
import { waitUntilReady } from './readiness.ts';
import { type BrokerRecord, type ClusterRecord, readIdentity } from './registry.ts';

export interface LocalBroker {
  readonly id: number;
  readonly host: string;
  /** For clients. */
  readonly port: number;
  /** JMX on 127.0.0.1, without password. */
  readonly jmxPort: number;
  /** Prometheus reads it here when the cluster was started with an exporter. */
  readonly exporterPort: number;
  readonly rack: string;
  /** Changes when the broker is restarted. */
  pid: number;
  /** Its server.properties and data. */
  readonly dir: string;
}

export interface LocalCluster {
  readonly clusterId: string;
  /** host:port of each broker. */
  readonly bootstrap: readonly string[];
  /** Null without secured listeners. */
  readonly secured: SecuredAccess | null;
  readonly brokers: readonly LocalBroker[];
  readonly dir: string;
  /** A folder per broker; kept when the cluster stops. */
  readonly logsDir: string;
  readonly kafkaVersion: string;
  /** How a broker is started again. */
  readonly launch: LaunchContext & { readonly records: readonly BrokerRecord[] };
  /** Ends the brokers and, unless it is kept, removes their data. Safe to call twice. */
  stop(): Promise<void>;
}

/** How clients reach the secured listeners: where, and the client settings file for each way to authenticate. */
export interface SecuredAccess {
  readonly tlsBootstrap: readonly string[];
  readonly saslBootstrap: readonly string[];
  readonly clientConfigs: Readonly<Record<ClientMode, string>>;
}

const terminateBoundMs = 60_000;
const killBoundMs = 5_000;

export function describeBroker({ broker, identity }: BrokerProcess): LocalBroker {
  const { id, port, jmxPort, exporterPort, rack, dir } = broker;
  return { id, host: loopback, port, jmxPort, exporterPort, rack, pid: identity?.pid ?? 0, dir };
}

export function securedAccess({ dir, brokers }: Pick<ClusterRecord, 'dir' | 'brokers'>): SecuredAccess | null {
  const ports = brokers.flatMap(({ secured }) => secured ?? []);
  if (ports.length === 0) return null;
  return {
    tlsBootstrap: ports.map(({ tlsPort }) => `${loopback}:${tlsPort}`),
    saslBootstrap: ports.map(({ saslPort }) => `${loopback}:${saslPort}`),
    clientConfigs: Object.fromEntries(clientModes.map((mode) => [mode, clientConfigPath(dir, mode)])) as Record<
      ClientMode,
      string
    >,
  };
}

/**
 * Ends one broker and resolves when its process is gone. SIGTERM is an orderly leave (leaders move first), SIGKILL a
 * crash. A broker that is down already stays down. Throws RESOURCE_MISSING for an unknown id.
 */
export async function killBroker(cluster: LocalCluster, id: number, name: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  brokerOf(cluster, id);
  const identity = await readIdentity(cluster.launch.recordFolder, id);
  if (identity === null || !sendSignal(identity, name)) return;
  const left = await waitUntilGone([identity], name === 'SIGKILL' ? killBoundMs : terminateBoundMs);
  if (left.length > 0) {
    throw new HeadroomError('INTERNAL', `broker ${id} (process ${identity.pid}) survives ${name}`);
  }
}

/** Starts a broker that is down, on its own data and ports; resolves when it serves and sees every living broker. */
export async function restartBroker(cluster: LocalCluster, id: number, signal?: AbortSignal): Promise<void> {
  const broker = brokerOf(cluster, id);
  const { records } = cluster.launch;
  const record = records.find((each) => each.id === id);
  if (record === undefined) throw unknownBroker(cluster, id);
  await killBroker(cluster, id, 'SIGKILL');
  const started = await launchBroker(record, cluster.launch);
  broker.pid = started.identity?.pid ?? 0;
  await waitUntilReady({
    processes: [started],
    clusterId: cluster.clusterId,
    brokerIds: [id],
    logsDir: cluster.logsDir,
    onAlive: () => {},
    ...(signal === undefined ? {} : { signal }),
  });
  await openJmx(cluster.launch.runtime.java, [started], signal);
}

/** CPU time each broker's process has used, user and system; null where the system does not tell or it is down. */
export async function brokerCpuSeconds(
  cluster: LocalCluster,
): Promise<readonly { readonly broker: number; readonly seconds: number | null }[]> {
  return await Promise.all(
    cluster.brokers.map(async ({ id }) => {
      const identity = await readIdentity(cluster.launch.recordFolder, id);
      return { broker: id, seconds: identity === null ? null : cpuSeconds(identity) };
    }),
  );
}

function brokerOf(cluster: LocalCluster, id: number): LocalBroker {
  const broker = cluster.brokers.find((each) => each.id === id);
  if (broker === undefined) throw unknownBroker(cluster, id);
  return broker;
}

function unknownBroker(cluster: LocalCluster, id: number): HeadroomError {
  const known = cluster.brokers.map((each) => each.id).join(', ');
  return new HeadroomError('RESOURCE_MISSING', `the local cluster has no broker ${id}, it has ${known}`);
}
