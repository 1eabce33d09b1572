/** Deletes what a run created, by its manifest alone. Nothing else of the cluster is ever touched. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, deleteTopicsV6 } from '@platformatic/kafka';
import { rootCause } from './connect.ts';
import { deletableGroups, deletableTopicIds, type RunManifest, whyLeft } from './manifest.ts';
import { readTopicIds } from './topics.ts';

const pollMs = 100;
const requestMs = 10_000;
/** Error code UNKNOWN_TOPIC_ID of the Kafka protocol. */
const unknownTopicId = 100;

/**
 * Deletes the run's topics and groups, within `withinMs` whatever happens. Never throws: returns what could not be
 * deleted, each in words with the reason; empty when nothing is left behind.
 */
export async function deleteRunResources(
  admin: Admin,
  manifest: RunManifest,
  withinMs: number,
): Promise<readonly string[]> {
  const deadline = performance.now() + withinMs;
  const topics = await untilDone('topics', deadline, () => deleteTopicsOnce(admin, manifest));
  const groups = await untilDone('groups', deadline, () => deleteGroupsOnce(admin, manifest));
  return [...topics, ...groups];
}

/** Repeats until nothing is left or the time is over; a failure counts as one thing left. */
async function untilDone(
  what: string,
  deadline: number,
  attempt: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  for (;;) {
    const left = await withinDeadline(deadline, attempt()).catch((error: unknown) => [
      `the run's ${what}, perhaps: ${rootCause(error)}`,
    ]);
    if (left.length === 0 || performance.now() + pollMs > deadline) return left;
    await sleep(pollMs);
  }
}

async function withinDeadline<T>(deadline: number, work: Promise<T>): Promise<T> {
  const expiry = new AbortController();
  const limit = sleep(Math.max(0, deadline - performance.now()), undefined, { signal: expiry.signal }).then(() => {
    throw new Error('the cluster did not answer in time');
  });
  // The loser of the race must not surface later as an unhandled rejection.
  limit.catch(() => {});
  work.catch(() => {});
  try {
    return await Promise.race([work, limit]);
  } finally {
    expiry.abort();
  }
}

/**
 * By topic id, so that the cluster itself refuses a topic that is not the one created, and a broker that has not heard of a
 * new topic yet cannot hide it.
 */
async function deleteTopicsOnce(admin: Admin, manifest: RunManifest): Promise<readonly string[]> {
  const ids = deletableTopicIds(manifest);
  if (ids.length > 0) await deleteByIds(admin, ids);
  const left = await readTopicIds(admin, manifest.topics);
  return [...left].map(([name, id]) => whyLeft(manifest, name, id));
}

async function deleteByIds(admin: Admin, ids: readonly string[]): Promise<void> {
  const { controllerId } = await admin.metadata({ topics: [], forceUpdate: true });
  const [connection] = (await admin.connectToBrokers([controllerId])).values();
  if (connection === undefined) throw new Error(`no connection to broker ${controllerId}`);
  // The protocol's null name, "by id", is not in the client's types.
  const topics = ids.map((topicId) => ({ name: null as unknown as string, topicId }));
  await deleteTopicsV6.api.async(connection, topics, requestMs).catch((error: unknown) => {
    if (!isOnlyUnknownIds(error)) throw error;
  });
}

/** What was deleted in an earlier attempt is unknown to the cluster by now. */
function isOnlyUnknownIds(error: unknown): boolean {
  const { errors } = error as { errors?: readonly { apiCode?: number }[] };
  return errors !== undefined && errors.length > 0 && errors.every(({ apiCode }) => apiCode === unknownTopicId);
}

async function deleteGroupsOnce(admin: Admin, manifest: RunManifest): Promise<readonly string[]> {
  const ours = deletableGroups(manifest);
  const present = await admin.listGroups({ types: ['classic', 'consumer'] });
  const groups = ours.filter((group) => present.has(group));
  if (groups.length === 0) return [];
  await admin.deleteGroups({ groups });
  const after = await admin.listGroups({ types: ['classic', 'consumer'] });
  return ours.filter((group) => after.has(group)).map((group) => `group ${group} is still there`);
}
