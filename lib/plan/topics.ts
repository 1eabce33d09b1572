/** One topic of the plan, put together from its parts. */
import { channelNames } from '../requirements/naming.ts';
import type { Requirements, TopicRequirement } from '../requirements/types.ts';
import { planConsumer } from './clients/consumer.ts';
import { planProducer } from './clients/producer.ts';
import { planTopicDisk } from './disk/topic-disk.ts';
import { planLoad } from './load.ts';
import { planPartitions } from './partitions.ts';
import { planReplication } from './replication.ts';
import { retainedBytes } from './storage.ts';
import { planTopicConfig } from './topic-config.ts';
import type { TopicPlan, Why } from './types.ts';

export function planTopic(topic: TopicRequirement, { cluster, slo }: Requirements): TopicPlan {
  const { partitions, groups, why: partitionsWhy } = planPartitions(topic, cluster.target);
  const { replicas, minInsyncReplicas, why: replicationWhy } = planReplication(topic, cluster);
  const { load, why: loadWhy } = planLoad(topic);
  const { producer, why: producerWhy } = planProducer(topic, { load, slo, partitions });
  const { consumer, why: consumerWhy } = planConsumer(topic, { load, slo, partitions, groups, producer });
  const channels = channelNames(topic.name);
  const retained = retainedBytes(topic, replicas);
  const disk = planTopicDisk(topic, { load, producer, partitions, replicas, target: cluster.target });
  const { config, why: configWhy } = planTopicConfig(topic, {
    target: cluster.target,
    load,
    minInsyncReplicas,
    segments: disk.config,
  });
  return {
    name: topic.name,
    // Every group listens on the binding named after the topic, each in its own service.
    channels: { out: channels.out, in: groups.length === 0 ? [] : [channels.in] },
    groups,
    partitions,
    replicationFactor: replicas,
    minInsyncReplicas,
    config,
    producer,
    consumer,
    retainedBytes: Number(retained.bytes),
    onDiskBytes: disk.onDiskBytes,
    disk: disk.disk,
    why: [
      nameWhy(topic),
      ...partitionsWhy,
      ...replicationWhy,
      retained.why,
      ...disk.why,
      ...configWhy,
      ...producerWhy,
      ...consumerWhy,
      ...loadWhy,
    ],
    load,
    guarantee: topic.guarantee,
    handover: topic.handover,
    reuse: topic.reuse,
    guaranteedMs: topic.retention.guaranteedMs,
  };
}

function nameWhy(topic: TopicRequirement): Why {
  const { service, entity, action } = topic;
  return {
    figure: 'name',
    value: topic.name,
    unit: '',
    formula:
      service === null
        ? 'as given'
        : 'service-EntityAction; the service is left out when it equals the entity, which then starts in lower case',
    inputs: {
      ...(service === null ? {} : { service }),
      ...(entity === null ? {} : { entity }),
      ...(action === null ? {} : { action }),
    },
    source: service === null ? 'use case file' : "users' naming rule",
  };
}
