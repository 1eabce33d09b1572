/** The topics of a plan on an MSK cluster, each a resource of its own: partitions can grow in place, replicas cannot change. */
import * as msk from 'aws-cdk-lib/aws-msk';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { mskTieredLimits } from '../plan/facts/msk-limits.ts';
import type { TopicPlan } from '../plan/types.ts';

export interface MskTopicsProps {
  readonly clusterArn: string;
  readonly topics: readonly Pick<TopicPlan, 'name' | 'partitions' | 'replicationFactor' | 'config'>[];
  /** What stays on the brokers' disks of each topic that tiered storage takes; null: no tiered storage. */
  readonly tieredLocalMs: number | null;
}

export class MskTopics extends Construct {
  constructor(scope: Construct, id: string, props: MskTopicsProps) {
    super(scope, id);
    for (const topic of props.topics) {
      // The construct id is the topic's name and never its position: a moved topic must keep its resource.
      const resource = new msk.CfnTopic(this, topic.name, {
        clusterArn: props.clusterArn,
        topicName: topic.name,
        partitionCount: topic.partitions,
        replicationFactor: topic.replicationFactor,
        configs: encodeTopicConfig({ ...topic.config, ...tieredConfig(topic.config, props.tieredLocalMs) }),
      });
      resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}

/** Tiered storage takes topics that delete and that are kept for three days or longer; the others stay on the disks. */
export function tieredConfig(config: TopicPlan['config'], localMs: number | null): TopicPlan['config'] {
  const least = mskTieredLimits.minRetentionMs.value ?? Number.NaN;
  const retentionMs = Number(config['retention.ms']);
  if (localMs === null || config['cleanup.policy'] !== 'delete' || !(retentionMs >= least)) return {};
  return { 'remote.storage.enable': true, 'local.retention.ms': Math.min(localMs, retentionMs) };
}

/** As the topic API of MSK takes settings: a JSON object of strings, in base64. */
export function encodeTopicConfig(config: TopicPlan['config']): string {
  const texts = Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]));
  return Buffer.from(JSON.stringify(texts)).toString('base64');
}
