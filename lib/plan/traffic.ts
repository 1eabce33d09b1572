/** What a topic puts on the wire, exactly, before any rounding. */
import { multiply, one, type Rational, rational } from '../rational.ts';
import type { MessageRequirement, TopicRequirement } from '../requirements/types.ts';

/** compressed / original as it crosses the wire; 1 without compression, whatever `ratio` says. */
export function wireRatio(message: MessageRequirement): Rational {
  return message.compression === 'none' ? one : message.ratio;
}

/** Bytes per second that producers send at peak: peak x size x ratio, without record overhead. */
export function ingressBytesPerSec(topic: TopicRequirement): Rational {
  return multiply(topic.produce.peakPerSec, rational(topic.message.sizeBytes), wireRatio(topic.message));
}

/** Groups, and one more reader that begins at the beginning when the log is kept for reuse. */
export function readers(topic: TopicRequirement): number {
  return topic.consumers.length + (topic.reuse.length > 0 ? 1 : 0);
}

/** Bytes per second that all readers fetch at peak. */
export function egressBytesPerSec(topic: TopicRequirement): Rational {
  return multiply(ingressBytesPerSec(topic), rational(readers(topic)));
}
