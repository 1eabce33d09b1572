/** One worker's part of a load: its rate, its producers, and groups of its own that read back what it wrote. */
import { hash32 } from '../../lib/random.ts';
import type { LoadTopic } from '../load/types.ts';

/**
 * Rates are shared equally. Every worker reads whole topics and takes its own ids out of them: sending and reading then have one
 * clock, at the price of as many copies of the stream as there are workers.
 */
export function topicsOfWorker(topics: readonly LoadTopic[], worker: number, workers: number): readonly LoadTopic[] {
  return topics.map((topic) => ({
    ...topic,
    plan: {
      ...topic.plan,
      load: { ...topic.plan.load, producers: shareOf(topic.plan.load.producers, worker, workers) },
    },
    groups: topic.groups.map((group) => ({
      ...group,
      clusterGroup: groupOfWorker(group.clusterGroup, worker),
      members: shareOf(group.members, worker, workers),
    })),
  }));
}

/** Name on the cluster of the group of one worker. */
export function groupOfWorker(clusterGroup: string, worker: number): string {
  return `${clusterGroup}-worker-${worker}`;
}

/** Nearly equal whole parts, and at least one: nobody is idle. */
export function shareOf(count: number, worker: number, workers: number): number {
  return Math.max(1, Math.floor(count / workers) + (worker < count % workers ? 1 : 0));
}

export function seedsOfWorkers(seed: number, workers: number): readonly number[] {
  return Array.from({ length: workers }, (_, worker) => seedOfWorker(seed, worker));
}

/** Different for every worker, so that neither their ids nor their choices are the same. */
export function seedOfWorker(seed: number, worker: number): number {
  return hash32(seed, worker);
}
