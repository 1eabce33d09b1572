/** One phase: warm-up until steady, measure, send off what is left, drain. Drives the topics by the clock. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { isSteady } from '../../lib/measurement/statistics.ts';
import { hash32 } from '../../lib/random.ts';
import type { Driver } from '../drivers/driver.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
import { judgeGenerator, watchHarness } from './generator-health.ts';
import type { PhaseProducers } from './phase-producers.ts';
import type { RatePoint } from './rate-curve.ts';
import { Seconds } from './seconds.ts';
import type { TopicReaders } from './topic-readers.ts';
import type { TopicState } from './topic-state.ts';
import type { PhaseResult, PhaseSpec } from './types.ts';
import { fitCurve } from './window-curve.ts';

export interface TopicParts {
  readonly state: TopicState;
  readonly producers: PhaseProducers;
  readonly readers: TopicReaders;
}

/** Between the call and the first slot, so that no slot is late before the loop runs. */
const leadMs = 20;
const lagEveryMs = 100;
const progressEveryMs = 200;
/** A mark that was not seen is written again after this. */
const markEveryMs = 1_000;
/** What is measured, and how long is waited for what is under way, once the load is hopelessly behind. */
const hopelessMeasureMs = 1_000;
const hopelessSendOffMs = 500;
/** Longest sleep, so that an abort and the end of a second are noticed in time. */
const longestSleepMs = 20;

export async function runPhase(driver: Driver, topics: readonly TopicParts[], phase: PhaseSpec): Promise<PhaseResult> {
  const run = new PhaseRun(topics, phase);
  try {
    return await run.toResult(driver);
  } finally {
    run.end();
  }
}

class PhaseRun {
  readonly #topics: readonly TopicParts[];
  readonly #phase: PhaseSpec;
  readonly #startMs = performance.now() + leadMs;
  /** Acknowledged before this phase, by topic. */
  readonly #acknowledgedBefore: readonly number[];
  #seconds: Seconds;
  #nextLagMs = 0;
  #nextProgressMs = 0;

  constructor(topics: readonly TopicParts[], phase: PhaseSpec) {
    this.#topics = topics;
    this.#phase = phase;
    this.#acknowledgedBefore = topics.map(({ state }) => state.ledger.acknowledged);
    for (const { state, producers } of topics) {
      const perSec = phase.ratePerSec[state.topic.plan.name] ?? 0;
      const isEven = (state.topic.shape?.arrivals ?? 'constant') === 'constant';
      const seed = hash32(state.payload.seed, state.endId);
      producers.begin(this.#startMs, perSec, isEven ? undefined : arrivalsOf(state, [{ atMs: 0, perSec }], seed));
    }
    this.#seconds = this.#countSeconds(this.#startMs);
  }

  async toResult(driver: Driver): Promise<PhaseResult> {
    const { steady, warmUpMs } = await this.#warmUp();
    const fromMs = performance.now();
    const measuredMs = this.#isHopeless(fromMs)
      ? Math.min(hopelessMeasureMs, this.#phase.measureMs)
      : this.#phase.measureMs;
    const startedAt = new Date(performance.timeOrigin + fromMs).toISOString();
    const toMs = fromMs + measuredMs;
    const windows = this.#topics.map(({ state, producers }) =>
      producers.measure(fromMs, toMs, this.#windowArrivals(state)),
    );
    const series = this.#countSeconds(fromMs);
    const stopWatching = watchHarness();
    await this.#runUntil(toMs, () => false, 'measuring');
    series.roll(toMs);
    for (const { state } of this.#topics) state.seconds = null;
    const use = stopWatching();
    const cutShort = this.#isHopeless(toMs);
    const sendOffMs = cutShort ? hopelessSendOffMs : this.#phase.drainMaxMs;
    await this.#runUntil(toMs + sendOffMs, () => this.#isSettled, 'sending off');
    this.#giveUp();
    await this.#drain();
    const nowMs = performance.now();
    for (const { readers } of this.#topics) readers.countUnread(nowMs);
    const slips = windows.map(({ slipP99Ms }) => slipP99Ms).filter((slip) => slip !== null);
    const sum = (of: (window: (typeof windows)[number]) => number) => windows.reduce((total, w) => total + of(w), 0);
    return {
      startedAt,
      measuredMs,
      cutShort,
      warmUpMs,
      steady,
      topics: this.#topics.map(({ state, producers, readers }, index) => {
        const window = windows[index];
        if (window === undefined) throw new RangeError('a topic without a window');
        return window.toMeasurement(state.topic.plan.name, readers.drainedMs(producers.lastSendMs));
      }),
      generator: judgeGenerator(driver, use, {
        offered: sum((window) => window.toId - window.fromId),
        acknowledged: sum((window) => window.acknowledgedMeanwhile),
        unsent: sum((window) => window.unsent),
        slipP99Ms: slips.length === 0 ? null : Math.max(...slips),
      }),
      series: [...series.points],
    };
  }

  /** Also after an abort: nothing is counted any more, and the next phase begins behind this one. */
  end(): void {
    this.#giveUp();
    for (const { state } of this.#topics) {
      state.window = null;
      state.seconds = null;
    }
  }

  async #warmUp(): Promise<{ steady: boolean; warmUpMs: number }> {
    const { warmUpMinMs, warmUpMaxMs } = this.#phase;
    const maySettle = (nowMs: number) =>
      this.#isHopeless(nowMs) || (nowMs >= this.#startMs + warmUpMinMs && isSteady(this.#warmUpSamples()));
    await this.#runUntil(this.#startMs + warmUpMaxMs, maySettle, 'warming up');
    this.#seconds.roll(performance.now());
    return { steady: isSteady(this.#warmUpSamples()), warmUpMs: Math.max(0, performance.now() - this.#startMs) };
  }

  /** The curve begins with the window, whenever the warm-up ends: its slots are fixed then, before the first of them is due. */
  #windowArrivals(state: TopicState): Arrivals | undefined {
    const { curve, ratePerSec, measureMs } = this.#phase;
    const perSec = ratePerSec[state.topic.plan.name] ?? 0;
    if (curve === undefined || perSec <= 0) return undefined;
    const seed = hash32(state.payload.seed + 1, state.schedule.firstId);
    return arrivalsOf(state, fitCurve(curve, measureMs, perSec), seed);
  }

  /** So far behind that the rate cannot be held any more: waiting longer would only build a backlog to drain. */
  #isHopeless(nowMs: number): boolean {
    const { hopelessBehindMs, ratePerSec } = this.#phase;
    if (hopelessBehindMs === undefined) return false;
    return this.#topics.some(({ state }, index) => {
      const acknowledged = state.ledger.acknowledged - (this.#acknowledgedBefore[index] ?? 0);
      const perMs = (ratePerSec[state.topic.plan.name] ?? 0) / 1000;
      return state.dueBefore(nowMs) - acknowledged > perMs * hopelessBehindMs;
    });
  }

