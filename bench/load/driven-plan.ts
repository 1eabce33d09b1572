/** The plan of a topic as one harness process drives it. */
import type { TopicPlan } from '../../lib/plan/types.ts';

/** Producer clients one process opens for a topic; more connections would measure the harness, not the cluster. */
export const maxProducersPerTopic = 64;

/**
 * The topic with no more producers than are opened. The rate is the topic's, not the producer's, so it stays; each client
 * sends more of it, which fills batches faster.
 */
export function drivenPlan(topic: TopicPlan): TopicPlan {
  if (topic.load.producers <= maxProducersPerTopic) return topic;
  return { ...topic, load: { ...topic.load, producers: maxProducersPerTopic } };
}
