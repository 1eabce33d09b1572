/** The local cluster of one run: started for it, gone after it; only the brokers' logs stay, in the run's folder. */
import { cp, rm } from 'node:fs/promises';
import { brokerCpuSeconds, type LocalCluster } from '../local/local-cluster.ts';
import { identify } from '../local/processes.ts';
import { startLocalCluster } from '../local/start.ts';
import type { OnProgress } from '../progress.ts';
import { readBrokers } from './brokers.ts';
import { createAdmin } from './connect.ts';
import type { RunCluster } from './run-cluster.ts';

export interface LocalRunOptions {
  readonly brokers: number;
  /** The cluster's own folder while it runs; removed afterwards. */
  readonly dir: string;
  readonly keepLogsIn: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Starts a cluster, hands it to `use`, and stops it whatever happens. */
export async function withLocalCluster<T>(
  options: LocalRunOptions,
  use: (cluster: RunCluster) => Promise<T>,
): Promise<T> {
  const { brokers, dir, signal, onProgress } = options;
  try {
    const local = await startLocalCluster({ brokers, dir, signal, onProgress });
    try {
      return await useLocal(local, use);
    } finally {
      await local.stop();
    }
  } finally {
    // Also when it did not start: then the logs say why. Without room for them the run's own result still stands.
    await cp(`${dir}/logs`, options.keepLogsIn, { recursive: true }).catch(() => {});
    await rm(dir, { recursive: true, force: true });
  }
}

async function useLocal<T>(local: LocalCluster, use: (cluster: RunCluster) => Promise<T>): Promise<T> {
  const { bootstrap, clusterId, kafkaVersion, logsDir } = local;
  const admin = createAdmin(bootstrap);
  try {
    return await use({
      target: 'local',
      bootstrap,
      clusterId,
      admin,
      msk: null,
      brokers: await readBrokers(admin, bootstrap),
      versions: { kafka: kafkaVersion },
      aliveBrokers: async () => new Set(local.brokers.filter(({ pid }) => identify(pid) !== null).map(({ id }) => id)),
      brokerCpuSeconds: async () => {
        const used = await brokerCpuSeconds(local);
        return new Map(used.flatMap(({ broker, seconds }) => (seconds === null ? [] : [[broker, seconds]])));
      },
      folders: [logsDir, ...local.brokers.map((broker) => broker.dir)],
    });
  } finally {
    await admin.close().catch(() => {});
  }
}
