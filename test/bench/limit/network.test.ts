import { expect, it } from 'vitest';
import type { MskCluster } from '../../../bench/aws/msk-cluster.ts';
import { networkShare, statedNetwork } from '../../../bench/limit/network.ts';
import { singleBatchBytes } from '../../../lib/plan/clients/message-bytes.ts';
import type { TopicLoad } from '../../../lib/plan/types.ts';
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
  const share = (groups: number, change: Partial<TopicLoad> = {}, recordsPerBatch = 1) =>
    networkShare(
      { brokers: 3, bytesPerSec: 1_000_000 },
      { ...plan, topics: plan.topics.map((topic) => ({ ...topic, load: { ...topic.load, ...change } })) },
      {
        measuredMs: 3_000,
        topics: [
          topicOf({
            topic: name,
            achievedPerSec: 1_000,
            recordsPerBatch,
            groups: Array.from({ length: groups }, () => groupOf()),
          }),
        ],
      },
    );
  // A batch of one record of 200 B takes 270 B. In: 1,000/s x 3 replicas x 270 B. Out: to 2 followers and each group, which reads 1,000/s.
  expect(singleBatchBytes(load)).toBe(270);
  expect(share(0)).toBeCloseTo(0.27, 9);
  expect(share(1)).toBeCloseTo(0.27, 9);
  expect(share(4)).toBeCloseTo(0.54, 9);
  // The header of a batch is shared by its records, and only they are compressed.
  expect(share(1, {}, 10)).toBeCloseTo((270 - 61 + 6.1) / 1_000, 6);
  expect(share(1, { compressionRatio: 0.5 })).toBeCloseTo(((270 - 61) / 2 + 61) / 1_000, 6);
});
