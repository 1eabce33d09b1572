/** The cluster of one run, local or existing, behind what the run needs of it. */
import type { Admin } from '@platformatic/kafka';
import type { MskCluster } from '../aws/msk-cluster.ts';
import type { Security } from '../security/security.ts';
import { type BrokerFact, readBrokers } from './brokers.ts';
import { createAdmin } from './connect.ts';
import { readClusterId, requireBrokersOf, requirePinned } from './identity.ts';

export interface RunCluster {
  readonly target: 'local' | 'existing';
  readonly bootstrap: readonly string[];
  /** Left out: plain connections. */
  readonly security?: Security | undefined;
  readonly clusterId: string;
  readonly admin: Admin;
  /** What AWS says of it; null where nobody was asked. */
  readonly msk: MskCluster | null;
  /** As they were when the run began. */
  readonly brokers: readonly BrokerFact[];
  readonly versions: Readonly<Record<string, string>>;
  aliveBrokers(): Promise<ReadonlySet<number>>;
  /** CPU seconds used so far by broker; null where it cannot be seen. */
  brokerCpuSeconds(): Promise<ReadonlyMap<number, number> | null>;
  /** Folders of the brokers' logs and data; null where they cannot be seen. */
  readonly folders: readonly string[] | null;
  /** Stops a broker's process for `hangMs`, then kills it; null where no broker is ours to kill. */
  readonly crashBroker: ((id: number, hangMs: number) => Promise<void>) | null;
}

export interface ExistingTarget {
  readonly bootstrap: readonly string[];
  /** The pin; may be null only where an ARN names the cluster. */
  readonly clusterId: string | null;
  readonly security?: Security | undefined;
  /** Of a cluster named by its ARN. */
  readonly msk?: MskCluster;
}

/** Connects to a cluster that the user named and pinned, and disconnects afterwards. Fails before anything is written. */
export async function withExistingCluster<T>(
  { bootstrap, clusterId, security, msk }: ExistingTarget,
  use: (cluster: RunCluster) => Promise<T>,
): Promise<T> {
  const admin = createAdmin(bootstrap, security);
  try {
    const isNamed = msk !== undefined && clusterId === null;
    const id = isNamed ? await readClusterId(admin, bootstrap) : await requirePinned(admin, bootstrap, clusterId);
    const brokers = await readBrokers(admin, bootstrap);
    if (msk !== undefined) requireBrokersOf(msk, brokers);
    return await use({
      target: 'existing',
      bootstrap,
      security,
      clusterId: id,
      admin,
      msk: msk ?? null,
      brokers,
      versions: {},
      aliveBrokers: async () => new Set((await readBrokers(admin, bootstrap)).map((broker) => broker.id)),
      brokerCpuSeconds: async () => null,
      folders: null,
      crashBroker: null,
    });
  } finally {
    await admin.close().catch(() => {});
  }
}
