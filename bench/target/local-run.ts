/** The local cluster of one run: started for it, gone after it; only the brokers' logs stay, in the run's folder. */
import { cp, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { brokerCpuSeconds, killBroker, type LocalCluster } from '../local/local-cluster.ts';
import { identify, sendSignal } from '../local/processes.ts';
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
  /** Kafka's own names, for every broker. */
  readonly brokerOverrides?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Starts a cluster, hands it to `use`, and stops it whatever happens. */
export async function withLocalCluster<T>(
  options: LocalRunOptions,
  use: (cluster: RunCluster) => Promise<T>,
): Promise<T> {
  const { keepLogsIn, ...local } = options;
  const { dir } = local;
  try {
    const cluster = await startLocalCluster(local);
    try {
      return await useLocal(cluster, use);
    } finally {
      await cluster.stop();
    }
  } finally {
    // Also when it did not start: then the logs say why. Without room for them the run's own result still stands.
    await cp(`${dir}/logs`, keepLogsIn, { recursive: true }).catch(() => {});
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
      crashBroker: async (id, hangMs) => {
        const pid = local.brokers.find((broker) => broker.id === id)?.pid;
        const identity = pid === undefined ? null : identify(pid);
        if (identity !== null) sendSignal(identity, 'SIGSTOP');
        await sleep(hangMs);
        await killBroker(local, id, 'SIGKILL');
      },
      folders: [logsDir, ...local.brokers.map((broker) => broker.dir)],
    });
  } finally {
    await admin.close().catch(() => {});
  }
}
