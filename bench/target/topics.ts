/**
 * The topics and groups of one run: created under the run's prefix after the manifest is on disk, deleted by the
 * manifest alone. Nothing else of the cluster is ever touched.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, deleteTopicsV6 } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import { rootCause } from './connect.ts';
import { deletableGroups, deletableTopicIds, type RunManifest, whyLeft, withTopicIds } from './manifest.ts';

export interface TopicToCreate {
  /** With the run's prefix. */
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** By Kafka's own names. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
}

const leadersWithinMs = 30_000;
const pollMs = 100;
const requestMs = 10_000;
/** Error code UNKNOWN_TOPIC_ID of the Kafka protocol. */
const unknownTopicId = 100;

/** Throws RESOURCE_MISSING when a topic or group with the run's prefix is already there: it would not be ours. */
export async function requireUnusedPrefix(admin: Admin, topicPrefix: string): Promise<void> {
  const topics = await admin.listTopics({ includeInternals: true });
  const groups = await admin.listGroups({ types: ['classic', 'consumer'] });
  const taken = [...topics, ...groups.keys()].filter((name) => name.startsWith(topicPrefix));
  if (taken.length > 0) {
    throw new HeadroomError(
      'RESOURCE_MISSING',
      `the prefix ${topicPrefix} is taken on this cluster by ${taken.join(', ')}`,
      {
        hint: 'run again: every run has a prefix of its own',
      },
    );
  }
}

/**
 * Creates the topics and waits until every partition has a leader and all its replicas in sync. `save` gets the manifest
 * with the topic ids as soon as the cluster has said them, also when creating failed half way.
 * Throws RESOURCE_MISSING when the cluster refuses or does not get there in 30 s.
 */
export async function createTopics(
  admin: Admin,
  manifest: RunManifest,
  topics: readonly TopicToCreate[],
  options: { readonly save: (manifest: RunManifest) => Promise<void>; readonly signal: AbortSignal },
): Promise<void> {
  const ids = new Map<string, string>();
  try {
    for (const topic of topics) {
      options.signal.throwIfAborted();
      ids.set(topic.name, await createTopic(admin, topic));
    }
  } finally {
    await options.save(withTopicIds(manifest, ids));
  }
  await waitForReplicas(admin, topics, options.signal);
}

/** The new topic's id. */
async function createTopic(admin: Admin, topic: TopicToCreate): Promise<string> {
  try {
    const [created] = await admin.createTopics({
      topics: [topic.name],
      partitions: topic.partitions,
      replicas: topic.replicationFactor,
      configs: Object.entries(topic.config).map(([name, value]) => ({ name, value: String(value) })),
    });
    if (created === undefined) throw new Error('the answer names no topic');
    return created.id;
  } catch (error) {
    // The answer may have been lost on its way. The run's prefix was unused, so a topic of this name is ours.
    const id = (await readTopicIds(admin, [topic]).catch(() => new Map<string, string>())).get(topic.name);
    if (id !== undefined) return id;
    throw new HeadroomError(
      'RESOURCE_MISSING',
      `the cluster did not create ${topic.name} (${topic.partitions} partitions x ${topic.replicationFactor} replicas): ${rootCause(error)}`,
      {
        hint: 'the cluster needs as many brokers as replicas, and must allow this client to create topics',
        cause: error,
      },
    );
  }
}

/** Topic ids by name of those of `topics` that are on the cluster now. */
async function readTopicIds(
  admin: Admin,
  topics: readonly { readonly name: string }[],
): Promise<ReadonlyMap<string, string>> {
  const present = new Set(await admin.listTopics());
  const names = topics.map(({ name }) => name).filter((name) => present.has(name));
  if (names.length === 0) return new Map();
  const metadata = await admin.metadata({ topics: names, forceUpdate: true });
  return new Map([...metadata.topics].flatMap(([name, topic]) => (topic === undefined ? [] : [[name, topic.id]])));
}

async function waitForReplicas(admin: Admin, topics: readonly TopicToCreate[], signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + leadersWithinMs;
  let waiting: string[] = topics.map(({ name }) => name);
  while (waiting.length > 0) {
    signal.throwIfAborted();
    waiting = await admin
      .metadata({ topics: [...waiting], forceUpdate: true })
      .then(({ topics: found }) =>
        topics
          .filter(({ name }) => waiting.includes(name))
          .filter((topic) => !isInSync(topic, found.get(topic.name)?.partitions ?? []))
          .map(({ name }) => name),
      )
      // A broker that has not heard of a new topic yet answers with an error; the next one may have.
      .catch(() => waiting);
    if (performance.now() > deadline) {
      throw new HeadroomError(
        'RESOURCE_MISSING',
        `${waiting.join(', ')}: not every partition has a leader and all its replicas after ${leadersWithinMs / 1000} s`,
        { hint: "see the brokers' logs; a broker may be down or still starting" },
      );
    }
    if (waiting.length > 0) await sleep(pollMs);
  }
}

function isInSync(topic: TopicToCreate, partitions: readonly { leader: number; isr: readonly number[] }[]): boolean {
  return (
    partitions.length === topic.partitions &&
    partitions.every(({ leader, isr }) => leader >= 0 && isr.length === topic.replicationFactor)
  );
}

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
  const topics = await untilDone(deadline, () => deleteTopicsOnce(admin, manifest));
  const groups = await untilDone(deadline, () => deleteGroupsOnce(admin, manifest));
  return [...topics, ...groups];
}

/** Repeats until nothing is left or the time is over; a failure counts as one thing left. */
async function untilDone(deadline: number, attempt: () => Promise<readonly string[]>): Promise<readonly string[]> {
  for (;;) {
    const left = await withinDeadline(deadline, attempt()).catch((error: unknown) => [rootCause(error)]);
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
