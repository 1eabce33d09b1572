/**
 * The engine's consumer: raw fetches, one outstanding a broker, many partitions each, records walked where they lie.
 * It reads the partitions it is given; who gets which is decided elsewhere (a static assignment, or a group's).
 */
import type { DriverTarget } from '../drivers/driver.ts';
import { brokerErrors, mayBeRetried, refused } from './broker-errors.ts';
import { Cluster } from './cluster.ts';
import type { FetchedPartition, RecordSink } from './fetch-answer.ts';
import { type FetchSettings, fetchRecords } from './fetch-request.ts';
import { invalidAnswer } from './invalid-answer.ts';
import { offsetsOf } from './list-offsets.ts';
import { PartitionWalk, type RecordVisitor } from './record-walker.ts';
import { loadZstd } from './zstd.ts';

export interface EngineConsumerSettings {
  /** Verify the checksum of every batch: about as costly as all the rest of reading. */
  readonly checkCrc: boolean;
  readonly fetch?: Partial<FetchSettings>;
}

export interface Assignment {
  readonly topic: string;
  readonly partition: number;
  readonly from: number | 'beginning' | 'end';
}

export interface EngineConsumerEvents {
  /** Called once for each partition assigned; what it returns sees each of its records. */
  readonly visitorOf: (topic: string, partition: number) => RecordVisitor;
  /** After records: what the visitors saw of them is used again when this returns. */
  readonly onWalked?: () => void;
  /** What could not be mended by asking again, such as a topic that is gone; reading of the others goes on. */
  readonly onError: (error: Error) => void;
}

const defaultFetch: FetchSettings = {
  maxWaitMs: 500,
  minBytes: 1,
  maxBytes: 16 * 1024 * 1024,
  partitionMaxBytes: 1024 * 1024,
};
const requestTimeoutMs = 30_000;
const retryDelayMs = 50;

interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  /** Behind the last record handed over, where the next fetch begins. */
  next: number;
  readonly visitor: RecordVisitor;
  /** Its broker sent it away; it waits for new metadata. */
  stalled: boolean;
}

export class EngineConsumer {
  readonly #cluster: Cluster;
  readonly #settings: EngineConsumerSettings;
  readonly #fetch: FetchSettings;
  readonly #events: EngineConsumerEvents;
  #positions = new Map<string, Position>();
  /** Brokers with a fetch on its way. */
  readonly #fetching = new Set<number>();
  #recovery: NodeJS.Timeout | null = null;
  /** Of each broker. */
  readonly #turns = new Map<number, number>();
  #closed = false;

  constructor(target: DriverTarget, settings: EngineConsumerSettings, events: EngineConsumerEvents) {
    this.#cluster = new Cluster(target, { requestTimeoutMs });
    this.#settings = settings;
    this.#fetch = { ...defaultFetch, ...settings.fetch };
    this.#events = events;
  }

