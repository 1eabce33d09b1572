/**
 * A group member on kafkajs. The member stands when it has its assignment; for a group without commits that begins at the end,
 * the end is committed then, so that neither a rebalance nor a late first fetch moves it.
 */
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { ConsumedRecord, ConsumerSettings, DriverConsumer } from './driver.ts';

/** As the Java client: fetch.max.wait.ms 500. A long wait would hold up leaving the group, since kafkajs lets it end first. */
const fetchMaxWaitMs = 500;
/** A member notices a rebalance with its next heartbeat: often enough that members of one group assemble quickly. */
const heartbeatMs = 1_000;
const commitEveryMs = 1_000;

export async function createKafkajsConsumer(
  kafka: Kafka,
  { group, topics, from }: ConsumerSettings,
  onRecords: (records: readonly ConsumedRecord[]) => void,
  onError: (error: unknown) => void,
): Promise<DriverConsumer> {
  const consumer = kafka.consumer({
    groupId: group,
    maxWaitTimeInMs: fetchMaxWaitMs,
    heartbeatInterval: heartbeatMs,
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
    if (value !== null) records.push({ topic, partition, offset: Number(offset), value });
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
