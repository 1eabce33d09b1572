/** Whether a probe sustained its rate (docs/measuring.md). Missing figures never count as held. */

import { formatCount, formatDurationMs, formatPercent, formatRate } from '../../units.ts';
import type { SeriesPoint, TopicMeasurement } from '../types.ts';
import type { LimitObjectives } from './types.ts';

export interface ProbedLoad {
  readonly measuredMs: number;
  readonly cutShort: boolean;
  readonly topics: readonly TopicMeasurement[];
  readonly series: readonly SeriesPoint[];
}

/**
 * Acknowledgements of the last slots arrive after the window: every record acknowledged in the end, it may close this far
 * behind. Short enough that an overload of 5 % shows within a second.
 */
const edgeMs = 50;
/** Readers fetch in turns, so their lag jumps by a moment's records; growth up to that much is none. */
const lagEdgeMs = 100;
/** Of fewer samples than this the p99 is the highest one. */
export const leastSamples = 100;

/** What was not held, in words; empty: the rate was sustained. */
export function missesOf(load: ProbedLoad, objectives: LimitObjectives): readonly string[] {
  if (load.topics.length === 0 || !(load.measuredMs > 0)) return ['nothing was measured'];
  return [
    ...(load.cutShort ? ['the load fell further and further behind'] : []),
    ...load.topics.flatMap((topic) => [
      ...rateMisses(topic, load.measuredMs, objectives),
      ...errorMisses(topic),
      ...latencyMisses(topic, objectives),
      ...readingMisses(topic, objectives),
    ]),
    ...lagMisses(load),
  ];
}

function rateMisses(topic: TopicMeasurement, measuredMs: number, { achievedRatio }: LimitObjectives): string[] {
  const { achievedPerSec, offeredPerSec, scheduled, acknowledged } = topic;
  if (scheduled === 0 || !Number.isFinite(achievedPerSec)) return [`${topic.topic}: no record was due`];
  if (achievedPerSec >= achievedRatio * offeredPerSec) return [];
  const behindMs = (1 - achievedPerSec / offeredPerSec) * measuredMs;
  if (acknowledged >= scheduled && behindMs <= edgeMs) return [];
  const share = formatPercent(achievedPerSec / offeredPerSec);
  return [`${topic.topic}: ${formatRate(achievedPerSec)} acknowledged of ${formatRate(offeredPerSec)}, ${share}`];
}

function errorMisses({ topic, failed, unsent }: TopicMeasurement): string[] {
  return [
    ...(failed > 0 ? [`${topic}: ${formatCount(failed)} records failed or were not acknowledged in time`] : []),
    ...(unsent > 0 ? [`${topic}: ${formatCount(unsent)} records could not be sent`] : []),
  ];
}

function latencyMisses(topic: TopicMeasurement, { publishP99Ms, endToEndP99Ms }: LimitObjectives): string[] {
  const samples = [
    { what: `${topic.topic}: publish p99`, latency: topic.publish, boundMs: publishP99Ms },
    ...topic.groups.map(({ group, endToEnd }) => ({
      what: `${group}: end to end p99`,
      latency: endToEnd,
      boundMs: endToEndP99Ms,
    })),
  ];
  return samples.flatMap(({ what, latency: { count, p99Ms }, boundMs }) => {
    if (boundMs === null) return [];
    if (count < leastSamples) return [`${what} is not known: ${formatCount(count)} samples`];
    if (p99Ms !== null && p99Ms <= boundMs) return [];
    const found = p99Ms === null ? 'above an hour' : formatDurationMs(p99Ms);
    return [`${what} ${found}, allowed ${formatDurationMs(boundMs)}`];
  });
}

function readingMisses({ groups }: TopicMeasurement, { lagMaxRecords }: LimitObjectives): string[] {
  return groups.flatMap(({ group, maxLag, drainedMs }) => [
    ...(drainedMs === null ? [`${group} had not read everything when the probe ended`] : []),
    ...(lagMaxRecords !== null && !(maxLag !== null && maxLag <= lagMaxRecords)
      ? [`${group}: lag ${maxLag === null ? 'not known' : formatCount(maxLag)}, allowed ${formatCount(lagMaxRecords)}`]
      : []),
  ]);
}

/** Lag that grows by more than 0.5 % of what is offered, and by more than a moment's records. */
function lagMisses({ topics, series, measuredMs }: ProbedLoad): string[] {
  const readsPerSec = topics.reduce((sum, { offeredPerSec, groups }) => sum + offeredPerSec * groups.length, 0);
  if (readsPerSec === 0) return [];
  const grownPerSec = slope(series.map(({ second, lag }) => [second, lag]));
  if (grownPerSec === null) return [];
  const grown = (grownPerSec * measuredMs) / 1000;
  const allowed = readsPerSec * Math.max(0.005 * (measuredMs / 1000), lagEdgeMs / 1000);
  return grown > allowed ? [`lag grew by ${formatCount(Math.round(grownPerSec))} records a second`] : [];
}

/** Of the least-squares line; null of fewer than two points. */
function slope(points: readonly (readonly [x: number, y: number])[]): number | null {
  if (points.length < 2) return null;
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return below === 0 ? null : above / below;
}
