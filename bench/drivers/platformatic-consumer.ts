/**
 * A group member on @platformatic/kafka. The library's traps, each read in its source and held here:
 * - its stream of records ends for good at the first fetch that fails after its retries: a new member takes its place, under
 *   the same static id so that the group need not wait for the old one;
 * - it never looks for another coordinator when that broker is lost: a failing heartbeat replaces the member as well;
 * - a broker that is not known throws outside of any promise: it is made an error of the request;
 * - positions are resolved after consume() has returned: the member stands only when they are, and are committed.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Broker,
  type Callback,
  type Connection,
  Consumer,
  FetchIsolationLevels,
  kGetConnection,
  type Message,
  type MessagesStream,
  NetworkError,
} from '@platformatic/kafka';
import { loadZstd } from '../engine/zstd.ts';
import { platformaticSecurity } from '../security/connection-options.ts';
import {
  ConsumedRecord,
  type ConsumerSettings,
  type ConsumerTuning,
  type DriverConsumer,
  type DriverTarget,
  usualTuning,
} from './driver.ts';
import { patiently } from './patience.ts';

/** As the Java client's own, a little more often. */
const commitEveryMs = 1_000;
const replaceDelayMs = 250;
const closeMaxMs = 3_000;

type OnRecords = (records: readonly ConsumedRecord[]) => void;

export async function createPlatformaticConsumer(
  target: DriverTarget,
  settings: ConsumerSettings,
  onRecords: OnRecords,
  onError: (error: unknown) => void,
): Promise<DriverConsumer> {
  // Which codecs will come nobody tells beforehand.
  await loadZstd();
  const instanceId = randomUUID();
  let closed = false;
  let member: Member | null = await patiently(async () => await join(target, settings, instanceId, onRecords));
  const supervise = async (): Promise<void> => {
    while (!closed) {
      try {
        member ??= await join(target, settings, instanceId, onRecords);
        if (!closed) await member.failure;
      } catch (error) {
        if (!closed) onError(error);
      }
      await member?.close();
      member = null;
      if (!closed) await sleep(replaceDelayMs);
    }
  };
  const supervising = supervise();
  return {
    close: async () => {
      closed = true;
      await member?.close();
      await Promise.race([supervising, sleep(closeMaxMs, undefined, { ref: false })]);
    },
  };
}

interface Member {
  /** Rejects when the member must be replaced. */
  readonly failure: Promise<never>;
  close(): Promise<void>;
}

/** The library's consumer, with a broker that is not known as an error of the request. */
export class GuardedConsumer extends Consumer<Buffer, Buffer, Buffer, Buffer> {
  override [kGetConnection](broker: Broker | undefined, callback: Callback<Connection>): void {
    if (broker === undefined) callback(new NetworkError('the broker asked is not known'));
    else super[kGetConnection](broker, callback);
  }
}

async function join(
  target: DriverTarget,
  { group, topics, from, tuning }: ConsumerSettings,
  groupInstanceId: string,
  onRecords: OnRecords,
): Promise<Member> {
  const { sessionTimeout, heartbeatInterval, ...fetching } = tuned({ ...usualTuning, ...tuning });
  const consumer = new GuardedConsumer({
    ...platformaticSecurity(target),
    clientId: target.clientId,
    bootstrapBrokers: [...target.bootstrap],
    groupId: group,
    groupInstanceId,
    sessionTimeout,
    rebalanceTimeout: sessionTimeout,
    heartbeatInterval,
    connectTimeout: 3_000,
    retries: 2,
    retryDelay: 200,
    autocreateTopics: false,
  });
  const close = async (): Promise<void> => {
    await Promise.race([closeForced(consumer), sleep(closeMaxMs, undefined, { ref: false })]);
    // A coordinator that is gone cannot be told, and then the library keeps its connections.
    await consumer.connections.close();
  };
  try {
    const stream = await consumer.consume({
      topics: [...topics],
      mode: 'committed',
      fallbackMode: from === 'beginning' ? 'earliest' : 'latest',
      autocommit: commitEveryMs,
      ...fetching,
    });
    await once(stream, 'offsets');
    const failure = failureOf(consumer, stream);
    // Nobody waits for it yet, and it may fail before somebody does.
    failure.catch(() => {});
    if (from === 'end') await commitPositions(consumer, stream);
    deliver(stream, onRecords);
    return { failure, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function tuned(tuning: ConsumerTuning) {
  const minBytes = tuning['fetch.min.bytes'];
  const maxBytes = tuning['fetch.max.bytes'];
  const maxBytesPerPartition = tuning['max.partition.fetch.bytes'];
  return {
    sessionTimeout: tuning['session.timeout.ms'] ?? usualTuning['session.timeout.ms'],
    heartbeatInterval: tuning['heartbeat.interval.ms'] ?? usualTuning['heartbeat.interval.ms'],
    maxWaitTime: tuning['fetch.max.wait.ms'] ?? usualTuning['fetch.max.wait.ms'],
    isolationLevel:
      FetchIsolationLevels[tuning['isolation.level'] === 'read_committed' ? 'READ_COMMITTED' : 'READ_UNCOMMITTED'],
    ...(minBytes === undefined ? {} : { minBytes }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(maxBytesPerPartition === undefined ? {} : { maxBytesPerPartition }),
  };
}

/** With its stream still open. */
async function closeForced(consumer: GuardedConsumer): Promise<void> {
  try {
    await consumer.close(true);
  } catch {
    // The group notices by the session timeout.
  }
}

async function failureOf(consumer: Consumer<Buffer, Buffer, Buffer, Buffer>, stream: Stream): Promise<never> {
  return await new Promise<never>((_, reject) => {
    consumer.on('error', reject);
    consumer.on('consumer:heartbeat:error', ({ error }) => reject(error));
    stream.on('error', reject);
    stream.on('close', () => reject(new Error('the stream of records has ended')));
  });
}

type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;

/** The stream hands records over one by one; those of one fetch go on together. */
function deliver(stream: Stream, onRecords: OnRecords): void {
  let records: ConsumedRecord[] = [];
  const flush = (): void => {
    const ready = records;
    records = [];
    onRecords(ready);
  };
  stream.on('data', ({ topic, partition, offset, value }: Message<Buffer, Buffer, Buffer, Buffer>) => {
    if (records.length === 0) queueMicrotask(flush);
    records.push(new ConsumedRecord(topic, partition, Number(offset), value));
  });
}

async function commitPositions(consumer: Consumer<Buffer, Buffer, Buffer, Buffer>, stream: Stream): Promise<void> {
  const offsets = (consumer.assignments ?? []).flatMap(({ topic, partitions }) =>
    partitions.flatMap((partition) => {
      const offset = stream.offsetsToFetch.get(`${topic}:${partition}`);
      return offset === undefined ? [] : [{ topic, partition, offset, leaderEpoch: -1 }];
    }),
  );
  if (offsets.length > 0) await consumer.commit({ offsets });
}
