/**
 * The id ledger of one topic: what was sent, what was acknowledged at which offset, and what each group read.
 * Ids count the topic's records from 0 in the order of their slots; producers take turns.
 *
 * Rules (docs/measuring.md): an acknowledgement is an offset of a partition, not a resolved promise; a record is lost only
 * when a group has read its partition past the record's place without it; gaps between offsets mean nothing; a record whose
 * send failed or timed out is unknown, neither lost nor safe, until some group reads it.
 *
 * Its memory does not grow with a run that goes well: of records that are acknowledged and read by every group only the
 * latest are kept one by one, and of offsets that every group has read past only the last.
 */
import type { Guarantee } from '../requirements/types.ts';
import { examplesKept, GroupLedger, type LedgerShape, nameRecord } from './group-ledger.ts';
import { Pages } from './pages.ts';
import { SettledPages } from './settled-pages.ts';
import type { TopicIntegrity } from './types.ts';

export interface LedgerTopic extends LedgerShape {
  readonly topic: string;
  readonly guarantee: Guarantee;
  readonly groups: readonly string[];
}

const state = { none: 0, sent: 1, acknowledged: 2, unknown: 3 } as const;
/** Of a record's entry: its state, and above it the partition it was sent to. */
const stateBits = 2;
const stateMask = 2 ** stateBits - 1;
/** Marks an offset that is counted as a collision already. */
const collidedBit = 0x8000_0000;
/** Settled records whose details are kept, and offsets over all partitions: some 10 s of the highest rates. */
const defaultRecordsKept = 2 ** 20;
/** Short, as each of a thousand partitions has some. */
const claimPageLength = 4_096;

export class Ledger {
  readonly groups: readonly GroupLedger[];
  acknowledged = 0;
  readonly #topic: LedgerTopic;
  #nextId = 0;
  #sent = 0;
  #missingAckEntries = 0;
  #offsetCollisions = 0;
  /** By id: state and partition. */
  readonly #entries = new Pages();
  /** By partition and offset: id + 1 of the first claim, by an acknowledgement or a read. */
  readonly #claims: readonly Pages[];
  readonly #claimsKept: number;
  /** By partition: no offset below it is compared any more, and where to look next whether there are more of them. */
  readonly #claimsFrom: Float64Array;
  readonly #claimsFullAt: Float64Array;
  readonly #settled: SettledPages;
  /** By group: ids that are acknowledged and read, whichever came first. */
  readonly #acknowledgedAndRead: number[];
  readonly #examples: string[] = [];

