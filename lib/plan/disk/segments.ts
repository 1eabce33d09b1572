/** Segment settings of a topic: they bound what the open segment, which can be neither deleted nor cleaned, adds. */
import type { Target } from '../../requirements/types.ts';
import { formatBytes, formatDurationMs } from '../../units.ts';
import { targetRules } from '../targets.ts';
import type { Why } from '../types.ts';
import { logDefaults } from './log-defaults.ts';

/** The open segment may hold a tenth of what is kept. Smaller shares would cost more files than they save bytes. */
export const segmentsPerLog = 10;
/** No segment is planned shorter: each is several files, and expired ones are looked for every five minutes. */
export const shortestSegmentMs = 600_000;
const mebibyte = 1_048_576;

export interface Segments {
  /** By Kafka's own names; empty where Kafka's defaults are short enough or the target allows no other. */
  readonly config: Readonly<Partial<Record<'segment.ms' | 'segment.bytes', number>>>;
  readonly why: readonly Why[];
}

/** For `cleanup.policy=delete`: by time, so that a slow topic lets go of its records when they expire. */
export function planDeletedSegments(
  { retentionMs, partitionBytesPerMs }: { readonly retentionMs: number; readonly partitionBytesPerMs: number },
  target: Target,
): Segments {
  const defaultSpanMs = Math.min(logDefaults.segmentMs, logDefaults.segmentBytes / partitionBytesPerMs);
  const segmentMs = Math.max(shortestSegmentMs, Math.ceil(retentionMs / segmentsPerLog));
  if (!targetRules[target].segmentSettings || segmentMs >= defaultSpanMs) return unchanged;
  const why: Why = {
    figure: 'config.segment.ms',
    value: segmentMs,
    unit: 'ms',
    formula: `max(${formatDurationMs(shortestSegmentMs)}, retention / ${segmentsPerLog}), where Kafka's defaults would span more: records then live at most that much longer than asked for`,
    inputs: { retentionMs, defaultSpanMs: Math.round(defaultSpanMs) },
    source: 'only closed segments are deleted, so a topic holds up to one segment beyond its retention',
  };
  return { config: { 'segment.ms': segmentMs }, why: [why] };
}

/** For `cleanup.policy=compact`: by size, so that what is not cleaned stays small beside what lives. */
export function planCompactedSegments(livePartitionBytes: number, target: Target): Segments {
  const wantedBytes = Math.ceil(livePartitionBytes / segmentsPerLog / mebibyte) * mebibyte;
  const segmentBytes = Math.max(logDefaults.leastSegmentBytes, wantedBytes);
  if (!targetRules[target].segmentSettings || segmentBytes >= logDefaults.segmentBytes) return unchanged;
  const why: Why = {
    figure: 'config.segment.bytes',
    value: segmentBytes,
    unit: 'bytes',
    formula: `live bytes of a partition / ${segmentsPerLog} in whole MiB, where Kafka's default of ${formatBytes(logDefaults.segmentBytes)} is more`,
    inputs: { livePartitionBytes: Math.ceil(livePartitionBytes) },
    source: 'the open segment is never cleaned; Kafka 4 refuses segments below 1 MiB',
  };
  return { config: { 'segment.bytes': segmentBytes }, why: [why] };
}

const unchanged: Segments = { config: {}, why: [] };
