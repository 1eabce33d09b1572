/** How the cluster itself sees its brokers and partitions, asked of whichever broker answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, Connection, metadataV12, ResponseError } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import type { LocalBroker, LocalCluster } from '../local/local-cluster.ts';
import { loopback } from '../local/ports.ts';
import { askBroker } from '../local/readiness.ts';
import { createAdmin } from '../target/connect.ts';

export interface PartitionView {
  readonly topic: string;
  readonly partition: number;
  /** -1: none. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
}

const requestMs = 3_000;
const pollMs = 500;

/** Null when no broker answers. */
export async function describePartitions(cluster: LocalCluster): Promise<readonly PartitionView[] | null> {
  for (const { port } of cluster.brokers) {
    const found = await partitionsSeenBy(port);
    if (found !== null) return found;
  }
  return null;
}

export async function describePartition(
  cluster: LocalCluster,
  topic: string,
  partition = 0,
): Promise<PartitionView | null> {
  const all = await describePartitions(cluster);
  return all?.find((each) => each.topic === topic && each.partition === partition) ?? null;
}

async function partitionsSeenBy(port: number): Promise<readonly PartitionView[] | null> {
  const connection = new Connection('headroom-drill', { connectTimeout: requestMs, requestTimeout: requestMs });
  connection.on('error', () => {});
  try {
    await connection.connect(loopback, port);
    const { topics } = await askMetadata(connection);
    return topics.flatMap(({ name, partitions }) =>
      partitions.map((each) => ({
        topic: name ?? '',
        partition: each.partitionIndex,
        leader: each.leaderId,
        replicas: each.replicaNodes,
        inSync: each.isrNodes,
      })),
    );
  } catch {
    return null;
  } finally {
    await connection.close().catch(() => {});
  }
}

/** A partition without leader makes the client library reject the whole answer, which is the answer wanted here. */
async function askMetadata(connection: Connection): ReturnType<typeof metadataV12.api.async> {
  try {
    return await metadataV12.api.async(connection, null, false, false);
  } catch (error) {
    if (error instanceof ResponseError) return error.response as Awaited<ReturnType<typeof askMetadata>>;
    throw error;
  }
}

/** Why the cluster is not whole: brokers missing, partitions without leader or with replicas out of sync; null when it is. */
export async function missingIn(cluster: LocalCluster): Promise<string | null> {
  const views = await Promise.all(cluster.brokers.map(({ port }) => askBroker(port)));
  const silent = cluster.brokers.filter((_, index) => (views[index]?.brokers.length ?? 0) < cluster.brokers.length);
  if (silent.length > 0) return `broker ${silent.map(({ id }) => id).join(', ')} does not see every broker`;
  const partitions = await describePartitions(cluster);
  if (partitions === null) return 'no broker answers';
  const partial = partitions.filter(({ replicas, inSync }) => inSync.length < replicas.length);
  return partial.length === 0 ? null : `${partial.length} partitions have replicas out of sync`;
}

/** Resolves when the cluster is whole, or with why it is not when the time is up. */
export async function untilWhole(cluster: LocalCluster, boundMs: number, signal: AbortSignal): Promise<string | null> {
  const untilMs = performance.now() + boundMs;
  for (;;) {
    const missing = await missingIn(cluster);
    if (missing === null || performance.now() > untilMs) return missing;
    await sleep(pollMs, undefined, { signal });
  }
}

/** Leader of the metadata quorum. Throws RESOURCE_MISSING when nobody knows one. */
export async function quorumLeader(cluster: LocalCluster): Promise<LocalBroker> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    for (const { port } of cluster.brokers) {
      const leader = (await askBroker(port))?.quorumLeader ?? null;
      const broker = cluster.brokers.find(({ id }) => id === leader);
      if (broker !== undefined) return broker;
    }
    await sleep(pollMs);
  }
  throw new HeadroomError('RESOURCE_MISSING', 'the local cluster has no quorum leader');
}

/** Brokers that do not lead the quorum, so that what is done to them moves no controller. */
export async function bystanders(cluster: LocalCluster): Promise<readonly LocalBroker[]> {
  const leader = await quorumLeader(cluster);
  return cluster.brokers.filter(({ id }) => id !== leader.id);
}

/** Runs an action with an admin client of its own: one that outlives a fault keeps connections to the dead. */
export async function withAdmin<T>(cluster: LocalCluster, action: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = createAdmin(cluster.bootstrap);
  try {
    return await action(admin);
  } finally {
    await admin.close().catch(() => {});
  }
}

/** A topic whose partition 0 lies on exactly these brokers, the first one leading. One that is there already is taken. */
export async function ensureTopicOn(
  cluster: LocalCluster,
  topic: string,
  brokers: readonly number[],
  configs: Readonly<Record<string, string>> = {},
): Promise<void> {
  await withAdmin(cluster, async (admin) => {
    if ((await admin.listTopics()).includes(topic)) return;
    await admin.createTopics({
      topics: [topic],
      assignments: [{ partition: 0, brokers: [...brokers] }],
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    });
  });
}
