/** Which settings are worth choosing: those that no other beats in everything that counts. */
import type { EffectiveSettings } from './effective.ts';

export interface Candidate {
  readonly cell: string;
  readonly promise: SendPromise;
  /** Of the median repeat. */
  readonly p99Ms: number;
  readonly recordsPerSec: number;
}

/** A promise that a combination of settings gives, in the order of its cost. */
export const promises = ['none', 'leader alive', 'replicated', 'replicated, once and in order'] as const;
export type SendPromise = (typeof promises)[number];

/**
 * What is promised of an acknowledged record while at most min.insync.replicas - 1 brokers are lost
 * (https://kafka.apache.org/documentation/#producerconfigs_acks). acks=all on one in-sync replica is no more than acks=1.
 */
export function promiseOf({ producer, minInsyncReplicas }: EffectiveSettings): SendPromise {
  if (producer.acks === '0') return 'none';
  if (producer.acks === '1' || minInsyncReplicas < 2) return 'leader alive';
  return producer['enable.idempotence'] ? 'replicated, once and in order' : 'replicated';
}

/** Candidates that no other beats: lower or equal p99, higher or equal rate and promise, and better in one of them. */
export function paretoSet(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter((candidate) => !candidates.some((other) => beats(other, candidate)));
}

function beats(a: Candidate, b: Candidate): boolean {
  const rank = promises.indexOf(a.promise) - promises.indexOf(b.promise);
  const noWorse = a.p99Ms <= b.p99Ms && a.recordsPerSec >= b.recordsPerSec && rank >= 0;
  return noWorse && (a.p99Ms < b.p99Ms || a.recordsPerSec > b.recordsPerSec || rank > 0);
}
