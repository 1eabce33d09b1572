import { expect, it } from 'vitest';
import type { MskCluster } from '../../../bench/aws/msk-cluster.ts';
import { networkShare, statedNetwork } from '../../../bench/limit/network.ts';
import { groupOf, topicOf } from '../../measurement/limit/probes.ts';
import { examplePlan, exampleTopic } from '../example-plan.ts';

const cluster = (instanceType: string | null) =>
  ({
    provisioned: { brokers: 3, instanceType },
    brokerIds: [1, 2, 3],
    listeners: [],
    notes: [],
  }) as unknown as MskCluster;

it('is stated by the type of instance that AWS says the brokers are, in bytes', () => {
  expect(statedNetwork(cluster('kafka.m7g.large'))).toEqual({ brokers: 3, bytesPerSec: 117_125_000 });
  for (const type of ['kafka.t3.small', 'express.m7g.large', null]) expect(statedNetwork(cluster(type))).toBeNull();
  expect(statedNetwork(null)).toBeNull();
});

it('counts a record for each replica and each group, over the brokers, of the direction that carries more', () => {
  const { name, load } = exampleTopic();
  const plan = {
    ...examplePlan(),
    topics: [{ ...exampleTopic(), replicationFactor: 3, load: { ...load, messageSizeBytes: 200 } }],
  };
  const share = (groups: number) =>
    networkShare({ brokers: 3, bytesPerSec: 1_000_000 }, plan, {
      measuredMs: 3_000,
      topics: [
        topicOf({ topic: name, achievedPerSec: 1_000, groups: Array.from({ length: groups }, () => groupOf()) }),
      ],
    });
  // In: 1,000/s x 3 replicas x 200 B = 600 KB/s. Out: to 2 followers and as many groups, each of which reads 1,000/s.
  expect(share(0)).toBeCloseTo(0.2, 9);
  expect(share(1)).toBeCloseTo(0.2, 9);
  expect(share(4)).toBeCloseTo(0.4, 9);
});
