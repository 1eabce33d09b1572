/** Chooses a cluster's ports and enters it into the registry so that two that start at once do not share a port. */
import { HeadroomError } from '../../lib/errors.ts';
import type { Environment } from './executable.ts';
import { type BrokerPorts, choosePorts, defaultBasePort, elsewhere } from './ports.ts';
import {
  type ClusterRecord,
  listClusters,
  type RegisteredCluster,
  recordFolder,
  registerCluster,
  unregister,
  updateRecord,
} from './registry.ts';

export interface Reservation {
  readonly dir: string;
  readonly brokers: number;
  /** First client port as the user named it; null to choose freely. */
  readonly namedPort: number | null;
  readonly secured?: boolean;
  readonly describe: (ports: readonly BrokerPorts[]) => ClusterRecord;
  readonly env: Environment;
}

/**
 * Choose, publish, look again: of two clusters that publish the same port, the later one sees the other's record.
 * Errors: PORT_TAKEN, CLUSTER_EXISTS, RESOURCE_MISSING.
 */
export async function registerWithPorts(reservation: Reservation): Promise<RegisteredCluster> {
  const { dir, brokers, namedPort, secured = false, describe, env } = reservation;
  let firstPort = defaultBasePort;
  let cluster: RegisteredCluster | null = null;
  try {
    for (;;) {
      const reserved = await portsOfOthers(dir, env);
      const record = describe(await choosePorts({ brokers, namedPort, secured, firstPort, reserved }));
      cluster = cluster === null ? await registerCluster(record, env) : await updateRecord(cluster, record);
      const others = await portsOfOthers(dir, env);
      const clash = portsOf(record).find((port) => others.has(port));
      if (clash === undefined) return cluster;
      if (namedPort !== null) throw new HeadroomError('PORT_TAKEN', `port ${clash} belongs to another local cluster`);
      firstPort = elsewhere(Math.random);
    }
  } catch (error) {
    if (cluster !== null) await unregister(cluster.folder);
    throw error;
  }
}

async function portsOfOthers(dir: string, env: Environment): Promise<ReadonlySet<number>> {
  const own = recordFolder(dir, env);
  const others = (await listClusters(env)).filter(({ folder }) => folder !== own);
  return new Set(others.flatMap(({ record }) => portsOf(record)));
}

function portsOf(record: ClusterRecord): readonly number[] {
  return record.brokers.flatMap(({ port, controllerPort, jmxPort, exporterPort, secured }) => [
    port,
    controllerPort,
    jmxPort,
    exporterPort,
    ...Object.values(secured ?? {}),
  ]);
}
