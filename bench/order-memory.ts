/** What judging the order of records takes of this process's memory: told where it is more than promised, refused where it is absurd. */
import { orderPlaces } from '../lib/measurement/group-ledger.ts';
import type { Plan, TopicPlan } from '../lib/plan/types.ts';
import { formatBytes, formatCount } from '../lib/units.ts';
import { drivenPlan } from './load/driven-plan.ts';
import { distinctKeys } from './load/payload.ts';
import type { LoadShape } from './load/shape.ts';
import type { ProofFault } from './preflight.ts';
import { readingGroups } from './prove/reading-groups.ts';
import { shareOf } from './workers/share.ts';

/** With this the process stays within the 300 MB promised: without it, it was seen at 281 MB behind a stall (docs/measuring.md). */
const promisedBytes = 16e6;
/** Three brokers on the same small machine need the rest. */
const mostBytes = 1e9;

/** What of a run decides how much of the order one process judges. */
export interface OrderedLoad {
  readonly shape?: LoadShape | undefined;
  readonly workers?: { readonly count: number } | undefined;
}

/** All topics together; the fault is told of the one that takes most. */
export function orderMemoryFaults(plan: Plan, load: OrderedLoad): readonly ProofFault[] {
  const { bytes, topic, words, fewer } = needOf(plan, load);
  if (bytes <= mostBytes || topic === null) return [];
  return [
    {
      topic,
      message: `${words}, at most ${formatBytes(mostBytes)} are allowed: one process would hold it beside the load`,
      remedy: `prove the use case with ${fewer(mostBytes)}; neither changes a rate`,
    },
  ];
}

export function orderMemoryNotes(plan: Plan, load: OrderedLoad): readonly string[] {
  const { bytes, topic, words, fewer } = needOf(plan, load);
  if (bytes <= promisedBytes || topic === null) return [];
  return [
    `${topic}: ${words}, more than the ${formatBytes(promisedBytes)} with which the load generator stays within 300 MB; it does with ${fewer(promisedBytes)}`,
  ];
}

function needOf({ topics }: Plan, load: OrderedLoad) {
  const needs = topics.map((topic) => ({ topic: topic.name, ...placesOf(topic, load) }));
  const bytes = needs.reduce((sum, need) => sum + need.bytes, 0);
  const most = needs.toSorted((a, b) => b.bytes - a.bytes)[0];
  const whole = bytes > (most?.bytes ?? 0) ? `, ${formatBytes(bytes)} with the other topics` : '';
  return {
    bytes,
    topic: most?.topic ?? null,
    words: `the order of ${most?.words} is judged in ${formatBytes(most?.bytes ?? 0)} of memory${whole}`,
    fewer: (allowedBytes: number): string => {
      const share = formatCount(Math.floor(((most?.places ?? 0) * allowedBytes) / bytes));
      return `${share} ${most?.kind} or less${whole === '' ? '' : ', and as much less of the other topics'}, or with fewer producers`;
    },
  };
}

function placesOf(topic: TopicPlan, { shape, workers }: OrderedLoad) {
  const { load, partitions } = drivenPlan(topic);
  const keys = distinctKeys(load, shape);
  // Of the first worker, who has no fewer than the others.
  const producers = shareOf(load.producers, 0, workers?.count ?? 1);
  const groups = readingGroups(topic).length;
  const [kind, places] = keys === null ? ['partitions', partitions] : ['keys', keys];
  return {
    kind,
    places,
    words: `${formatCount(places)} ${kind} x ${producers} producers x ${groups} consumer group${groups === 1 ? '' : 's'}`,
    bytes: orderPlaces({ keys, partitions, producers }) * groups * Uint32Array.BYTES_PER_ELEMENT,
  };
}
