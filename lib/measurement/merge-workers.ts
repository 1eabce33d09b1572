/**
 * One phase of several workers as if one process had run it. Ids of different workers are disjoint and each worker reads back
 * its own, so counts add up, histograms merge sample by sample, and nothing is averaged.
 */
import { mergeLatencies } from './latency.ts';
import type {
  GeneratorHealth,
  GroupIntegrity,
  GroupMeasurement,
  SeriesPoint,
  TopicIntegrity,
  TopicMeasurement,
} from './types.ts';

/** Topics and groups in the order of the first worker. Throws RangeError for no worker. */
export function mergeTopics(workers: readonly (readonly TopicMeasurement[])[]): readonly TopicMeasurement[] {
  return byName(workers, ({ topic }) => topic).map((parts) => ({
    topic: parts[0].topic,
    offeredPerSec: sum(parts, ({ offeredPerSec }) => offeredPerSec),
    scheduled: sum(parts, ({ scheduled }) => scheduled),
    acknowledged: sum(parts, ({ acknowledged }) => acknowledged),
    failed: sum(parts, ({ failed }) => failed),
    unsent: sum(parts, ({ unsent }) => unsent),
    achievedPerSec: sum(parts, ({ achievedPerSec }) => achievedPerSec),
    publish: mergeLatencies(parts.map(({ publish }) => publish)),
    service: mergeLatencies(parts.map(({ service }) => service)),
    slip: mergeLatencies(parts.map(({ slip }) => slip)),
    recordsPerBatch: recordsPerBatch(parts),
    groups: mergeGroups(parts.map(({ groups }) => groups)),
  }));
}

function mergeGroups(workers: readonly (readonly GroupMeasurement[])[]): readonly GroupMeasurement[] {
  return byName(workers, ({ group }) => group).map((parts) => ({
    group: parts[0].group,
    members: sum(parts, ({ members }) => members),
    received: sum(parts, ({ received }) => received),
    endToEnd: mergeLatencies(parts.map(({ endToEnd }) => endToEnd)),
    // Their highest lags may lie at different moments: the sum is no less than the highest of all together.
    maxLag: unlessNull(
      parts,
      ({ maxLag }) => maxLag,
      (lags) => lags.reduce((total, lag) => total + lag, 0),
    ),
    drainedMs: unlessNull(
      parts,
      ({ drainedMs }) => drainedMs,
      (times) => Math.max(...times),
    ),
  }));
}

export function mergeIntegrity(workers: readonly (readonly TopicIntegrity[])[]): readonly TopicIntegrity[] {
  return byName(workers, ({ topic }) => topic).map((parts) => ({
    topic: parts[0].topic,
    guarantee: parts[0].guarantee,
    acknowledged: sum(parts, ({ acknowledged }) => acknowledged),
    unknown: sum(parts, ({ unknown }) => unknown),
    groups: byName(
      parts.map(({ groups }) => groups),
      ({ group }) => group,
    ).map(mergeGroupIntegrity),
    ...(parts[0].orderUnknown === undefined ? {} : { orderUnknown: parts[0].orderUnknown }),
    missingAckEntries: sum(parts, ({ missingAckEntries }) => missingAckEntries),
    offsetCollisions: sum(parts, ({ offsetCollisions }) => offsetCollisions),
    examples: parts.flatMap(({ examples }, worker) => (examples ?? []).map((text) => `worker ${worker}: ${text}`)),
  }));
}

function mergeGroupIntegrity(parts: Parts<GroupIntegrity>): GroupIntegrity {
  return {
    group: parts[0].group,
    received: sum(parts, ({ received }) => received),
    lost: sum(parts, ({ lost }) => lost),
    unseen: sum(parts, ({ unseen }) => unseen),
    duplicates: sum(parts, ({ duplicates }) => duplicates),
    redelivered: sum(parts, ({ redelivered }) => redelivered),
    orderInversions: sum(parts, ({ orderInversions }) => orderInversions),
    examples: parts.flatMap(({ examples }, worker) => examples.map((text) => `worker ${worker}: ${text}`)),
  };
}

