/**
 * What the records of one topic did whose slots lie in the measured window. Every slot gives exactly one publish sample:
 * an acknowledgement, or its age when it failed or when the phase ended without it.
 */
import { createLatencyRecorder } from '../../lib/measurement/latency.ts';
import type { GroupMeasurement, TopicMeasurement } from '../../lib/measurement/types.ts';
import { firstNotDue, type Schedule } from './pacer.ts';

export interface WindowGroup {
  readonly name: string;
  readonly members: number;
}

export class MeasuredWindow {
  readonly #schedule: Schedule;
  readonly #groups: readonly WindowGroup[];
  /** Ids in the window: from `fromId`, below `toId`. */
  readonly fromId: number;
  readonly toId: number;
  readonly #fromMs: number;
  readonly #toMs: number;
  acknowledged = 0;
  failed = 0;
  unsent = 0;
  /** Acknowledgements that arrived while the window was open, whatever their slot: the rate achieved. */
  acknowledgedMeanwhile = 0;
  readonly #publish = createLatencyRecorder();
  readonly #service = createLatencyRecorder();
  readonly #slip = createLatencyRecorder();
  readonly #endToEnd;
  readonly #received: number[];
  readonly #maxLag: (number | null)[];
  #batches = 0;
  #batchedRecords = 0;

  /** Over the slots after `fromMs` up to `toMs`. */
  constructor(schedule: Schedule, fromMs: number, toMs: number, groups: readonly WindowGroup[]) {
    this.#schedule = schedule;
    this.#groups = groups;
    this.#fromMs = fromMs;
    this.#toMs = toMs;
    this.fromId = firstNotDue(schedule, fromMs);
    this.toId = firstNotDue(schedule, toMs);
    this.#endToEnd = groups.map(() => createLatencyRecorder());
    this.#received = groups.map(() => 0);
    this.#maxLag = groups.map(() => null);
  }

  has(id: number): boolean {
    return id >= this.fromId && id < this.toId;
  }

  handedOver(slip: number): void {
    this.#slip.recordMs(slip);
  }

  batchSent(records: number): void {
    this.#batches += 1;
    this.#batchedRecords += records;
  }

  /** Of any records of the topic, in the window or not. */
  acksArrived(records: number, nowMs: number): void {
    if (nowMs >= this.#fromMs && nowMs <= this.#toMs) this.acknowledgedMeanwhile += records;
  }

  /** Latencies count from the slot, service times from the hand-over. */
  acked(publishMs: number, serviceMs: number): void {
    this.acknowledged += 1;
    this.#publish.recordMs(publishMs);
    this.#service.recordMs(serviceMs);
  }

  gaveUp(publishMs: number, serviceMs: number): void {
    this.failed += 1;
    this.#publish.recordMs(publishMs);
    this.#service.recordMs(serviceMs);
  }

  neverSent(ageMs: number): void {
    this.unsent += 1;
    this.#publish.recordMs(ageMs);
  }

  received(group: number, endToEndMs: number): void {
    this.#received[group] = (this.#received[group] ?? 0) + 1;
    this.#endToEnd[group]?.recordMs(endToEndMs);
  }

  /** Acknowledged and not read when the phase ended: a sample at its age, so that a stuck group cannot look fast. */
  neverReceived(group: number, ageMs: number): void {
    this.#endToEnd[group]?.recordMs(ageMs);
  }

  sampleLag(group: number, lag: number): void {
    this.#maxLag[group] = Math.max(this.#maxLag[group] ?? 0, lag);
  }

  get slipP99Ms(): number | null {
    return this.#slip.percentileMs(0.99);
  }

  /** The rate asked for; of arrivals of another kind, what came of it in this window. */
  get #offeredPerSec(): number {
    const { ratePerSec, arrivals } = this.#schedule;
    return arrivals === undefined ? ratePerSec : ((this.toId - this.fromId) * 1000) / (this.#toMs - this.#fromMs);
  }

  toMeasurement(topic: string, drainedMs: readonly (number | null)[]): TopicMeasurement {
    return {
      topic,
      offeredPerSec: this.#offeredPerSec,
      scheduled: this.toId - this.fromId,
      acknowledged: this.acknowledged,
      failed: this.failed,
      unsent: this.unsent,
      achievedPerSec: (this.acknowledgedMeanwhile * 1000) / (this.#toMs - this.#fromMs),
      publish: this.#publish.toLatency(),
      service: this.#service.toLatency(),
      slip: this.#slip.toLatency(),
      recordsPerBatch: this.#batches === 0 ? null : this.#batchedRecords / this.#batches,
      groups: this.#groups.map(
        ({ name, members }, index): GroupMeasurement => ({
          group: name,
          members,
          received: this.#received[index] ?? 0,
          endToEnd: this.#endToEnd[index]?.toLatency() ?? createLatencyRecorder().toLatency(),
          maxLag: this.#maxLag[index] ?? null,
          drainedMs: drainedMs[index] ?? null,
        }),
      ),
    };
  }
}
