/** The control topic of a run on the cluster under test: its name, how it is created, and how run and workers use it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadroomError } from '../../lib/errors.ts';
import type { Plan } from '../../lib/plan/types.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import { engineDriver } from '../drivers/engine.ts';
import { patiently } from '../drivers/patience.ts';
import { EngineConsumer } from '../engine/consumer.ts';
import { createAdmin, reach } from '../target/connect.ts';
import { topicPrefixOf } from '../target/manifest.ts';
import type { TopicToCreate } from '../target/topics.ts';
import type { Meeting } from './meeting.ts';
import { type ControlLog, type ControlReader, topicMeeting } from './topic-meeting.ts';

/** Behind the run's prefix. */
const controlTopicSuffix = 'workers';
export const controlTopicForm = `headroom-<8 hex digits>-${controlTopicSuffix}`;

const clientId = 'headroom-control';
const deliveryTimeoutMs = 30_000;
const lookForItEveryMs = 1_000;

export function controlTopicOf(runId: string): string {
  return `${topicPrefixOf(runId)}${controlTopicSuffix}`;
}

/** The run whose control topic has this name; null for another name. */
export function runOfControlTopic(name: string): string | null {
  const [, runId] = /^headroom-([0-9a-f]{8})-workers$/.exec(name) ?? [];
  return runId ?? null;
}

/** Throws USAGE when a topic of the plan would have the same name on the cluster. */
export function requireOtherNames({ topics }: Plan): void {
  if (topics.every(({ name }) => name !== controlTopicSuffix)) return;
  throw new HeadroomError('USAGE', `"${controlTopicSuffix}" names the control topic and a topic of the use case`, {
    hint: 'rename the topic, or let the workers meet in a folder',
  });
}

/** Of one partition, so that all read the same order; as safe as the safest topic of the plan. */
export function controlTopicToCreate(name: string, plan: Plan): TopicToCreate {
  return {
    name,
    partitions: 1,
    replicationFactor: Math.max(1, ...plan.topics.map(({ replicationFactor }) => replicationFactor)),
    // Whatever the brokers' defaults are: a value in parts must be kept whole, and from its beginning.
    config: { 'cleanup.policy': 'delete', 'retention.ms': 86_400_000, 'max.message.bytes': 1_048_588 },
  };
}

/** Waits for the run to create it. Throws RESOURCE_MISSING after `withinMs`, TARGET_UNREACHABLE at once. */
export async function awaitControlTopic(
  { bootstrap, security }: Pick<DriverTarget, 'bootstrap' | 'security'>,
  topic: string,
  { withinMs, signal }: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const admin = createAdmin(bootstrap, security);
  const untilMs = performance.now() + withinMs;
  const isThere = async (): Promise<boolean> => {
    signal.throwIfAborted();
    const topics = await reach(bootstrap, 'cannot look for the control topic', () => admin.listTopics());
    return topics.includes(topic);
  };
  try {
    while (!(await isThere())) {
      if (performance.now() > untilMs) {
        throw new HeadroomError(
          'RESOURCE_MISSING',
          `no run created ${topic} at ${bootstrap.join(',')} within ${withinMs / 60_000} min`,
          { hint: `begin it with: headroom prove FILE --workers N --meet ${topic}, on the same cluster` },
        );
      }
      await sleep(lookForItEveryMs);
    }
  } finally {
    await admin.close().catch(() => {});
  }
}

/** The topic must be there. No consumer group is needed: everybody reads all of it. */
export async function openControlTopic(
  target: Pick<DriverTarget, 'bootstrap' | 'security'>,
  topic: string,
): Promise<Meeting> {
  return await topicMeeting((reader) => openLog({ ...target, clientId }, topic, reader));
}

async function openLog(target: DriverTarget, topic: string, reader: ControlReader): Promise<ControlLog> {
  const settings = { acks: 'all', idempotent: true, compression: 'none', deliveryTimeoutMs } as const;
  const producer = await engineDriver.createProducer(target, settings);
  const consumer = new EngineConsumer(
    target,
    { checkCrc: true },
    {
      visitorOf: () => (_offset, _timeMs, bytes, keyStart, keyEnd, valueStart, valueEnd) =>
        // A copy: the answer's memory is the engine's.
        reader.onRecord({
          key: Buffer.from(bytes.subarray(keyStart, keyEnd)),
          value: Buffer.from(bytes.subarray(valueStart, valueEnd)),
        }),
      onError: (error) => reader.onFailure(error),
    },
  );
  const close = async (): Promise<void> => {
    consumer.close();
    await producer.close();
  };
  try {
    await patiently(async () => await consumer.assign([{ topic, partition: 0, from: 'beginning' }]));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    place: topic,
    append: async (records) => {
      const timestampMs = Date.now();
      const acks = await Promise.all(
        records.map(async (record) => {
          const batch = { topic, partition: 0, records: [{ ...record, timestampMs }] };
          return await producer.send([batch]);
        }),
      );
      const failed = acks.flat().find(({ error }) => error !== undefined);
      if (failed !== undefined) throw new HeadroomError('DELIVERY_FAILED', `${failed.error}`);
    },
    close,
  };
}
