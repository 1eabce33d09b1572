/** What of a topic's logs deserves a word: the low-rate trap, and more keys than the log cleaner holds at once. */
import type { Target, TopicRequirement, Warning } from '../../requirements/types.ts';
import { formatBytes, formatCount, formatDurationMs } from '../../units.ts';
import { targetRules } from '../targets.ts';
import type { TopicPlan } from '../types.ts';
import { cleanerKeysAPass, logDefaults } from './log-defaults.ts';

/** Default segments that hold records for so many times what is asked for are a trap, not a rounding. */
const trapRatio = 5;

/** `path`: of the topic in the use case, such as `topics[0]`. */
export function diskWarnings(
  topic: TopicRequirement,
  plan: TopicPlan,
  { target, path }: { readonly target: Target; readonly path: string },
): readonly Warning[] {
  return [...lowRateTrap(topic, plan, target, path), ...cleanerPasses(topic, plan, path)];
}

/** A segment that a slow topic does not fill stays open for `segment.ms`, and an open segment is never deleted. */
function lowRateTrap(
  { retention }: TopicRequirement,
  plan: TopicPlan,
  target: Target,
  path: string,
): readonly Warning[] {
  const { cleanup, timeMs } = retention;
  if (cleanup !== 'delete' || timeMs === null || plan.load.averagePerSec === 0) return [];
  const partitionBytesPerMs = (plan.load.averagePerSec * plan.disk.bytesPerRecord) / plan.partitions / 1000;
  const spanMs = Math.min(logDefaults.segmentMs, logDefaults.segmentBytes / partitionBytesPerMs);
  if (timeMs + spanMs < trapRatio * timeMs) return [];
  const kept = `records stay for up to ${formatDurationMs(timeMs + spanMs)} instead of ${formatDurationMs(timeMs)}, ${formatBytes(plan.disk.defaultSegmentsBytes)} on disk`;
  return [
    {
      code: 'LOW_RATE_SEGMENTS',
      path: `${path}.retention.time`,
      message: targetRules[target].segmentSettings
        ? `with Kafka's default segments ${kept}: the plan sets segment.ms=${plan.config['segment.ms']}, which leaves ${formatBytes(plan.onDiskBytes)}`
        : `${target} does not let segment.ms be set: a segment that fills this slowly keeps its records, so ${kept}`,
      remedy: targetRules[target].segmentSettings
        ? 'create the topic with the settings of the plan; a topic made by hand falls into the trap'
        : 'do not rely on records being gone in time, or use another target',
    },
  ];
}

function cleanerPasses({ retention }: TopicRequirement, { partitions }: TopicPlan, path: string): readonly Warning[] {
  const keys = (retention.cleanup === 'compact' ? (retention.keys ?? 0) : 0) / partitions;
  if (keys <= cleanerKeysAPass) return [];
  return [
    {
      code: 'COMPACTION_IN_PASSES',
      path: `${path}.retention.keys`,
      message: `${formatCount(Math.ceil(keys))} keys a partition: the log cleaner's buffer of 128 MiB holds ${formatCount(cleanerKeysAPass)} at 24 B each, so a cleaning takes ${Math.ceil(keys / cleanerKeysAPass)} passes and more stays uncleaned than planned`,
      remedy: 'use more partitions from the start, or raise log.cleaner.dedupe.buffer.size where brokers let you',
    },
  ];
}
