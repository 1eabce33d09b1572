/**
 * A group member whose group protocol (join, heartbeat, commit) is @platformatic/kafka's and whose fetches are the
 * engine's. The library never looks for another coordinator: a failing heartbeat replaces the member, under the same
 * static id, so that the group need not wait for the old one.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Assignment, EngineConsumer } from '../engine/consumer.ts';
import type { FetchSettings } from '../engine/fetch-request.ts';
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
import { GuardedConsumer } from './platformatic-consumer.ts';

const commitEveryMs = 1_000;
const replaceDelayMs = 250;
const closeMaxMs = 3_000;

type OnRecords = (records: readonly ConsumedRecord[]) => void;
type OnError = (error: unknown) => void;

export async function createEngineConsumer(
  target: DriverTarget,
  settings: ConsumerSettings,
  onRecords: OnRecords,
  onError: OnError,
): Promise<DriverConsumer> {
  const instanceId = randomUUID();
  let closed = false;
  const join = async () => await Member.join(target, settings, instanceId, onRecords, onError);
  let member: Member | null = await patiently(join);
  const supervise = async (): Promise<void> => {
    while (!closed) {
      try {
        member ??= await join();
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

function fetchOf(tuning: ConsumerTuning): Partial<FetchSettings> {
  const named: readonly (readonly [keyof FetchSettings, number | undefined])[] = [
    ['minBytes', tuning['fetch.min.bytes']],
    ['maxWaitMs', tuning['fetch.max.wait.ms']],
    ['maxBytes', tuning['fetch.max.bytes']],
    ['partitionMaxBytes', tuning['max.partition.fetch.bytes']],
  ];
  const stated = Object.fromEntries(named.filter(([, value]) => value !== undefined));
  return { ...stated, readCommitted: tuning['isolation.level'] === 'read_committed' };
}

class Member {
  /** Rejects when the member must be replaced; resolves when it is closed. */
  readonly failure: Promise<void>;
  readonly #group: GuardedConsumer;
  readonly #reader: EngineConsumer;
  readonly #from: ConsumerSettings['from'];
  readonly #committing: NodeJS.Timeout;
  #settle: { resolve: () => void; reject: (error: unknown) => void } = { resolve: () => {}, reject: () => {} };
  #committed = new Map<string, number>();
  /** Resolves when the last assignment is read; rejects when it cannot be. */
  #reading: Promise<void> = Promise.resolve();

  static async join(
    target: DriverTarget,
    settings: ConsumerSettings,
    groupInstanceId: string,
    onRecords: OnRecords,
    onError: OnError,
  ): Promise<Member> {
    const tuning = { ...usualTuning, ...settings.tuning };
    const group = new GuardedConsumer({
      ...platformaticSecurity(target),
      clientId: target.clientId,
      bootstrapBrokers: [...target.bootstrap],
      groupId: settings.group,
      groupInstanceId,
      sessionTimeout: tuning['session.timeout.ms'],
      rebalanceTimeout: tuning['session.timeout.ms'],
      heartbeatInterval: tuning['heartbeat.interval.ms'],
      connectTimeout: 3_000,
      retries: 2,
      retryDelay: 200,
      autocreateTopics: false,
    });
    const member = new Member(group, target, settings, onRecords, onError);
    try {
      group.topics.trackAll(...settings.topics);
      await group.joinGroup();
      await member.#reading;
      return member;
    } catch (error) {
      await member.close();
      throw error;
    }
  }

  private constructor(
    group: GuardedConsumer,
    target: DriverTarget,
    settings: ConsumerSettings,
    onRecords: OnRecords,
    onError: OnError,
  ) {
    this.#group = group;
    this.#from = settings.from;
    this.failure = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Nobody waits for it yet, and it may fail before somebody does.
    this.failure.catch(() => {});
    group.on('error', this.#settle.reject);
    // One after the other: of two assignments in quick succession the later one is read.
    group.on('consumer:group:join', () => {
      this.#reading = this.#reading.then(async () => await this.#readAssigned());
      this.#reading.catch(this.#settle.reject);
    });
    group.on('consumer:heartbeat:error', ({ error }) => this.#settle.reject(error));
    let records: ConsumedRecord[] = [];
    this.#reader = new EngineConsumer(
      target,
      { checkCrc: true, fetch: fetchOf(settings.tuning ?? {}) },
      {
        visitorOf: (topic, partition) => (offset, _timestampMs, bytes, _keyStart, _keyEnd, valueStart, valueEnd) => {
          if (valueStart >= 0) records.push(new ConsumedRecord(topic, partition, offset, bytes, valueStart, valueEnd));
        },
        onWalked: () => {
          const ready = records;
          records = [];
          if (ready.length > 0) onRecords(ready);
        },
        onError,
      },
    );
    this.#committing = setInterval(() => void this.#commit(), commitEveryMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#committing);
    this.#settle.resolve();
    await Promise.race([this.#leave(), sleep(closeMaxMs, undefined, { ref: false })]);
    this.#reader.close();
    // A coordinator that is gone cannot be told, and then the library keeps its connections.
    await this.#group.connections.close();
  }

  async #leave(): Promise<void> {
    await this.#commit();
    this.#reader.close();
    try {
      await this.#group.close(true);
    } catch {
      // The group notices by the session timeout.
    }
  }

  /** Reads what the group assigned, from what it committed; positions without a commit are committed at once. */
  async #readAssigned(): Promise<void> {
    const topics = this.#group.assignments ?? [];
    if (topics.length === 0) {
      await this.#reader.assign([]);
      return;
    }
    const committed = await this.#group.listCommittedOffsets({ topics });
    // What this member has handed over it need not read again, committed or not.
    const read = new Map(this.#reader.positions().map((one) => [`${one.topic}-${one.partition}`, one.offset]));
    const assignments = topics.flatMap(({ topic, partitions }) =>
      partitions.map((partition): Assignment => {
        const offset = Math.max(
          Number(committed.get(topic)?.[partition] ?? -1),
          read.get(`${topic}-${partition}`) ?? -1,
        );
        return { topic, partition, from: offset < 0 ? this.#from : offset };
      }),
    );
    this.#committed = new Map();
    await this.#reader.assign(assignments);
    await this.#commit();
  }

  /** What a rebalance makes fail is read again by the next owner: delivered twice, never lost. */
  async #commit(): Promise<void> {
    const moved = this.#reader
      .positions()
      .filter(({ topic, partition, offset }) => this.#committed.get(`${topic}-${partition}`) !== offset);
    if (moved.length === 0) return;
    try {
      await this.#group.commit({
        offsets: moved.map(({ topic, partition, offset }) => ({
          topic,
          partition,
          offset: BigInt(offset),
          leaderEpoch: -1,
        })),
      });
      for (const { topic, partition, offset } of moved) this.#committed.set(`${topic}-${partition}`, offset);
    } catch {
      // Tried again with the next commit; a lost coordinator shows in the heartbeat.
    }
  }
}
