/** How the local clusters on record fare: by their processes and by asking each broker. Changes nothing. */
import type { Environment } from './executable.ts';
import { loopback } from './ports.ts';
import { isRunning } from './processes.ts';
import { askBroker } from './readiness.ts';
import { findCluster, listClusters, type RegisteredCluster, runningBrokers } from './registry.ts';

/** running: every broker serves; degraded: some do; down: none does; leftover: its owner is dead, the next start ends it. */
export type ClusterState = 'running' | 'degraded' | 'down' | 'leftover';

export interface ClusterStatus {
  readonly dir: string;
  readonly state: ClusterState;
  readonly clusterId: string;
  readonly kafkaVersion: string;
  readonly createdAt: string;
  /** The process that stops it when it ends; null when only `headroom down` does. */
  readonly ownerPid: number | null;
  readonly bootstrap: readonly string[];
  readonly brokers: readonly {
    readonly id: number;
    readonly host: string;
    readonly port: number;
    readonly jmxPort: number;
    readonly rack: string;
    /** null when its process is gone. */
    readonly pid: number | null;
    /** It answers a request and sees itself in the cluster. */
    readonly serving: boolean;
  }[];
}

/** All clusters on record, or the one in `dir` when that is given. */
export async function readClusterStatus(dir: string | null, env?: Environment): Promise<readonly ClusterStatus[]> {
  const one = dir === null ? null : await findCluster(dir, env);
  const clusters = dir === null ? await listClusters(env) : one === null ? [] : [one];
  return await Promise.all(clusters.map(describeCluster));
}

async function describeCluster(cluster: RegisteredCluster): Promise<ClusterStatus> {
  const { record } = cluster;
  const running = await runningBrokers(cluster);
  const brokers = await Promise.all(
    record.brokers.map(async ({ id, port, jmxPort, rack }) => {
      const pid = running.get(id)?.pid ?? null;
      const view = pid === null ? null : await askBroker(port);
      const serving = view !== null && view.clusterId === record.clusterId && view.brokers.includes(id);
      return { id, host: loopback, port, jmxPort, rack, pid, serving };
    }),
  );
  return {
    dir: record.dir,
    state: stateOf(
      brokers.map(({ serving }) => serving),
      record.detached || isRunning(record.owner),
    ),
    clusterId: record.clusterId,
    kafkaVersion: record.kafkaVersion,
    createdAt: record.createdAt,
    ownerPid: record.detached ? null : record.owner.pid,
    bootstrap: brokers.map(({ port }) => `${loopback}:${port}`),
    brokers,
  };
}

export function stateOf(serving: readonly boolean[], owned: boolean): ClusterState {
  if (!owned) return 'leftover';
  const count = serving.filter(Boolean).length;
  return count === 0 ? 'down' : count === serving.length ? 'running' : 'degraded';
}
