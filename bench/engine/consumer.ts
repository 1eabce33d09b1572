/**
 * The engine's consumer: raw fetches, one outstanding a broker, many partitions each, records walked where they lie.
 * It reads the partitions it is given; who gets which is decided elsewhere (a static assignment, or a group's).
 */
import type { DriverTarget } from '../drivers/driver.ts';
import { brokerErrors, mayBeRetried, refused } from './broker-errors.ts';
import { Cluster } from './cluster.ts';
import { type FetchedPartition, type FetchSettings, fetchRecords } from './fetch-request.ts';
import { invalidAnswer } from './invalid-answer.ts';
import { offsetsOf } from './list-offsets.ts';
import { type OnRecord, offsetBehind, walkBatches } from './record-walker.ts';
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
  /** Called once for each partition assigned; what it returns is called with each of its records. */
  readonly visitorOf: (topic: string, partition: number) => OnRecord;
  /** After the records of one answer, of all its partitions. */
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
  /** Where the next fetch begins. */
  next: number;
  /** Behind the last record handed over. */
  walked: number;
  readonly visit: OnRecord;
  lagRecords: number | null;
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
      const visit = this.#events.visitorOf(topic, partition);
      positions.set(keyOf({ topic, partition }), {
        topic,
        partition,
        next,
        walked: next,
        visit,
        lagRecords: null,
        stalled: false,
      });
    });
    this.#positions = positions;
    this.#fetchAll();
  }

  /** Behind the last record handed over, for each partition: what may be committed. */
  positions(): { topic: string; partition: number; offset: number }[] {
    return [...this.#positions.values()].map(({ topic, partition, walked }) => ({ topic, partition, offset: walked }));
  }

  /** Records between what was handed over and the high watermark, by the last answers; null before the first. */
  lagRecords(): number | null {
    let sum: number | null = null;
    for (const { lagRecords } of this.#positions.values()) if (lagRecords !== null) sum = (sum ?? 0) + lagRecords;
    return sum;
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
    const positions = [...this.#positions.values()].filter(
      ({ topic, partition, stalled }) => !stalled && this.#cluster.leaderOf(topic, partition) === broker,
    );
    if (this.#closed || wire === null || positions.length === 0) {
      this.#fetching.delete(broker);
      if (wire === null) this.#recoverLater();
      return;
    }
    const wanted = positions.map(({ topic, partition, next }) => ({ topic, partition, offset: next }));
    fetchRecords(wire, this.#fetch, wanted, (error, fetched) => {
      this.#fetching.delete(broker);
      if (this.#closed) return;
      if (error !== null || fetched === null || fetched.errorCode !== brokerErrors.none) {
        wire.break();
        this.#recoverLater();
      } else this.#onFetched(broker, positions, fetched.partitions);
    });
  }

  #onFetched(broker: number, asked: readonly Position[], partitions: readonly FetchedPartition[]): void {
    // Only positions that are still ours: an assignment may have changed while the broker answered.
    const ours = new Map(
      asked.filter((one) => this.#positions.get(keyOf(one)) === one).map((one) => [keyOf(one), one]),
    );
    const answers = partitions.flatMap((fetched) => {
      const position = ours.get(keyOf(fetched));
      return position === undefined ? [] : [{ position, fetched }];
    });
    for (const { position, fetched } of answers) this.#guard(position, () => this.#advance(position, fetched));
    // The broker prepares the next answer while this one is walked.
    void this.#fetchFrom(broker);
    for (const { position, fetched } of answers) this.#guard(position, () => this.#walk(position, fetched));
    if (answers.length > 0) this.#events.onWalked?.();
  }

  /** A partition whose bytes cannot be read would fail for ever: it is given up and reported, the others go on. */
  #guard(position: Position, read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#positions.delete(keyOf(position));
      this.#events.onError(error as Error);
    }
  }

  /** Moves to where the next fetch begins, by the batch headers alone. */
  #advance(position: Position, { errorCode, chunks, topic, partition }: FetchedPartition): void {
    if (errorCode === brokerErrors.none) {
      position.next = Math.max(position.next, offsetBehind(chunks) ?? position.next);
    } else if (errorCode === brokerErrors.offsetOutOfRange) {
      void this.#restart(position);
    } else if (mayBeRetried(errorCode)) {
      position.stalled = true;
      this.#recoverLater();
    } else throw refused(`fetching ${topic}-${partition}`, errorCode);
  }

  #walk(position: Position, { chunks, highWatermark, errorCode, aborted }: FetchedPartition): void {
    if (errorCode !== brokerErrors.none) return;
    const options = { fromOffset: position.walked, checkCrc: this.#settings.checkCrc, aborted };
    const { nextOffset, cutBytes } = walkBatches(chunks, options, position.visit);
    // Kafka sends the first batch whole whatever its size, so bytes without a whole batch are no answer.
    if (nextOffset === position.walked && cutBytes > 0)
      throw invalidAnswer(`${cutBytes} bytes that hold no whole batch`);
    position.walked = nextOffset;
    position.lagRecords = Math.max(0, highWatermark - nextOffset);
  }

  /** The records asked for are deleted already: go on at the oldest there are, and say so. */
  async #restart(position: Position): Promise<void> {
    const { topic, partition } = position;
    this.#positions.delete(keyOf({ topic, partition }));
    try {
      const [next] = await offsetsOf(this.#cluster, [{ topic, partition, from: 'beginning' }]);
      position.next = next as number;
      position.walked = position.next;
      this.#positions.set(keyOf({ topic, partition }), position);
      this.#events.onError(
        refused(`fetching ${topic}-${partition}; reading goes on at ${next}`, brokerErrors.offsetOutOfRange),
      );
      this.#fetchAll();
    } catch (error) {
      this.#events.onError(error as Error);
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
      for (const position of this.#positions.values()) position.stalled = false;
      this.#fetchAll();
    }, retryDelayMs);
  }
}

function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}-${partition}`;
}
