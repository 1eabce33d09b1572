/** The cluster of one run, local or existing, behind what the run needs of it. */
import type { Admin } from '@platformatic/kafka';
import type { Security } from '../security/security.ts';
import { type BrokerFact, readBrokers } from './brokers.ts';
import { createAdmin } from './connect.ts';
import { requirePinned } from './identity.ts';

export interface RunCluster {
  readonly target: 'local' | 'existing';
  readonly bootstrap: readonly string[];
  /** Left out: plain connections. */
  readonly security?: Security | undefined;
  readonly clusterId: string;
  readonly admin: Admin;
  /** As they were when the run began. */
  readonly brokers: readonly BrokerFact[];
  readonly versions: Readonly<Record<string, string>>;
  aliveBrokers(): Promise<ReadonlySet<number>>;
  /** CPU seconds used so far by broker; null where it cannot be seen. */
  brokerCpuSeconds(): Promise<ReadonlyMap<number, number> | null>;
  /** Folders of the brokers' logs and data; null where they cannot be seen. */
  readonly folders: readonly string[] | null;
}

/** Connects to a cluster that the user named and pinned, and disconnects afterwards. Fails before anything is written. */
export async function withExistingCluster<T>(
  { bootstrap, clusterId }: { readonly bootstrap: readonly string[]; readonly clusterId: string | null },
  use: (cluster: RunCluster) => Promise<T>,
): Promise<T> {
  const admin = createAdmin(bootstrap);
  try {
    const id = await requirePinned(admin, bootstrap, clusterId);
    return await use({
      target: 'existing',
      bootstrap,
      clusterId: id,
      admin,
      brokers: await readBrokers(admin, bootstrap),
      versions: {},
      aliveBrokers: async () => new Set((await readBrokers(admin, bootstrap)).map((broker) => broker.id)),
      brokerCpuSeconds: async () => null,
      folders: null,
    });
  } finally {
    await admin.close().catch(() => {});
  }
}
