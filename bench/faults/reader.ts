/** A consumer group of the drill's own, one member, that can be stalled, slowed down and rewound as real ones are. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import type { LocalCluster } from '../local/local-cluster.ts';
import { withAdmin } from './cluster-view.ts';

const commitEveryMs = 500;
const retry = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 100 };

function clientOf({ bootstrap }: LocalCluster, clientId: string): Kafka {
  return new Kafka({ clientId, brokers: [...bootstrap], logLevel: logLevel.NOTHING, connectionTimeout: 2_000, retry });
}

export class Reader {
  readonly #cluster: LocalCluster;
  readonly topic: string;
  readonly group: string;
  #consumer: Consumer | null = null;
  #perRecordMs = 0;
  #read = 0;

  constructor(cluster: LocalCluster, topic: string, group: string) {
    this.#cluster = cluster;
    this.topic = topic;
    this.group = group;
  }

  /** Records handled since the start. */
  get read(): number {
    return this.#read;
  }

  async start(): Promise<void> {
    if (this.#consumer !== null) return;
    const consumer = clientOf(this.#cluster, 'drill-reader').consumer({
      groupId: this.group,
      maxWaitTimeInMs: 500,
      // Small enough that a slow member commits within seconds.
      maxBytesPerPartition: 65_536,
      retry: { ...retry, restartOnFailure: async () => true },
    });
    this.#consumer = consumer;
    await consumer.connect();
    await consumer.subscribe({ topics: [this.topic], fromBeginning: false });
    await consumer.run({
      autoCommitInterval: commitEveryMs,
      eachMessage: async () => {
        this.#read += 1;
        if (this.#perRecordMs > 0) await sleep(this.#perRecordMs);
      },
    });
  }

  /** Stays a member and reads nothing more. */
  stall(): void {
    this.#consumer?.pause([{ topic: this.topic }]);
  }

  resume(): void {
    this.#perRecordMs = 0;
    this.#consumer?.resume([{ topic: this.topic }]);
  }

  /** Takes this long for each record; 0: none. */
  slowDown(perRecordMs: number): void {
    this.#perRecordMs = perRecordMs;
  }

  /** Leaves, sets every offset of the group back to the oldest, joins again. */
  async rewind(): Promise<void> {
    await this.stop();
    await withAdmin(this.#cluster, async (admin) => {
      const { topics } = await admin.metadata({ topics: [this.topic] });
      const count = topics.get(this.topic)?.partitionsCount ?? 0;
      const partitions = Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp: -2n }));
      const listed = await admin.listOffsets({ topics: [{ name: this.topic, partitions }] });
      await admin.alterConsumerGroupOffsets({
        groupId: this.group,
        topics: [
          {
            name: this.topic,
            partitionOffsets: (listed[0]?.partitions ?? []).map(({ partitionIndex, offset }) => ({
              partition: partitionIndex,
              offset,
            })),
          },
        ],
      });
    });
    await this.start();
  }

  async stop(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = null;
    await consumer?.disconnect().catch(() => {});
  }
}

export interface WriterOptions {
  readonly topic: string;
  readonly recordBytes: number;
  readonly recordsPerSend: number;
  /** Between the end of a send and the next. */
  readonly everyMs: number;
  readonly acks: -1 | 0 | 1;
}

export interface Writer {
  /** Acknowledged so far. */
  readonly written: () => number;
  stop(): Promise<void>;
}

/** Writes until it is stopped; a send that fails is followed by the next. */
export async function startWriter(cluster: LocalCluster, options: WriterOptions): Promise<Writer> {
  const producer: Producer = clientOf(cluster, 'drill-writer').producer({ allowAutoTopicCreation: false });
  await producer.connect();
  let running = true;
  let written = 0;
  // Hexadecimal: half as large once compressed, so that compressing it again is work.
  const value = randomText(options.recordBytes);
  const loop = (async () => {
    while (running) {
      const messages = Array.from({ length: options.recordsPerSend }, () => ({ value }));
      await producer.send({ topic: options.topic, acks: options.acks, messages }).then(
        () => {
          written += options.recordsPerSend;
        },
        () => {},
      );
      await sleep(options.everyMs);
    }
  })();
  return {
    written: () => written,
    stop: async () => {
      running = false;
      await loop;
      await producer.disconnect().catch(() => {});
    },
  };
}

function randomText(bytes: number): string {
  let text = '';
  while (text.length < bytes) text += Math.random().toString(16).slice(2);
  return text.slice(0, bytes);
}
