/**
 * Lag of the run's groups, asked of the brokers at each scrape and told under kafka_exporter's names: committed against the
 * end of each partition, whatever client reads it.
 */
import type { Admin } from '@platformatic/kafka';
import { Gauge, type Registry } from 'prom-client';
import type { ObservedTopic } from '../load/observer.ts';
import { metricOf } from './metric-of.ts';

const latest = -1n;
const earliest = -2n;
/** As kafka_exporter says it for a partition without a commit. */
const noCommit = -1;

export interface WatchedGroups {
  readonly admin: Admin;
  readonly topics: readonly ObservedTopic[];
}

/** Ends of a topic's partitions at one moment. */
interface Written {
  readonly atMs: number;
  readonly end: number;
}

export class GroupLag {
  readonly #lag: Gauge;
  readonly #lagSeconds: Gauge;
  readonly #committed: Gauge;
  readonly #members: Gauge;
  readonly #end: Gauge;
  readonly #oldest: Gauge;
  readonly #written = new Map<string, Written>();

  constructor(registry: Registry) {
    const ofPartition = ['consumergroup', 'topic', 'partition'];
    this.#lag = new Gauge({ ...metricOf(registry, 'groupLag'), labelNames: ofPartition });
    this.#committed = new Gauge({ ...metricOf(registry, 'groupOffset'), labelNames: ofPartition });
    this.#lagSeconds = new Gauge({ ...metricOf(registry, 'groupLagSeconds'), labelNames: ['consumergroup', 'topic'] });
    this.#members = new Gauge({ ...metricOf(registry, 'groupMembers'), labelNames: ['consumergroup'] });
    this.#end = new Gauge({ ...metricOf(registry, 'partitionEnd'), labelNames: ['topic', 'partition'] });
    this.#oldest = new Gauge({ ...metricOf(registry, 'partitionOldest'), labelNames: ['topic', 'partition'] });
  }

  /**
   * Reads everything anew and tells it all at once. Meanwhile, and when the cluster does not answer, the metrics are absent:
   * old lag would look like the present one, and half of the partitions like a lag that fell.
   */
  async read({ admin, topics }: WatchedGroups): Promise<void> {
    for (const each of [this.#lag, this.#committed, this.#lagSeconds, this.#members, this.#end, this.#oldest])
      each.reset();
    const found: (() => void)[] = [];
    for (const { topic, groups } of topics) {
      const partitions = await partitionsOf(admin, topic);
      const [ends, oldest] = await Promise.all([latest, earliest].map((at) => offsets(admin, topic, partitions, at)));
      if (ends === undefined || oldest === undefined) continue;
      for (const [partition, end] of ends) found.push(() => this.#end.set({ topic, partition }, end));
      for (const [partition, start] of oldest) found.push(() => this.#oldest.set({ topic, partition }, start));
      const perSec = this.#rateOf(
        topic,
        [...ends.values()].reduce((sum, end) => sum + end, 0),
      );
      for (const group of groups) found.push(await this.#readGroup(admin, { group, topic, ends, perSec }));
    }
    for (const tell of found) tell();
  }

  async #readGroup(
    admin: Admin,
    {
      group,
      topic,
      ends,
      perSec,
    }: { group: string; topic: string; ends: ReadonlyMap<number, number>; perSec: number | null },
  ): Promise<() => void> {
    const committed = await commits(admin, group, topic, [...ends.keys()]);
    const described = await admin.describeGroups({ groups: [group] });
    return () => {
      let total = 0;
      for (const [partition, end] of ends) {
        const offset = committed.get(partition) ?? noCommit;
        const lag = offset < 0 ? noCommit : Math.max(0, end - offset);
        total += Math.max(0, lag);
        this.#committed.set({ consumergroup: group, topic, partition }, offset);
        this.#lag.set({ consumergroup: group, topic, partition }, lag);
      }
      const behindSec = total === 0 ? 0 : perSec === null || perSec === 0 ? null : total / perSec;
      if (behindSec !== null) this.#lagSeconds.set({ consumergroup: group, topic }, behindSec);
      this.#members.set({ consumergroup: group }, described.get(group)?.members.size ?? 0);
    };
  }

  /** Records a second written to the topic since the last look; null at the first. */
  #rateOf(topic: string, end: number): number | null {
    const atMs = performance.now();
    const before = this.#written.get(topic);
    this.#written.set(topic, { atMs, end });
    return before === undefined || atMs === before.atMs ? null : ((end - before.end) * 1000) / (atMs - before.atMs);
  }
}

async function partitionsOf(admin: Admin, topic: string): Promise<readonly number[]> {
  const { topics } = await admin.metadata({ topics: [topic] });
  const count = topics.get(topic)?.partitionsCount ?? 0;
  return Array.from({ length: count }, (_, partition) => partition);
}

async function offsets(
  admin: Admin,
  topic: string,
  partitions: readonly number[],
  timestamp: bigint,
): Promise<ReadonlyMap<number, number>> {
  const request = partitions.map((partitionIndex) => ({ partitionIndex, timestamp }));
  const listed = await admin.listOffsets({ topics: [{ name: topic, partitions: request }] });
  const found = listed.find(({ name }) => name === topic)?.partitions ?? [];
  return new Map(found.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]));
}

async function commits(
  admin: Admin,
  group: string,
  topic: string,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const asked = [{ groupId: group, topics: [{ name: topic, partitionIndexes: [...partitions] }] }];
  const [found] = await admin.listConsumerGroupOffsets({ groups: asked });
  const offsetsOfTopic = found?.topics.find(({ name }) => name === topic)?.partitions ?? [];
  return new Map(
    offsetsOfTopic.map(({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)]),
  );
}
