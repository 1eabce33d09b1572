/**
 * The producing side of one topic. Knows no timers: the phase drives it through `tick`, drivers through the accumulators.
 */
import type { DriverProducer } from '../drivers/driver.ts';
import { Accumulator, type AccumulatorEvents, type AccumulatorSettings } from './accumulator.ts';
import type { Arrivals } from './arrivals.ts';
import type { LoadBatch } from './load-batch.ts';
import { MeasuredWindow } from './measured-window.ts';
import { firstNotDue, goOnWith, nextOfProducer } from './pacer.ts';
import { createKeyPartitioner, createRoundRobinPartitioner, createStickyPartitioner } from './partitioner.ts';
import type { PhaseProducers } from './phase-producers.ts';
import type { TopicState } from './topic-state.ts';

/** Records handed over at once for one producer before the others and the network get their turn. */
const recordsPerTurn = 500;

interface Producer {
  readonly client: DriverProducer;
  readonly accumulator: Accumulator;
  readonly partitionOf: (keyIndex: number) => number;
  /** The next id this producer hands over. */
  nextId: number;
}

export class TopicProducers implements PhaseProducers {
  lastSendMs = 0;
  readonly #state: TopicState;
  readonly #producers: readonly Producer[];
  readonly #outstanding = new Set<LoadBatch>();
  readonly #onFailure: (message: string) => void;