/** CPU adds up; of what says that a harness was late, the worst counts. */
export function mergeHealth(workers: readonly GeneratorHealth[], acknowledged: readonly number[]): GeneratorHealth {
  const [first] = workers;
  if (first === undefined) throw new RangeError('no worker');
  const records = acknowledged.reduce((total, count) => total + count, 0);
  const micros = workers.reduce(
    (total, worker, at) => total + (worker.cpuMicrosPerRecord ?? 0) * (acknowledged[at] ?? 0),
    0,
  );
  const reasons = workers.flatMap(({ reason }, worker) => (reason === null ? [] : [`worker ${worker}: ${reason}`]));
  const slips = workers.map(({ slipP99Ms }) => slipP99Ms).filter((slip) => slip !== null);
  return {
    driver: first.driver,
    driverVersion: first.driverVersion,
    cpuCores: workers.reduce((total, { cpuCores }) => total + cpuCores, 0),
    cpuMicrosPerRecord: records === 0 ? null : micros / records,
    eventLoopDelayP99Ms: Math.max(...workers.map(({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms)),
    slipP99Ms: slips.length === 0 ? null : Math.max(...slips),
    unsent: workers.reduce((total, { unsent }) => total + unsent, 0),
    wasTheLimit: workers.some(({ wasTheLimit }) => wasTheLimit),
    reason: reasons.length === 0 ? null : reasons.join('; '),
  };
}

/** Second by second; a percentile of one second is the worst worker's, as a series keeps no histograms. */
export function mergeSeries(workers: readonly (readonly SeriesPoint[])[]): readonly SeriesPoint[] {
  const seconds = Math.max(0, ...workers.map(({ length }) => length));
  return Array.from({ length: seconds }, (_, second) => {
    const points = workers.flatMap((series) => series[second] ?? []);
    const worst = (of: (point: SeriesPoint) => number | null): number | null => {
      const values = points.map(of).filter((value) => value !== null);
      return values.length === 0 ? null : Math.max(...values);
    };
    return {
      second,
      offered: sum(points, ({ offered }) => offered),
      acknowledged: sum(points, ({ acknowledged }) => acknowledged),
      received: sum(points, ({ received }) => received),
      publishP50Ms: worst(({ publishP50Ms }) => publishP50Ms),
      publishP99Ms: worst(({ publishP99Ms }) => publishP99Ms),
      endToEndP50Ms: worst(({ endToEndP50Ms }) => endToEndP50Ms),
      endToEndP99Ms: worst(({ endToEndP99Ms }) => endToEndP99Ms),
      slipP99Ms: worst(({ slipP99Ms }) => slipP99Ms),
      lag: sum(points, ({ lag }) => lag),
    };
  });
}

type Parts<T> = readonly [T, ...T[]];

/** What the workers say of the same thing, by its name. */
function byName<T>(workers: readonly (readonly T[])[], nameOf: (part: T) => string): readonly Parts<T>[] {
  const parts = new Map<string, [T, ...T[]]>();
  for (const part of workers.flat()) {
    const known = parts.get(nameOf(part));
    if (known === undefined) parts.set(nameOf(part), [part]);
    else known.push(part);
  }
  return [...parts.values()];
}

function sum<T>(parts: readonly T[], of: (part: T) => number): number {
  return parts.reduce((total, part) => total + of(part), 0);
}

function unlessNull<T>(
  parts: readonly T[],
  of: (part: T) => number | null,
  merge: (values: readonly number[]) => number,
): number | null {
  const values = parts.map(of).filter((value) => value !== null);
  return values.length < parts.length ? null : merge(values);
}

/** Weighted by records; null where a worker sent none. */
function recordsPerBatch(parts: readonly TopicMeasurement[]): number | null {
  const batches = unlessNull(
    parts,
    ({ recordsPerBatch: each, scheduled, unsent }) =>
      each === null || each === 0 ? null : (scheduled - unsent) / each,
    (counts) => counts.reduce((total, count) => total + count, 0),
  );
  const sent = sum(parts, ({ scheduled, unsent }) => scheduled - unsent);
  return batches === null || batches === 0 ? null : sent / batches;
}
