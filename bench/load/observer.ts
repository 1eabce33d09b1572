/**
 * Who watches a load while it runs, beside those that measure it. Called for every record: it must be quick and never throw.
 * Topics and groups have their names on the cluster.
 */
import type { TopicIntegrity } from '../../lib/measurement/types.ts';
import type { DriverTarget } from '../drivers/driver.ts';

export interface ObservedTopic {
  readonly topic: string;
  readonly groups: readonly string[];
}

export interface LoadObserver {
  /** A session has connected. */
  opened(target: DriverTarget, topics: readonly ObservedTopic[]): void;
  closed(): void;
  /** Another part of a phase begins, such as `peak measuring`. */
  phase(name: string): void;
  targetRate(topic: string, recordsPerSec: number): void;
  sent(topic: string, slipMs: number): void;
  acknowledged(topic: string, publishMs: number): void;
  /** Given up, after this time. */
  failed(topic: string, afterMs: number): void;
  /** Read for the first time. */
  received(topic: string, group: string, endToEndMs: number): void;
  /** After each phase, over all phases of the session so far. */
  integrity(topics: readonly TopicIntegrity[]): void;
}
