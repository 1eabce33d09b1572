/**
 * A consumer whose application takes one record and never comes back, in a process of its own so that its memory can be told;
 * started by holding-processes.ts. What it has fetched by then is its prefetch.
 */
import { Kafka, logLevel } from 'kafkajs';
import { GuardedConsumer } from '../drivers/platformatic-consumer.ts';
import type { HoldingTask } from './holding-processes.ts';

const never = new Promise<never>(() => {});
const fetchWaitMs = 100;
/** A killed member leaves its group so soon that the group can be deleted. */
const sessionMs = 10_000;

process.on('message', async (message: HoldingTask | 'measure') => {
  if (message === 'measure') process.send?.({ bytes: memoryBytes() });
  else {
    process.send?.({ bytes: memoryBytes() });
    await (message.client === 'kafkajs' ? holdKafkajs(message) : holdPlatformatic(message));
  }
});
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

/** What is held, without what waits to be collected. */
function memoryBytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function holdPlatformatic({
  bootstrap,
  group,
  topic,
  partitionBytes,
  highWaterMark,
}: HoldingTask): Promise<void> {
  const consumer = new GuardedConsumer({
    clientId: 'headroom',
    bootstrapBrokers: [...bootstrap],
    groupId: group,
    sessionTimeout: sessionMs,
    rebalanceTimeout: sessionMs,
  });
  const stream = await consumer.consume({
    topics: [topic],
    mode: 'committed',
    fallbackMode: 'earliest',
    autocommit: false,
    maxWaitTime: fetchWaitMs,
    maxBytesPerPartition: partitionBytes,
    ...(highWaterMark === null ? {} : { highWaterMark }),
  });
  for await (const _ of stream) await never;
}

async function holdKafkajs({ bootstrap, group, topic, partitionBytes }: HoldingTask): Promise<void> {
  const kafka = new Kafka({ clientId: 'headroom', brokers: [...bootstrap], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: sessionMs,
    maxWaitTimeInMs: fetchWaitMs,
    maxBytesPerPartition: partitionBytes,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async () => await never });
}
