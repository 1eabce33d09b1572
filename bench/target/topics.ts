/** The topics of one run: created under the run's prefix, after the manifest is on disk. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import { rootCause } from './connect.ts';
import { type RunManifest, withTopicIds } from './manifest.ts';

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
        hint: 'run again: every run has a prefix of its own; where --meet names a control topic, with another one',
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
export async function readTopicIds(
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
