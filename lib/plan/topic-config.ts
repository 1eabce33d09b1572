/** Topic settings by Kafka's own names; only those that must differ from, or be pinned against, a cluster's defaults. */
import type { Target, TopicRequirement } from '../requirements/types.ts';
import { neededMessageBytes } from './clients/message-bytes.ts';
import { targetRules } from './targets.ts';
import type { TopicLoad, TopicPlan, Why } from './types.ts';

interface Context {
  readonly target: Target;
  readonly load: TopicLoad;
  readonly minInsyncReplicas: number;
  /** Segment settings that bound what the open segment adds. */
  readonly segments: TopicPlan['config'];
}

export function planTopicConfig(
  topic: TopicRequirement,
  { target, load, minInsyncReplicas, segments }: Context,
): { config: TopicPlan['config']; why: readonly Why[] } {
  const { cleanup, timeMs } = topic.retention;
  const maxMessageBytes = neededMessageBytes(load);
  const config: Record<string, string | number | boolean> = {
    'cleanup.policy': cleanup,
    ...(cleanup === 'delete' && timeMs !== null ? { 'retention.ms': timeMs } : {}),
    ...segments,
    ...(maxMessageBytes === null ? {} : { 'max.message.bytes': maxMessageBytes }),
    // Targets with fixed replication refuse these two, and keep them at the same values by themselves.
    ...(targetRules[target].fixed === null
      ? { 'min.insync.replicas': minInsyncReplicas, 'unclean.leader.election.enable': false }
      : {}),
  };
  const why: Why[] = [
    {
      figure: 'config.cleanup.policy',
      value: cleanup,
      unit: '',
      formula: 'as stated; left out: delete',
      inputs: {},
      source: 'use case file',
    },
  ];
  if (config['unclean.leader.election.enable'] === false)
    why.push({
      figure: 'config.unclean.leader.election.enable',
      value: 'false',
      unit: '',
      formula: 'always pinned: a replica that lags behind would drop acknowledged records when it becomes leader',
      inputs: {},
      source: 'Apache Kafka documentation, unclean.leader.election.enable; MSK sets it to true by default',
    });
  return { config, why };
}