  constructor(topic: LedgerTopic, recordsKept = defaultRecordsKept) {
    this.#topic = topic;
    this.#settled = new SettledPages(topic.groups.length, recordsKept, (page) => {
      for (const pages of [this.#entries, ...this.groups]) pages.drop(page);
    });
    this.groups = topic.groups.map((name) => new GroupLedger(name, topic, this.#settled));
    this.#acknowledgedAndRead = topic.groups.map(() => 0);
    this.#claims = Array.from({ length: topic.partitions }, () => new Pages(claimPageLength));
    this.#claimsKept = recordsKept / topic.partitions;
    this.#claimsFrom = new Float64Array(topic.partitions);
    this.#claimsFullAt = new Float64Array(topic.partitions);
  }

  /** Handed to a client for this partition. */
  sent(id: number, partition: number): void {
    this.#entries.set(id, (partition << stateBits) | state.sent);
    this.#sent += 1;
    if (id >= this.#nextId) this.#nextId = id + 1;
  }

  /** One acknowledged batch, ids in the order of the batch; `baseOffset` is null when the broker gives none (acks=0). */
  acked(partition: number, baseOffset: number | null, ids: readonly number[]): void {
    for (let index = 0; index < ids.length; index += 1) {
      const id = ids[index] as number;
      if (this.isAcknowledged(id)) continue;
      this.#setState(id, state.acknowledged);
      this.#settled.count(id);
      this.acknowledged += 1;
      for (let group = 0; group < this.groups.length; group += 1) {
        if (this.groups[group]?.hasRead(id)) this.#countRead(group);
      }
      if (baseOffset !== null) this.#claim(partition, baseOffset + index, id, 'acknowledged');
    }
  }

  /** The send failed or timed out: the records may or may not be in the log. */
  unknown(ids: readonly number[]): void {
    for (const id of ids) if (this.#stateOf(id) === state.sent) this.#setState(id, state.unknown);
  }

  /** The send was reported as done, but without an entry for this batch: unknown, and the library's fault. */
  missingAck(partition: number, ids: readonly number[]): void {
    this.unknown(ids);
    this.#missingAckEntries += ids.length;
    const [first] = ids;
    if (first === undefined || this.#examples.length >= examplesKept) return;
    this.#examples.push(
      `no acknowledgement entry: ${ids.length} records for partition ${partition}, from ${this.#name(first)}`,
    );
  }

  /** Returns true when this group reads the id for the first time. `group` is the index in `groups`. */
  read(group: number, partition: number, offset: number, id: number): boolean {
    this.#claim(partition, offset, id, 'read');
    const isFirst = this.groups[group]?.read(partition, offset, id) ?? false;
    if (isFirst && this.isAcknowledged(id)) this.#countRead(group);
    if (isFirst) this.#settled.count(id);
    return isFirst;
  }

  /**
   * Acknowledged records that this group has not read. A record that was read although its send failed makes no
   * other one read, so this is not the difference of the two totals.
   */
  unread(group: number): number {
    return this.acknowledged - (this.#acknowledgedAndRead[group] ?? 0);
  }

  /** The ids behind it, from `fromId` below `toId`. */
  *unreadIds(group: number, fromId: number, toId: number): Generator<number> {
    const reader = this.groups[group];
    for (const id of this.#settled.others(fromId, toId)) {
      if (this.isAcknowledged(id) && reader?.hasRead(id) === false) yield id;
    }
  }

  isAcknowledged(id: number): boolean {
    const found = this.#stateOf(id);
    return found === state.acknowledged || (found === state.none && this.#settled.has(id));
  }

  integrity(): TopicIntegrity {
    return {
      topic: this.#topic.topic,
      guarantee: this.#topic.guarantee,
      acknowledged: this.acknowledged,
      unknown: this.#sent - this.acknowledged,
      groups: this.groups.map((group) => group.toIntegrity(this.#missingIn(group))),
      missingAckEntries: this.#missingAckEntries,
      offsetCollisions: this.#offsetCollisions,
      examples: [...this.#examples],
    };
  }

  /** In the log by acknowledgement, or because another group read it, and not read by this one. */
  *#missingIn(group: GroupLedger): Generator<{ id: number; partition: number }> {
    for (const id of this.#settled.others(0, this.#nextId)) {
      if (group.hasRead(id)) continue;
      if (this.isAcknowledged(id) || this.groups.some((other) => other.hasRead(id))) {
        yield { id, partition: this.#entries.get(id) >>> stateBits };
      }
    }
  }

  #stateOf(id: number): number {
    return this.#entries.get(id) & stateMask;
  }

  #setState(id: number, to: number): void {
    this.#entries.set(id, (this.#entries.get(id) & ~stateMask) | to);
  }

  #countRead(group: number): void {
    this.#acknowledgedAndRead[group] = (this.#acknowledgedAndRead[group] ?? 0) + 1;
  }

  #claim(partition: number, offset: number, id: number, how: string): void {
    const claims = this.#claims[partition];
    if (claims === undefined) throw new RangeError(`partition ${partition} of ${this.#topic.topic} was not planned`);
    if (offset < (this.#claimsFrom[partition] ?? 0)) return;
    const claim = claims.get(offset);
    if (claim === 0) {
      claims.set(offset, id + 1);
      if (offset >= (this.#claimsFullAt[partition] ?? 0)) this.#giveUpClaims(partition, offset);
      return;
    }
    if (claim === id + 1 || claim >= collidedBit) return;
    claims.set(offset, claim + collidedBit);
    this.#offsetCollisions += 1;
    if (this.#examples.length >= examplesKept) return;
    this.#examples.push(
      `two records at partition ${partition} offset ${offset}: ${this.#name(claim - 1)} and, ${how} later, ${this.#name(id)}`,
    );
  }

  /** Far behind the newest offset, and behind every group: none will read there for the first time. */
  #giveUpClaims(partition: number, newest: number): void {
    const before = Math.min(newest - this.#claimsKept, ...this.groups.map((group) => group.furthestRead(partition)));
    this.#claimsFullAt[partition] = newest + claimPageLength;
    if (before <= (this.#claimsFrom[partition] ?? 0)) return;
    this.#claimsFrom[partition] = before;
    this.#claims[partition]?.dropBefore(before);
  }

  #name(id: number): string {
    return nameRecord(id, this.#topic.producers);
  }
}
