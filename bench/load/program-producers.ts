/** The producing side of one topic when a program sends by itself: what it tells goes into the same ledger and windows. */
import type { DriverProducer } from '../drivers/driver.ts';
import type { ProgramEvent } from '../drivers/program.ts';
import type { Arrivals } from './arrivals.ts';
import { MeasuredWindow } from './measured-window.ts';
import type { PhaseProducers } from './phase-producers.ts';
import type { TopicState } from './topic-state.ts';

export interface ProgramSchedule {
  /** Milliseconds since the epoch. */
  readonly beganMs: number;
  readonly recordsTogether: number;
  readonly hasEnded: () => boolean;
}

export class ProgramProducers implements PhaseProducers {
  lastSendMs = 0;
  readonly #state: TopicState;
  readonly #client: DriverProducer;
  readonly #onFailure: (message: string) => void;
  /** Told before the phase has begun here. */
  #early: ProgramEvent[] | null = [];
  #schedule: ProgramSchedule | null = null;
  /** Behind the last record handed over. */
  #nextId = 0;
  /** Hand-over by id, of records without an outcome. */
  readonly #underWay = new Map<number, number>();

  /** `client` writes the marks that close a phase. */
  constructor(state: TopicState, client: DriverProducer, onFailure: (message: string) => void) {
    this.#state = state;
    this.#client = client;
    this.#onFailure = onFailure;
  }

  /** Before the program is started: what is told from now on belongs to the next phase. */
  expect(): void {
    this.#early = [];
  }

  /** Before `begin`: when the program began. */
  schedule(schedule: ProgramSchedule): void {
    this.#schedule = schedule;
  }

  /** The program has its own beginning; the one given is not kept. */
  begin(_startMs: number, ratePerSec: number): void {
    const schedule = this.#schedule;
    if (schedule === null) throw new RangeError('a program begins before its phase');
    const { observer, topic, endId } = this.#state;
    observer?.targetRate(topic.clusterTopic, ratePerSec);
    this.#state.schedule = {
      startMs: schedule.beganMs - performance.timeOrigin,
      ratePerSec,
      firstId: endId,
      ...(ratePerSec > 0 ? { arrivals: together(schedule.recordsTogether, ratePerSec) } : {}),
    };
    this.#state.endId = Number.POSITIVE_INFINITY;
    this.#state.window = null;
    const early = this.#early ?? [];
    this.#early = null;
    for (const event of early) this.take(event);
  }

  measure(fromMs: number, toMs: number): MeasuredWindow {
    const window = new MeasuredWindow(this.#state.schedule, fromMs, toMs, this.#state.topic.groups);
    this.#state.window = window;
    return window;
  }

  tick(): number {
    return Number.POSITIVE_INFINITY;
  }

  get isSettled(): boolean {
    return this.#schedule?.hasEnded() ?? true;
  }

  /** The program is gone by then, so that what it wrote lies before any mark. */
  get markWriters(): readonly DriverProducer[] {
    return Array.from({ length: this.#state.markWriters }, () => this.#client);
  }

  /** Records in the window that were never handed over are unsent; ids go on behind the last one of the program. */
  giveUp(nowMs: number): void {
    const { window, ledger } = this.#state;
    for (const [id, sentMs] of this.#underWay) {
      ledger.sent(id, 0);
      ledger.unknown([id]);
      if (window?.has(id)) window.gaveUp(nowMs - this.#state.slotMs(id), nowMs - sentMs);
    }
    this.#underWay.clear();
    if (this.#schedule === null) return;
    this.#schedule = null;
    // Ids count what was handed over, so that what is missing is missing at the end.
    const fromId = Math.max(this.#nextId, window?.fromId ?? 0);
    for (let id = fromId; window !== null && id < window.toId; id += 1) {
      window.neverSent(nowMs - this.#state.slotMs(id));
    }
    this.#state.endId = Math.max(this.#nextId, this.#state.schedule.firstId);
  }

  take(event: ProgramEvent): void {
    if (this.#early !== null) {
      this.#early.push(event);
      return;
    }
    const nowMs = event.atMs - performance.timeOrigin;
    if (event.kind === 'handedOver') this.#handedOver(event.id, nowMs);
    else this.#settled(event, nowMs);
  }

  #handedOver(id: number, nowMs: number): void {
    const { seconds, window, observer, topic } = this.#state;
    this.#nextId = Math.max(this.#nextId, id + 1);
    this.#underWay.set(id, nowMs);
    this.lastSendMs = nowMs;
    const slipMs = nowMs - this.#state.slotMs(id);
    if (this.#state.counts(id)) seconds?.handedOver(slipMs);
    if (window?.has(id)) window.handedOver(slipMs);
    observer?.sent(topic.clusterTopic, slipMs);
  }

  #settled(event: Exclude<ProgramEvent, { kind: 'handedOver' }>, nowMs: number): void {
    const { id } = event;
    const { ledger, seconds, window, observer, topic } = this.#state;
    const sentMs = this.#underWay.get(id);
    if (sentMs === undefined) return;
    this.#underWay.delete(id);
    const latencyMs = nowMs - this.#state.slotMs(id);
    ledger.sent(id, event.kind === 'acknowledged' ? event.partition : 0);
    seconds?.roll(performance.now());
    if (event.kind === 'failed') {
      ledger.unknown([id]);
      this.#onFailure(`1 record not acknowledged: ${event.reason}`);
      if (window?.has(id)) window.gaveUp(latencyMs, nowMs - sentMs);
      observer?.failed(topic.clusterTopic, latencyMs);
      return;
    }
    ledger.acked(event.partition, event.offset, [id]);
    window?.acksArrived(1, nowMs);
    if (this.#state.counts(id)) seconds?.acked(latencyMs);
    if (window?.has(id)) window.acked(latencyMs, nowMs - sentMs);
    observer?.acknowledged(topic.clusterTopic, latencyMs);
  }
}

/** Evenly spaced groups of records that are due at once. */
function together(records: number, ratePerSec: number): Arrivals {
  const everyMs = (records * 1_000) / ratePerSec;
  return {
    atMs: (index) => Math.floor(index / records) * everyMs,
    countBy: (elapsedMs) => (elapsedMs < 0 ? 0 : (Math.floor(elapsedMs / everyMs) + 1) * records),
  };
}