  constructor(
    state: TopicState,
    clients: readonly DriverProducer[],
    settings: AccumulatorSettings,
    seed: number,
    onFailure: (message: string) => void,
  ) {
    this.#state = state;
    this.#onFailure = onFailure;
    const { payload, topic } = state;
    const { partitions } = topic.plan;
    const name = topic.shape?.partitioner ?? (payload.keys === null ? 'sticky' : 'key');
    const keyed =
      name === 'key' && payload.keys !== null
        ? createKeyPartitioner(payload.keys, partitions, payload.keyBytesOf)
        : null;
    this.#producers = clients.map((client, index) => {
      const sticky = createStickyPartitioner(partitions, seed + index);
      const events = this.#events(name === 'sticky' ? sticky.next : () => {});
      return {
        client,
        accumulator: new Accumulator(settings, payload, client, events, () => performance.now()),
        partitionOf: keyed ?? (name === 'roundRobin' ? createRoundRobinPartitioner(partitions, index) : sticky.current),
        nextId: 0,
      };
    });
  }

  begin(startMs: number, ratePerSec: number, arrivals?: Arrivals): void {
    const firstId = this.#state.endId;
    this.#state.observer?.targetRate(this.#state.topic.clusterTopic, ratePerSec);
    this.#state.schedule = { startMs, ratePerSec, firstId, ...(arrivals === undefined ? {} : { arrivals }) };
    this.#state.endId = Number.POSITIVE_INFINITY;
    this.#state.window = null;
    this.#restartAt(firstId);
  }

  measure(fromMs: number, toMs: number, arrivals?: Arrivals): MeasuredWindow {
    if (arrivals !== undefined) this.#state.schedule = goOnWith(this.#state.schedule, fromMs, arrivals);
    const window = new MeasuredWindow(this.#state.schedule, fromMs, toMs, this.#state.topic.groups);
    this.#state.window = window;
    this.#state.endId = window.toId;
    return window;
  }

  /** Hands over what is due and sends what is ready. Gives the time at which to look again; now when more is due than fits a turn. */
  tick(nowMs: number): number {
    const { schedule, endId } = this.#state;
    const due = Math.min(endId, firstNotDue(schedule, nowMs));
    let againMs =
      due < endId && (schedule.ratePerSec > 0 || schedule.arrivals !== undefined)
        ? this.#state.slotMs(due)
        : Number.POSITIVE_INFINITY;
    for (const producer of this.#producers) {
      const { accumulator } = producer;
      const turnEnd = Math.min(due, producer.nextId + recordsPerTurn * this.#producers.length);
      this.#handOver(producer, turnEnd, nowMs);
      accumulator.pump(nowMs);
      // A full buffer empties with an acknowledgement: no need to look more often than each millisecond.
      if (producer.nextId < due) againMs = Math.min(againMs, accumulator.hasRoom ? nowMs : nowMs + 1);
      againMs = Math.min(againMs, accumulator.dueMs);
    }
    return Math.max(nowMs, againMs);
  }

  get isSettled(): boolean {
    return this.#producers.every(({ nextId, accumulator }) => nextId >= this.#state.endId && accumulator.isIdle);
  }

  /** The clients that write end marks: all of them where each marks its own end, otherwise one without a send under way. */
  get markWriters(): readonly DriverProducer[] {
    const idle = this.#producers.filter(({ accumulator }) => accumulator.isIdle);
    const writers = this.#state.markWriters > 1 ? this.#producers : idle.slice(0, 1);
    return writers.map(({ client }) => client);
  }

  /** Gives up what was not handed to a driver. What is under way is counted at its age; it settles later, for the ledger only. */
  giveUp(nowMs: number): void {
    const { window, endId } = this.#state;
    for (const producer of this.#producers) {
      for (const id of this.#unsent(producer, endId))
        if (window?.has(id)) window.neverSent(nowMs - this.#state.slotMs(id));
    }
    for (const { ids, sentMs } of this.#outstanding) {
      for (const [index, id] of ids.entries()) {
        if (window?.has(id)) window.gaveUp(nowMs - this.#state.slotMs(id), nowMs - (sentMs[index] as number));
      }
    }
    this.#outstanding.clear();
    // After an abort the schedule has no end yet: the next one begins behind what was handed over.
    if (!Number.isFinite(endId)) this.#state.endId = Math.max(...this.#producers.map(({ nextId }) => nextId));
    this.#restartAt(this.#state.endId);
  }

  /** What waits in its buffer, and what was due after that: one by one, as it may be more than fits the memory. */
  *#unsent({ accumulator, nextId }: Producer, endId: number): Generator<number> {
    for (const { ids } of accumulator.clear()) yield* ids;
    if (this.#state.window === null) return;
    for (let id = nextId; id < endId; id += this.#producers.length) yield id;
  }

  #restartAt(id: number): void {
    for (const [index, producer] of this.#producers.entries()) {
      producer.nextId = nextOfProducer(id, index, this.#producers.length);
    }
  }

  /** What is due below `turnEnd`, as far as the buffer has room. */
  #handOver(producer: Producer, turnEnd: number, nowMs: number): void {
    const { payload, seconds, window, observer, topic } = this.#state;
    const { accumulator, partitionOf } = producer;
    const step = this.#producers.length;
    let id = producer.nextId;
    for (; id < turnEnd && accumulator.hasRoom; id += step) {
      accumulator.append(id, partitionOf(payload.keyOf(id)), nowMs);
      const slipMs = nowMs - this.#state.slotMs(id);
      if (this.#state.counts(id)) seconds?.handedOver(slipMs);
      if (window?.has(id)) window.handedOver(slipMs);
      observer?.sent(topic.clusterTopic, slipMs);
    }
    producer.nextId = id;
  }

  #events(afterSend: () => void): AccumulatorEvents {
    const { ledger } = this.#state;
    return {
      onSend: (batch, nowMs) => {
        const { window } = this.#state;
        this.#outstanding.add(batch);
        this.lastSendMs = nowMs;
        for (const id of batch.ids) ledger.sent(id, batch.partition);
        if (window?.has(batch.ids[0] ?? -1)) window.batchSent(batch.ids.length);
        afterSend();
      },
      onOutcome: (batch, outcome, nowMs) => {
        const inTime = this.#outstanding.delete(batch);
        if (outcome.kind === 'acknowledged') ledger.acked(batch.partition, outcome.baseOffset, batch.ids);
        else if (outcome.kind === 'noEntry') ledger.missingAck(batch.partition, batch.ids);
        else ledger.unknown(batch.ids);
        if (outcome.kind !== 'acknowledged')
          this.#onFailure(`${batch.ids.length} records not acknowledged: ${outcome.reason}`);
        if (inTime) this.#count(batch, outcome.kind === 'acknowledged', nowMs);
      },
    };
  }

  #count({ ids, sentMs }: LoadBatch, acknowledged: boolean, nowMs: number): void {
    const { window, seconds, observer, topic } = this.#state;
    seconds?.roll(nowMs);
    if (acknowledged) window?.acksArrived(ids.length, nowMs);
    for (let index = 0; index < ids.length; index += 1) {
      const id = ids[index] as number;
      const publishMs = nowMs - this.#state.slotMs(id);
      const serviceMs = nowMs - (sentMs[index] as number);
      if (acknowledged) {
        if (this.#state.counts(id)) seconds?.acked(publishMs);
        if (window?.has(id)) window.acked(publishMs, serviceMs);
        if (this.#state.isCurrent(id)) observer?.acknowledged(topic.clusterTopic, publishMs);
      } else {
        if (window?.has(id)) window.gaveUp(publishMs, serviceMs);
        if (this.#state.isCurrent(id)) observer?.failed(topic.clusterTopic, publishMs);
      }
    }
  }
}