  /** Replaces what is read. Resolves when all positions are known and reading has begun. */
  async assign(assignments: readonly Assignment[]): Promise<void> {
    this.#positions = new Map();
    const topics = [...new Set(assignments.map(({ topic }) => topic))];
    // Which codecs will come nobody tells beforehand.
    await Promise.all([this.#cluster.refresh(topics), loadZstd()]);
    const begins = await offsetsOf(this.#cluster, assignments);
    const positions = new Map<string, Position>();
    assignments.forEach(({ topic, partition }, index) => {
      const next = begins[index] as number;
      const visitor = this.#events.visitorOf(topic, partition);
      const key = keyOf({ topic, partition });
      positions.set(key, { topic, partition, key, next, visitor, stalled: false });
    });
    this.#positions = positions;
    this.#fetchAll();
  }

  /** Behind the last record handed over, for each partition: what may be committed. */
  positions(): { topic: string; partition: number; offset: number }[] {
    return [...this.#positions.values()].map(({ topic, partition, next }) => ({ topic, partition, offset: next }));
  }

  close(): void {
    this.#closed = true;
    this.#positions = new Map();
    if (this.#recovery !== null) clearTimeout(this.#recovery);
    this.#cluster.close();
  }

  #fetchAll(): void {
    const leaders = new Set<number>();
    for (const { topic, partition } of this.#positions.values()) {
      const leader = this.#cluster.leaderOf(topic, partition);
      if (leader === null) this.#recoverLater();
      else leaders.add(leader);
    }
    for (const leader of leaders) void this.#fetchFrom(leader);
  }

  async #fetchFrom(broker: number): Promise<void> {
    if (this.#closed || this.#fetching.has(broker)) return;
    this.#fetching.add(broker);
    const wire = await this.#cluster.link(broker).catch(() => null);
    const turn = this.#turns.get(broker) ?? 0;
    this.#turns.set(broker, turn + 1);
    const positions = inTurn(
      [...this.#positions.values()].filter(
        ({ topic, partition, stalled }) => !stalled && this.#cluster.leaderOf(topic, partition) === broker,
      ),
      turn,
    );
    if (this.#closed || wire === null || positions.length === 0) {
      this.#fetching.delete(broker);
      if (wire === null) this.#recoverLater();
      return;
    }
    const wanted = positions.map(({ topic, partition, next }) => ({ topic, partition, offset: next }));
    const asked = new Map(positions.map((position) => [position.key, position]));
    fetchRecords(wire, this.#fetch, wanted, {
      open: (fetched) => this.#open(asked.get(keyOf(fetched)), fetched),
      onArrived: () => this.#events.onWalked?.(),
      done: (error, errorCode) => {
        this.#fetching.delete(broker);
        if (this.#closed) return;
        if (error === null && errorCode === brokerErrors.none) void this.#fetchFrom(broker);
        else {
          wire.break();
          this.#recoverLater();
        }
      },
    });
  }

  #open(position: Position | undefined, fetched: FetchedPartition): RecordSink | null {
    if (position === undefined || !this.#isOurs(position)) return null;
    const { errorCode, aborted } = fetched;
    if (errorCode === brokerErrors.none) {
      const options = { fromOffset: position.next, checkCrc: this.#settings.checkCrc, aborted };
      return this.#sinkOf(position, new PartitionWalk(options, position.visitor));
    }
    if (errorCode === brokerErrors.offsetOutOfRange) void this.#restart(position);
    else if (mayBeRetried(errorCode)) {
      position.stalled = true;
      this.#recoverLater();
    } else this.#giveUp(position, refused(`fetching ${position.key}`, errorCode));
    return null;
  }

  #sinkOf(position: Position, walk: PartitionWalk): RecordSink {
    const begin = position.next;
    return {
      take: (bytes, start, end) => {
        if (!this.#isOurs(position)) return end;
        try {
          return walk.take(bytes, start, end);
        } catch (error) {
          this.#giveUp(position, error as Error);
          return end;
        } finally {
          position.next = walk.nextOffset;
        }
      },
      end: (cutBytes) => {
        if (!this.#isOurs(position)) return;
        // Kafka sends the first batch whole whatever its size, so bytes without a whole batch are no answer.
        if (position.next === begin && cutBytes > 0)
          this.#giveUp(position, invalidAnswer(`${cutBytes} bytes that hold no whole batch`));
      },
    };
  }

  /** An assignment may have changed while the broker answered. */
  #isOurs(position: Position): boolean {
    return this.#positions.get(position.key) === position;
  }

  /** A partition whose bytes cannot be read would fail for ever: the others go on. */
  #giveUp(position: Position, error: Error): void {
    this.#positions.delete(position.key);
    this.#events.onError(error);
  }

  /** The records asked for are deleted already: go on at the oldest there are, and say so. */
  async #restart(position: Position): Promise<void> {
    const { topic, partition, key } = position;
    position.stalled = true;
    try {
      const [oldest] = await offsetsOf(this.#cluster, [{ topic, partition, from: 'beginning' }]);
      if (!this.#isOurs(position)) return;
      position.next = oldest as number;
      position.stalled = false;
      this.#events.onError(refused(`fetching ${key}; reading goes on at ${oldest}`, brokerErrors.offsetOutOfRange));
      this.#fetchAll();
    } catch {
      // It is fetched again, and found to be out of range again.
      this.#recoverLater();
    }
  }

  #recoverLater(): void {
    if (this.#closed) return;
    this.#recovery ??= setTimeout(async () => {
      const topics = [...new Set([...this.#positions.values()].map(({ topic }) => topic))];
      const refreshed = await this.#cluster.refresh(topics).then(
        () => true,
        () => false,
      );
      this.#recovery = null;
      if (!refreshed) {
        this.#recoverLater();
        return;
      }
      for (const position of this.#positions.values()) {
        if (this.#cluster.isGone(position.topic)) this.#giveUp(position, gone(position));
        else position.stalled = false;
      }
      this.#fetchAll();
    }, retryDelayMs);
  }
}

function gone({ key }: Position): Error {
  return refused(`fetching ${key}, whose topic is gone`, brokerErrors.unknownTopicOrPartition);
}

/** A broker fills its answer in the order asked for: without turns the last of many partitions would starve. */
function inTurn(positions: readonly Position[], turn: number): readonly Position[] {
  const first = turn % Math.max(1, positions.length);
  return [...positions.slice(first), ...positions.slice(0, first)];
}

function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}-${partition}`;
}
