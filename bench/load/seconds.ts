/** One point a second over all topics: what happened in that second, by the time it happened. */
import { createLatencyRecorder } from '../../lib/measurement/latency.ts';
import type { SeriesPoint } from '../../lib/measurement/types.ts';

export interface SecondsSource {
  /** Records of all topics whose slot is at or before this time, since the phase began. */
  readonly dueBefore: (nowMs: number) => number;
  /** Acknowledged and not yet received, over all topics and groups. */
  readonly lag: () => number;
}

/** Two digits are enough for a chart. */
const digits = 2;

export class Seconds {
  readonly points: SeriesPoint[] = [];
  readonly #source: SecondsSource;
  #startMs: number;
  #dueAtStart: number;
  #acknowledged = 0;
  #received = 0;
  readonly #publish = createLatencyRecorder(digits);
  readonly #endToEnd = createLatencyRecorder(digits);
  readonly #slip = createLatencyRecorder(digits);

  constructor(startMs: number, source: SecondsSource) {
    this.#startMs = startMs;
    this.#source = source;
    this.#dueAtStart = source.dueBefore(startMs);
  }

  handedOver(slipMs: number): void {
    this.#slip.recordMs(slipMs);
  }

  acked(publishMs: number): void {
    this.#acknowledged += 1;
    this.#publish.recordMs(publishMs);
  }

  received(endToEndMs: number): void {
    this.#received += 1;
    this.#endToEnd.recordMs(endToEndMs);
  }

  /** Closes every second that has ended; called before events are counted, so that each falls into its own second. */
  roll(nowMs: number): void {
    while (nowMs >= this.#startMs + 1000) this.#close();
  }

  #close(): void {
    const endMs = this.#startMs + 1000;
    const due = this.#source.dueBefore(endMs);
    this.points.push({
      second: this.points.length,
      offered: due - this.#dueAtStart,
      acknowledged: this.#acknowledged,
      received: this.#received,
      publishP50Ms: this.#publish.percentileMs(0.5),
      publishP99Ms: this.#publish.percentileMs(0.99),
      endToEndP50Ms: this.#endToEnd.percentileMs(0.5),
      endToEndP99Ms: this.#endToEnd.percentileMs(0.99),
      slipP99Ms: this.#slip.percentileMs(0.99),
      lag: this.#source.lag(),
    });
    this.#startMs = endMs;
    this.#dueAtStart = due;
    this.#acknowledged = 0;
    this.#received = 0;
    for (const recorder of [this.#publish, this.#endToEnd, this.#slip]) recorder.reset();
  }
}
