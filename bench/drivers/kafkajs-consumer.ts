/**
 * A group member on kafkajs. The member stands when it has its assignment; for a group without commits that begins at the end,
 * the end is committed then, so that neither a rebalance nor a late first fetch moves it.
 */
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import {
  ConsumedRecord,
  type ConsumerSettings,
  type ConsumerTuning,
  type DriverConsumer,
  usualTuning,
} from './driver.ts';

const commitEveryMs = 1_000;

export async function createKafkajsConsumer(
  kafka: Kafka,
  { group, topics, from, tuning = {} }: ConsumerSettings,
  onRecords: (records: readonly ConsumedRecord[]) => void,
  onError: (error: unknown) => void,
): Promise<DriverConsumer> {
  const consumer = kafka.consumer({
    groupId: group,
    ...tuned({ ...usualTuning, ...tuning }),
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 10, restartOnFailure: async () => true },
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: from === 'beginning' });
    const assigned = assignmentOf(consumer);
    consumer.on(consumer.events.CRASH, ({ payload }) => onError(payload.error));
    await consumer.run({
      autoCommitInterval: commitEveryMs,
      eachBatch: async (payload) => onRecords(recordsOf(payload)),
    });
    const assignment = await assigned;
    if (from === 'end') await commitEnds(kafka, consumer, group, assignment);
  } catch (error) {
    await consumer.disconnect().catch(() => {});
    throw error;
  }
  return { close: async () => await consumer.disconnect() };
}

/** A long wait holds up leaving the group, since kafkajs lets it end first. */
function tuned(tuning: ConsumerTuning) {
  const minBytes = tuning['fetch.min.bytes'];
  const maxBytes = tuning['fetch.max.bytes'];
  const maxBytesPerPartition = tuning['max.partition.fetch.bytes'];
  return {
    maxWaitTimeInMs: tuning['fetch.max.wait.ms'] ?? usualTuning['fetch.max.wait.ms'],
    heartbeatInterval: tuning['heartbeat.interval.ms'] ?? usualTuning['heartbeat.interval.ms'],
    sessionTimeout: tuning['session.timeout.ms'] ?? usualTuning['session.timeout.ms'],
    readUncommitted: tuning['isolation.level'] !== 'read_committed',
    ...(minBytes === undefined ? {} : { minBytes }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(maxBytesPerPartition === undefined ? {} : { maxBytesPerPartition }),
  };
}

type Assignment = Readonly<Record<string, readonly number[]>>;

async function assignmentOf(consumer: Consumer): Promise<Assignment> {
  return await new Promise((resolve, reject) => {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => resolve(payload.memberAssignment));
    // A crash that kafkajs restarts after is followed by a join.
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error);
    });
  });
}

function recordsOf({ batch }: EachBatchPayload): readonly ConsumedRecord[] {
  const { topic, partition } = batch;
  const records: ConsumedRecord[] = [];
  for (const { offset, value } of batch.messages) {
    if (value !== null) records.push(new ConsumedRecord(topic, partition, Number(offset), value));
  }
  return records;
}

async function commitEnds(kafka: Kafka, consumer: Consumer, group: string, assignment: Assignment): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    for (const [topic, partitions] of Object.entries(assignment)) {
      const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      const open = new Set(
        committed?.partitions.flatMap(({ partition, offset }) => (offset === '-1' ? [partition] : [])),
      );
      const ends = await admin.fetchTopicOffsets(topic);
      const positions = ends
        .filter(({ partition }) => partitions.includes(partition) && open.has(partition))
        .map(({ partition, high }) => ({ topic, partition, offset: high }));
      if (positions.length > 0) await consumer.commitOffsets(positions);
    }
  } finally {
    await admin.disconnect();
  }
}
