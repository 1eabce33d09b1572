/** What a phase, the trade-off and the retention come down to; one place for all renderers. */
import type { Latency, PhaseMeasurement, TradeOffMeasurement, TradeOffRow } from '../measurement/types.ts';
import { formatCount, formatDurationMs } from '../units.ts';
import type { Run } from './types.ts';

export interface PhaseSummary {
  readonly phase: PhaseMeasurement['phase'];
  readonly offeredPerSec: number;
  readonly publish: WorstLatency | null;
  readonly endToEnd: WorstLatency | null;
  readonly maxLag: number | null;
  /** `ok`, or what is wrong, in words. */
  readonly state: string;
}

/** The latency with the highest p99, and whose it is. */
export interface WorstLatency {
  readonly name: string;
  readonly latency: Latency;
}

export function summarise(phase: PhaseMeasurement): PhaseSummary {
  const groups = phase.topics.flatMap((topic) => topic.groups);
  const lags = groups.flatMap(({ maxLag }) => (maxLag === null ? [] : [maxLag]));
  return {
    phase: phase.phase,
    offeredPerSec: phase.topics.reduce((sum, { offeredPerSec }) => sum + offeredPerSec, 0),
    publish: worstLatency(phase.topics.map(({ topic, publish }) => ({ name: topic, latency: publish }))),
    endToEnd: worstLatency(groups.map(({ group, endToEnd }) => ({ name: group, latency: endToEnd }))),
    maxLag: lags.length === 0 ? null : Math.max(...lags),
    state: stateOf(phase),
  };
}

/** p99 in words; a percentile above the range of the histogram is never shown as a number. */
export function p99Text(worstLatency: WorstLatency | null): string {
  return worstLatency === null ? 'no samples' : latencyText(worstLatency.latency.p99Ms, worstLatency.latency);
}

export function latencyText(valueMs: number | null, { count }: Latency): string {
  if (count === 0) return 'no samples';
  return valueMs === null ? 'over 1 h' : formatDurationMs(valueMs);
}

/** Of nothing but empty latencies: null. */
export function worstLatency(latencies: readonly WorstLatency[]): WorstLatency | null {
  const rank = ({ latency }: WorstLatency): number =>
    latency.count === 0 ? -1 : (latency.p99Ms ?? Number.POSITIVE_INFINITY);
  const [first, ...rest] = latencies.filter(({ latency }) => latency.count > 0);
  return first === undefined ? null : rest.reduce((a, b) => (rank(b) > rank(a) ? b : a), first);
}

function stateOf({ steady, generator, topics }: PhaseMeasurement): string {
  const sum = (figure: 'failed' | 'unsent'): number => topics.reduce((total, topic) => total + topic[figure], 0);
  const faults = [
    ...(generator.wasTheLimit ? ['the generator was the limit'] : []),
    ...(steady ? [] : ['not steady']),
    ...(sum('failed') > 0 ? [`${formatCount(sum('failed'))} failed`] : []),
    ...(sum('unsent') > 0 ? [`${formatCount(sum('unsent'))} not sent`] : []),
  ];
  return faults.length === 0 ? 'ok' : faults.join(', ');
}

/** `all+idempotent` and the like. */
export function modeName({ mode }: Pick<TradeOffRow, 'mode'>): string {
  return mode.replace('acks=', '').replace(' ', '+');
}

/**
 * What the stricter modes cost against acks=1, in one sentence. Intervals that overlap are the same to this run
 * (measuring.md 15).
 */
export function tradeOffSentence({ rows }: TradeOffMeasurement): string | null {
  const find = (mode: TradeOffRow['mode']): TradeOffRow['p99Ms'] =>
    rows.find((row) => row.mode === mode)?.p99Ms ?? null;
  const one = find('acks=1');
  const all = find('acks=all');
  const idempotent = find('acks=all idempotent');
  if (one === null || all === null) return null;
  const cost = overlap(one, all)
    ? 'acks=all and acks=1 cannot be told apart in this run'
    : `acks=all costs ${formatDurationMs(all.median - one.median)} of publish p99 against acks=1`;
  if (idempotent === null) return cost;
  return overlap(all, idempotent)
    ? `${cost}; idempotence costs nothing that this run could see`
    : `${cost}; idempotence changes it by ${formatDurationMs(idempotent.median - all.median)}`;
}

function overlap(a: { low: number; high: number }, b: { low: number; high: number }): boolean {
  return a.low <= b.high && b.low <= a.high;
}

/** found / predicted - 1; null when nothing was found. */
export function storageDeviation({ measurement }: Run): number | null {
  const retention = measurement.retention;
  if (retention === null || retention.foundBytes === null || retention.predictedBytes <= 0) return null;
  return retention.foundBytes / retention.predictedBytes - 1;
}

/** `local: 3 brokers, Kafka 4.3.1, KRaft, 2 cores`. */
export function clusterText({ environment }: Run): string {
  const { brokers, versions, host, target } = environment;
  const kafka = versions.kafka === undefined ? [] : [`Kafka ${versions.kafka}`];
  return `${target}: ${[`${brokers.length} brokers`, ...kafka, ...(target === 'local' ? ['KRaft'] : []), `${host.cpus} cores`].join(', ')}`;
}
