/** A group member on node-rdkafka: records are taken as they have gathered, many at once. */
import {
  ConsumedRecord,
  type ConsumerSettings,
  type ConsumerTuning,
  type DriverConsumer,
  type DriverTarget,
  usualTuning,
} from './driver.ts';
import { connectClient, connectionSettings, disconnectClient, type Rdkafka } from './rdkafka-library.ts';

const mostRecords = 10_000;
/** Of waiting for a first record. */
const waitMs = 50;
const commitEveryMs = 1_000;
/** librdkafka's code for a member that has been given its partitions. */
const assignPartitions = -175;

export interface RdkafkaConsumerSpec {
  readonly target: DriverTarget;
  readonly settings: ConsumerSettings;
  readonly onRecords: (records: readonly ConsumedRecord[]) => void;
  readonly onError: (error: unknown) => void;
}

export async function createRdkafkaConsumer(
  { KafkaConsumer }: Rdkafka,
  { target, settings, onRecords, onError }: RdkafkaConsumerSpec,
): Promise<DriverConsumer> {
  const client = new KafkaConsumer(
    {
      ...connectionSettings(target),
      'group.id': settings.group,
      'auto.commit.interval.ms': commitEveryMs,
      ...fetching({ ...usualTuning, ...settings.tuning }),
      rebalance_cb: true,
    },
    { 'auto.offset.reset': settings.from === 'beginning' ? 'earliest' : 'latest' },
  );
  client.on('event.error', onError);
  const assigned = new Promise<void>((resolve) => {
    client.on('rebalance', ({ code }: { code: number }) => {
      if (code === assignPartitions) resolve();
    });
  });
  await connectClient(client);
  client.setDefaultConsumeTimeout(waitMs);
  client.subscribe(settings.topics);
  let isOpen = true;
  const take = async (): Promise<readonly ConsumedRecord[]> =>
    await new Promise((resolve, reject) => {
      client.consume(mostRecords, (error, messages) => {
        if (error) reject(error);
        else {
          resolve(
            messages.flatMap(({ topic, partition, offset, value }) =>
              value === null ? [] : [new ConsumedRecord(topic, partition, offset, value)],
            ),
          );
        }
      });
    });
  const loop = (async () => {
    while (isOpen) {
      try {
        const records = await take();
        if (records.length > 0) onRecords(records);
      } catch (error) {
        if (isOpen) onError(error);
      }
    }
  })();
  await assigned;
  return {
    close: async () => {
      isOpen = false;
      await loop;
      await disconnectClient(client);
    },
  };
}

/** In librdkafka's words, which has one of its own for the wait. */
function fetching({ 'fetch.max.wait.ms': waitMaxMs, ...tuning }: ConsumerTuning): object {
  return { 'fetch.min.bytes': 1, ...tuning, 'fetch.wait.max.ms': waitMaxMs };
}
