import { describe, expect, it } from 'vitest';
import type { Plan } from '../../lib/plan/types.ts';
import { topicOf } from '../plan/use-cases.ts';
import { clusterOf, planOf } from './synthesise.ts';

const topics = [
  topicOf(),
  topicOf({ name: 'order-PaymentApproved', replicas: 2, consumers: [], guarantee: { loss: 'allowed' } }),
];

function resources(plan: Plan) {
  return Object.entries(clusterOf(plan).findResources('AWS::MSK::Topic')).map(([id, { Properties }]) => ({
    id,
    ...Properties,
  }));
}

describe('the topics of the stack', () => {
  it.each(['msk', 'msk-express'] as const)(
    'follow the plan in name, partitions, replicas and settings on %s',
    (target) => {
      const plan = planOf({ target, brokers: null }, topics);
      expect(
        resources(plan).map(({ TopicName, PartitionCount, ReplicationFactor, Configs }) => [
          TopicName,
          PartitionCount,
          ReplicationFactor,
          JSON.parse(Buffer.from(Configs, 'base64').toString()),
        ]),
      ).toEqual(
        plan.topics.map((topic) => [
          topic.name,
          topic.partitions,
          topic.replicationFactor,
          Object.fromEntries(Object.entries(topic.config).map(([name, value]) => [name, String(value)])),
        ]),
      );
    },
  );

  it('keep their logical ids when others come or move', () => {
    const ids = (plan: Plan) => Object.fromEntries(resources(plan).map(({ TopicName, id }) => [TopicName, id]));
    const both = ids(planOf({}, topics));
    expect(ids(planOf({}, topics.toReversed()))).toEqual(both);
    expect(ids(planOf())).toEqual({ categoryChanged: both.categoryChanged });
  });
});
