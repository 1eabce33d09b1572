/**
 * The reading side of one topic: which records its groups have seen, and whether they have read to the end.
 * End marks are records written to every partition behind everything else: a group that has read them has drained the
 * partition past its end, whatever it lost. So a loss can be told from a group that is stuck.
 */
import type { ConsumedRecord, DriverProducer, PartitionBatch } from '../drivers/driver.ts';
import { firstMarkId } from './identity.ts';
import type { TopicState } from './topic-state.ts';

interface Reader {
  /** Ends whose mark this group has read: one a partition and writer of marks. */
  readonly marked: Set<number>;
  /** When a record was last read for the first time. */
  lastReadMs: number;
}

export class TopicReaders {
  readonly #state: TopicState;
  readonly #readers: readonly Reader[];
  readonly #onValue: ((topic: string, value: Buffer) => void) | undefined;
  /** The marks waited for: the id of the first writer's, and the first id that need not lie before them. */
  #mark = { id: firstMarkId, beforeId: 0 };
  #isWriting = false;

  constructor(state: TopicState, onValue: ((topic: string, value: Buffer) => void) | undefined) {
    this.#state = state;
    this.#onValue = onValue;
    this.#readers = state.topic.groups.map(() => ({ marked: new Set(), lastReadMs: 0 }));
  }

  /** Records as a member of the group receives them. */
  onRecords(group: number, records: readonly ConsumedRecord[]): void {
    const nowMs = performance.now();
    const { payload, ledger, seconds, window, observer, topic } = this.#state;
    const reader = this.#readers[group];
    seconds?.roll(nowMs);
    for (let index = 0; index < records.length; index += 1) {
      const record = records[index] as ConsumedRecord;
      const { partition, offset, bytes, start, end } = record;
      this.#onValue?.(topic.plan.name, record.value);
      const id = payload.idOf(bytes, start, end);
      if (id >= firstMarkId) this.#readMark(group, partition, id);
      else if (id >= 0 && ledger.read(group, partition, offset, id)) {
        if (reader !== undefined) reader.lastReadMs = nowMs;
        const endToEndMs = nowMs - this.#state.slotMs(id);
        if (this.#state.counts(id)) seconds?.received(endToEndMs);
        if (window?.has(id)) window.received(group, endToEndMs);
        if (this.#state.isCurrent(id))
          observer?.received(topic.clusterTopic, topic.groups[group]?.clusterGroup ?? '', endToEndMs);
      }
    }
  }

  /** Begins to wait for a new mark, behind all ids so far. Every send must have settled or been given up. */
  startMark(): void {
    this.#mark = { id: this.#mark.id + this.#state.markWriters, beforeId: this.#state.endId };
    for (const { marked } of this.#readers) marked.clear();
  }

  /**
   * Each writer's mark to the partitions that some group has not seen it in. Their outcome shows in what the groups read, so
   * a failure is no more than a reason to write them again.
   */
  async writeMarks(writers: readonly DriverProducer[]): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    await Promise.allSettled(writers.map((client, writer) => client.send(this.#marksToWrite(writer))));
    this.#isWriting = false;
  }

  #marksToWrite(writer: number): readonly PartitionBatch[] {
    const { topic, payload } = this.#state;
    const epochMs = Date.now();
    const batches: PartitionBatch[] = [];
    for (let partition = 0; partition < topic.plan.partitions; partition += 1) {
      if (this.#readers.every(({ marked }) => marked.has(this.#endOf(partition, writer)))) continue;
      // With a key, as compacted topics ask for one; the partition is given, so any key does.
      const key = payload.keys === null ? null : payload.keyBytesOf(0);
      const value = payload.valueOf(this.#mark.id + writer, 0, epochMs);
      batches.push({ topic: topic.clusterTopic, partition, records: [{ key, value, timestampMs: epochMs }] });
    }
    return batches;
  }

  hasDrained(group: number): boolean {
    return this.#readers[group]?.marked.size === this.#state.topic.plan.partitions * this.#state.markWriters;
  }

  get haveAllDrained(): boolean {
    return this.#readers.every((_, group) => this.hasDrained(group));
  }

  /** By group: from the last send to the last record read; null when the group did not read to the end. */
  drainedMs(lastSendMs: number): readonly (number | null)[] {
    return this.#readers.map(({ lastReadMs }, group) =>
      this.hasDrained(group) ? Math.max(0, lastReadMs - lastSendMs) : null,
    );
  }

  sampleLag(): void {
    const { window, ledger } = this.#state;
    for (const index of ledger.groups.keys()) window?.sampleLag(index, ledger.unread(index));
  }

  /** Acknowledged records of the window that a group never read are samples at their age. */
  countUnread(nowMs: number): void {
    const { window, ledger } = this.#state;
    if (window === null) return;
    for (const group of ledger.groups.keys()) {
      for (const id of ledger.unreadIds(group, window.fromId, window.toId)) {
        window.neverReceived(group, nowMs - this.#state.slotMs(id));
      }
    }
  }

  #readMark(group: number, partition: number, id: number): void {
    const writers = this.#state.markWriters;
    const writer = id - this.#mark.id;
    const marked = this.#readers[group]?.marked;
    if (marked === undefined || writer < 0 || writer >= writers) return;
    marked.add(this.#endOf(partition, writer));
    const isDrained = Array.from({ length: writers }, (_, each) => marked.has(this.#endOf(partition, each))).every(
      Boolean,
    );
    if (isDrained) this.#state.ledger.groups[group]?.drained(partition, this.#mark.beforeId);
  }

  #endOf(partition: number, writer: number): number {
    return partition * this.#state.markWriters + writer;
  }
}