  #warmUpSamples() {
    return this.#seconds.points.map(({ offered, acknowledged, publishP99Ms }) => ({
      offered,
      acknowledged,
      p99Ms: publishP99Ms,
    }));
  }

  /** Ticks all topics until `untilMs` or until `isDone`. Rejects with the signal's reason when aborted. */
  async #runUntil(untilMs: number, isDone: (nowMs: number) => boolean, detail: string): Promise<void> {
    this.#topics[0]?.state.observer?.phase(`${this.#phase.stage} ${detail}`);
    for (let nowMs = performance.now(); nowMs < untilMs && !isDone(nowMs); nowMs = performance.now()) {
      this.#phase.signal.throwIfAborted();
      let againMs = Math.min(untilMs, nowMs + longestSleepMs);
      for (const { state, producers } of this.#topics) {
        state.seconds?.roll(nowMs);
        againMs = Math.min(againMs, producers.tick(nowMs));
      }
      if (nowMs >= this.#nextLagMs) this.#sampleLag(nowMs);
      if (nowMs >= this.#nextProgressMs) this.#report(nowMs, untilMs, detail);
      // Timers count whole milliseconds; a turn without one lets acknowledgements in when more is due than fits a turn.
      if (againMs <= performance.now()) await nextTurn();
      else await sleep(Math.max(1, Math.floor(againMs - performance.now())));
    }
    this.#phase.signal.throwIfAborted();
  }

  get #isSettled(): boolean {
    return this.#topics.every(({ producers }) => producers.isSettled);
  }

  #giveUp(): void {
    const nowMs = performance.now();
    for (const { producers } of this.#topics) producers.giveUp(nowMs);
  }

  async #drain(): Promise<void> {
    const untilMs = performance.now() + this.#phase.drainMaxMs;
    const waiting = () => this.#topics.filter(({ readers }) => !readers.haveAllDrained);
    for (const { readers } of this.#topics) readers.startMark();
    while (waiting().length > 0 && performance.now() < untilMs) {
      for (const { producers, readers } of waiting()) {
        void readers.writeMarks(producers.markWriters);
      }
      const againMs = Math.min(untilMs, performance.now() + markEveryMs);
      await this.#runUntil(againMs, () => waiting().length === 0, 'draining');
    }
  }

  #countSeconds(startMs: number): Seconds {
    this.#seconds = new Seconds(startMs, {
      dueBefore: (nowMs) => this.#topics.reduce((sum, { state }) => sum + state.dueBefore(nowMs), 0),
      lag: () => this.#topics.reduce((sum, { state }) => sum + state.lag(), 0),
    });
    for (const { state } of this.#topics) state.seconds = this.#seconds;
    return this.#seconds;
  }

  #sampleLag(nowMs: number): void {
    this.#nextLagMs = nowMs + lagEveryMs;
    for (const { readers } of this.#topics) readers.sampleLag();
  }

  #report(nowMs: number, untilMs: number, detail: string): void {
    this.#nextProgressMs = nowMs + progressEveryMs;
    const { stage, warmUpMaxMs, measureMs, onProgress } = this.#phase;
    const totalMs = warmUpMaxMs + measureMs;
    const last = this.#seconds.points.at(-1);
    const rate = last === undefined ? '' : `, ${last.acknowledged} records/s`;
    const fraction = Math.min(1, Math.max(0, totalMs === 0 ? 1 : (nowMs - this.#startMs) / totalMs));
    onProgress({ stage, detail: `${detail}${rate}`, fraction: untilMs > nowMs ? fraction : 1 });
  }
}

function arrivalsOf({ topic }: TopicState, rate: readonly RatePoint[], seed: number): Arrivals {
  return createArrivals({ process: topic.shape?.arrivals ?? 'constant', rate }, seed);
}
