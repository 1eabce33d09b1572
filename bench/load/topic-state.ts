/** What the producing and the reading side of one topic share: its ids, its schedule, and who is counting. */
import { Ledger } from '../../lib/measurement/ledger.ts';
import type { MeasuredWindow } from './measured-window.ts';
import type { LoadObserver } from './observer.ts';
import { firstNotDue, type Schedule, slotMs } from './pacer.ts';
import type { Payload } from './payload.ts';
import type { Seconds } from './seconds.ts';
import type { LoadTopic } from './types.ts';

export class TopicState {
  readonly topic: LoadTopic;
  readonly payload: Payload;
  readonly ledger: Ledger;
  readonly observer: LoadObserver | null;
  schedule: Schedule = { startMs: 0, ratePerSec: 0, firstId: 0 };
  /** No record at or after this id is made. */
  endId = 0;
  window: MeasuredWindow | null = null;
  seconds: Seconds | null = null;
  /**
   * How many producers write end marks. An acknowledged record lies before a mark of any producer; an unacknowledged one
   * only before the mark of its own producer, on the same connection.
   */
  readonly markWriters: number;

  constructor(topic: LoadTopic, payload: Payload, observer: LoadObserver | null = null) {
    const { partitions, name, guarantee, load } = topic.plan;
    this.topic = topic;
    this.payload = payload;
    this.observer = observer;
    this.markWriters = (topic.producer?.acks ?? topic.plan.producer.acks) === '0' ? load.producers : 1;
    this.ledger = new Ledger({
      topic: name,
      guarantee,
      groups: topic.groups.map((group) => group.name),
      partitions,
      producers: load.producers,
      keys: payload.keys,
      keyOf: payload.keyOf,
    });
  }

  /** Records due at this time since the phase began. */
  dueBefore(nowMs: number): number {
    return Math.min(this.endId, firstNotDue(this.schedule, nowMs)) - this.schedule.firstId;
  }

  slotMs(id: number): number {
    return slotMs(this.schedule, id);
  }

  /** Of this phase: only then its slot is known. */
  isCurrent(id: number): boolean {
    return id >= this.schedule.firstId;
  }

  /** During warm-up every record of the phase counts for the seconds, afterwards those of the window. */
  counts(id: number): boolean {
    return this.window === null ? this.isCurrent(id) : this.window.has(id);
  }

  /** Records not read yet, over all groups. */
  lag(): number {
    return this.ledger.groups.reduce((sum, _, index) => sum + this.ledger.unread(index), 0);
  }
}
