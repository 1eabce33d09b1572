/**
 * Values of a topic that follow from several keys, for the rules and for the finished requirements alike.
 * They take what may still be incomplete, see `lenient.ts`.
 */
import { divide, multiply, type Rational, rational } from '../rational.ts';
import type { Rate } from '../units.ts';
import type { Lenient } from './lenient.ts';
import { eventTypeOf, eventTypeOfName, ruleName } from './naming.ts';
import type { TopicEntry } from './topic-schema.ts';

export type LenientTopic = Lenient<TopicEntry>;

/** The topic's name by the rule, otherwise as given; undefined when it has none yet. */
export function topicNameOf(topic: LenientTopic): string | undefined {
  const { service, action, entity } = topic;
  if (service === undefined || action === undefined) return topic.name;
  return ruleName({ service, entity: entity ?? null, action });
}

export function eventTypeOfTopic(topic: LenientTopic): string {
  const { service, action, entity } = topic;
  if (service === undefined || action === undefined) return eventTypeOfName(topic.name ?? '');
  return eventTypeOf({ service, entity: entity ?? null, action });
}

/** The default of `message.envelope`: without an envelope a private field would have no place to be looked for. */
export function hasEnvelope(message: NonNullable<LenientTopic['message']>): boolean {
  return message.envelope ?? (message.private ?? []).length > 0;
}

/** A rate in bytes is made records of by the message size. */
export function recordsPerSec(rate: Rate, messageSizeBytes: number): Rational {
  return rate.kind === 'records' ? rate.perSec : divide(rate.bytesPerSec, rational(messageSizeBytes));
}

/** The users' formula for retained storage, before rounding up: rate x size x time x replicas. */
export function retainedBytesOf(perSec: Rational, sizeBytes: number, timeMs: number, replicas: number): Rational {
  return multiply(perSec, rational(sizeBytes), rational(timeMs, 1000), rational(replicas));
}
