/** What of the clients deserves a word: consumers that stay idle or fall behind or come too late, a ratio that batches cannot reach. */
import type { Slo, TopicRequirement, Warning } from '../../requirements/types.ts';
import { counted, formatCount, formatDurationMs, formatRate } from '../../units.ts';
import type { GroupPlan, TopicPlan } from '../types.ts';
import { lagPerSec, msUntilLag } from './lag.ts';

/** A codec finds little to shorten in fewer records. */
const fewRecordsPerBatch = 2;

/** `path`: of the topic in the use case, such as `topics[0]`. */
export function clientWarnings(
  topic: TopicRequirement,
  plan: TopicPlan,
  { slo, path }: { readonly slo: Slo; readonly path: string },
): readonly Warning[] {
  return [
    ...plan.groups.flatMap((group, index) =>
      threadWarnings(group, plan, { slo, topic, path: `${path}.consumers[${index}].threads` }),
    ),
    ...outageWarnings(topic, path),
    ...ratioWarnings(topic, plan, path),
  ];
}

/** Who comes back reads faster than is written, so the oldest record that he has yet to read is never older than then. */
function outageWarnings({ consumers, retention }: TopicRequirement, path: string): readonly Warning[] {
  const { timeMs, cleanup } = retention;
  if (cleanup !== 'delete' || timeMs === null) return [];
  return consumers.flatMap(({ service, catchUp }, index) =>
    catchUp === null || catchUp.outageMs <= timeMs
      ? []
      : [
          {
            code: 'OUTAGE_BEYOND_RETENTION',
            path: `${path}.consumers[${index}].catchUp.outage`,
            message: `after an outage of ${formatDurationMs(catchUp.outageMs)} ${service} finds the records of ${formatDurationMs(timeMs)} only: what is older is deleted before it was read`,
            remedy: `keep records for at least ${formatDurationMs(catchUp.outageMs)}, or ask for less`,
          },
        ],
  );
}

interface Context {
  readonly topic: TopicRequirement;
  readonly slo: Slo;
  readonly path: string;
}

function threadWarnings(group: GroupPlan, plan: TopicPlan, context: Context): readonly Warning[] {
  const { partitions } = plan;
  const { path } = context;
  const { service, threads, evenThreads, statedThreads, ratePerThread } = group;
  if (statedThreads === null) return [];
  if (statedThreads > partitions)
    return [
      {
        code: 'IDLE_CONSUMERS',
        path,
        message: `${counted(statedThreads, 'thread')} of ${service} for ${counted(partitions, 'partition')}: ${statedThreads - partitions} stay idle, as a partition is read by one consumer of a group`,
        remedy: `run ${counted(evenThreads, 'thread')}; more help only with more partitions, which move keys`,
      },
    ];
  if (statedThreads >= evenThreads) return [];
  const expiry = expiryText({ ...group, statedThreads }, plan, context);
  return [
    {
      code: expiry === null ? 'CONSUMERS_TOO_FEW' : 'RECORDS_EXPIRE_UNREAD',
      path,
      message:
        statedThreads < threads
          ? `${counted(statedThreads, 'thread')} of ${service} ${statedThreads === 1 ? 'handles' : 'handle'} ${formatRate(statedThreads * ratePerThread)}, the peak or the catch-up asked for needs ${threads}: ${expiry ?? lagText({ ...group, statedThreads }, plan, context)}`
          : `${counted(statedThreads, 'thread')} of ${service} share ${partitions} partitions unevenly: some get ${Math.ceil(partitions / statedThreads)} partitions, more than a thread handles`,
      remedy: `run ${counted(evenThreads, 'thread')}`,
    },
  ];
}

type Stated = GroupPlan & { readonly statedThreads: number };

/** Null: at the average rate the group keeps up, or nothing is deleted by age. */
function expiryText(
  { statedThreads, ratePerThread }: Stated,
  { load, partitions }: TopicPlan,
  { topic }: Context,
): string | null {
  const { timeMs, cleanup } = topic.retention;
  if (cleanup !== 'delete' || timeMs === null) return null;
  const growth = lagPerSec(load.averagePerSec, { threads: statedThreads, partitions, ratePerThread });
  const untilMs = msUntilLag((load.averagePerSec * timeMs) / 1000, growth);
  return untilMs === null
    ? null
    : `at the average rate, too, the lag grows by ${formatRate(growth)}, and after ${formatDurationMs(untilMs)} records are deleted before they are read`;
}

function lagText({ statedThreads, ratePerThread }: Stated, { load, partitions }: TopicPlan, { slo }: Context): string {
  const growth = lagPerSec(load.peakPerSec, { threads: statedThreads, partitions, ratePerThread });
  if (growth <= 0) return 'it does not catch up in the time asked for';
  const untilMs = slo.lagMaxRecords === null ? null : msUntilLag(slo.lagMaxRecords, growth);
  return `at peak the lag grows by ${formatRate(growth)}${untilMs === null ? '' : ` and is beyond the ${formatCount(slo.lagMaxRecords ?? 0)} asked for after ${formatDurationMs(untilMs)}`}`;
}

function ratioWarnings({ message }: TopicRequirement, { load, disk }: TopicPlan, path: string): readonly Warning[] {
  if (message.compression === 'none' || load.compressionRatio === 1 || disk.recordsPerBatch >= fewRecordsPerBatch)
    return [];
  return [
    {
      code: 'RATIO_WITHOUT_BATCHES',
      path: `${path}.message.ratio`,
      message: `a ratio of ${load.compressionRatio} is counted on, but at the average rate batches hold ${disk.recordsPerBatch.toFixed(2)} records: ${message.compression} then finds little to shorten`,
      remedy:
        'measure the ratio with batches of that size, or batch more records together (longer linger, fewer producers)',
    },
  ];
}
