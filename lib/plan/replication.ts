/** Replicas of a topic and how many of them must confirm a write. */
import type { ClusterRequirement, TopicRequirement } from '../requirements/types.ts';
import { targetRules } from './targets.ts';
import type { Why } from './types.ts';

export interface Replication {
  readonly replicas: number;
  readonly minInsyncReplicas: number;
  readonly why: readonly Why[];
}

export function planReplication(topic: TopicRequirement, cluster: ClusterRequirement): Replication {
  const { fixed, source } = targetRules[cluster.target];
  const stated = topic.replicas ?? 'not stated';
  const replicas = fixed?.replicas ?? topic.replicas ?? (cluster.survive === 'none' ? 1 : 3);
  const minInsyncReplicas = fixed?.minInsyncReplicas ?? neededInsync(topic.guarantee.loss, replicas);
  return {
    replicas,
    minInsyncReplicas,
    why: [
      {
        figure: 'replicationFactor',
        value: replicas,
        unit: 'replicas',
        formula: fixed === null ? 'as stated; left out: 1 when survive is none, else 3' : `fixed by ${cluster.target}`,
        inputs: { stated, survive: cluster.survive },
        source: fixed === null ? 'use case file' : source,
      },
      {
        figure: 'minInsyncReplicas',
        value: minInsyncReplicas,
        unit: 'replicas',
        formula:
          fixed === null
            ? 'loss never: max(1, replicas - 1) from 3 replicas on, both of 2; otherwise 1'
            : `fixed by ${cluster.target}`,
        inputs: { loss: topic.guarantee.loss, replicas },
        source: fixed === null ? 'Apache Kafka documentation, min.insync.replicas' : source,
      },
    ],
  };
}

function neededInsync(loss: TopicRequirement['guarantee']['loss'], replicas: number): number {
  if (loss !== 'never') return 1;
  return replicas === 2 ? 2 : Math.max(1, replicas - 1);
}
