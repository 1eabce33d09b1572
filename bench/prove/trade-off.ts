/**
 * What do acknowledgements cost? The same rate with the same settings under four modes, interleaved in a seeded order so
 * that a noisy moment of the host hits all of them alike. Producers only; each mode has a topic of its own.
 */
import { interleave } from '../../lib/experiment/grid.ts';
import { mergeLatencies } from '../../lib/measurement/latency.ts';
import { medianInterval } from '../../lib/measurement/statistics.ts';
import {
  type TopicMeasurement,
  type TradeOffMeasurement,
  type TradeOffMode,
  type TradeOffRow,
  tradeOffModes,
} from '../../lib/measurement/types.ts';
import type { ProducerConfig, TopicPlan } from '../../lib/plan/types.ts';
import { openLoad } from '../load/open-load.ts';
import type { LoadSession } from '../load/types.ts';
import type { ScenarioContext } from './context.ts';

const settings: Readonly<Record<TradeOffMode, Pick<ProducerConfig, 'acks' | 'enable.idempotence'>>> = {
  'acks=0': { acks: '0', 'enable.idempotence': false },
  'acks=1': { acks: '1', 'enable.idempotence': false },
  'acks=all': { acks: 'all', 'enable.idempotence': false },
  'acks=all idempotent': { acks: 'all', 'enable.idempotence': true },
};

export interface TradeOffSpec {
  readonly topic: TopicPlan;
  readonly clusterTopic: (mode: TradeOffMode) => string;
  readonly ratePerSec: number;
  readonly repeats: number;
  readonly repeatMs: number;
  /** Before each repeat: connections are open already, but the mode's caches have cooled while others ran. */
  readonly warmUpMs: number;
}

export async function measureTradeOff(context: ScenarioContext, spec: TradeOffSpec): Promise<TradeOffMeasurement> {
  const order = interleave(tradeOffModes, spec.repeats, context.load.seed);
  const sessions = new Map<TradeOffMode, LoadSession>();
  const repeats = new Map<TradeOffMode, TopicMeasurement[]>(tradeOffModes.map((mode) => [mode, []]));
  try {
    for (const mode of tradeOffModes) sessions.set(mode, await openMode(context, spec, mode));
    for (const [index, mode] of order.entries()) {
      const result = await sessions.get(mode)?.run({
        ratePerSec: { [spec.topic.name]: spec.ratePerSec },
        measureMs: spec.repeatMs,
        warmUpMinMs: spec.warmUpMs,
        warmUpMaxMs: spec.warmUpMs,
        drainMaxMs: 5_000,
        stage: mode,
        signal: context.signal,
        onProgress: (event) =>
          context.onProgress({ ...event, fraction: (index + (event.fraction ?? 0)) / order.length }),
      });
      repeats.get(mode)?.push(...(result?.topics ?? []));
    }
  } finally {
    await Promise.all([...sessions.values()].map((session) => session.close()));
  }
  return {
    topic: spec.topic.name,
    ratePerSec: spec.ratePerSec,
    repeatMs: spec.repeatMs,
    rows: tradeOffModes.map((mode) => row(mode, repeats.get(mode) ?? [], context.load.seed)),
    order,
  };
}

async function openMode(context: ScenarioContext, spec: TradeOffSpec, mode: TradeOffMode): Promise<LoadSession> {
  return await openLoad({
    ...context.load,
    signal: context.signal,
    topics: [{ plan: spec.topic, clusterTopic: spec.clusterTopic(mode), producer: settings[mode], groups: [] }],
  });
}

function row(mode: TradeOffMode, repeats: readonly TopicMeasurement[], seed: number): TradeOffRow {
  const over = (value: (repeat: TopicMeasurement) => number | null): number[] =>
    repeats.map(value).filter((found) => found !== null);
  return {
    mode,
    repeats: repeats.map(({ publish, achievedPerSec, failed }) => ({
      p50Ms: publish.p50Ms,
      p99Ms: publish.p99Ms,
      achievedPerSec,
      failed,
    })),
    publish: mergeLatencies(repeats.map(({ publish }) => publish)),
    p50Ms: medianInterval(
      over(({ publish }) => publish.p50Ms),
      seed,
    ),
    p99Ms: medianInterval(
      over(({ publish }) => publish.p99Ms),
      seed,
    ),
    achievedPerSec: medianInterval(
      over(({ achievedPerSec }) => achievedPerSec),
      seed,
    ),
  };
}
