import { KafkaClient } from '@aws-sdk/client-kafka';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clusterRows, requireAsPlanned } from '../../../bench/aws/compare-plan.ts';
import { readMskCluster, regionOfClusterArn } from '../../../bench/aws/msk-cluster.ts';
import { requireBrokersOf } from '../../../bench/target/identity.ts';
import { planUseCase } from '../../../lib/plan/plan.ts';
import type { Plan } from '../../../lib/plan/types.ts';
import { clusterArn, type MskAnswers, type MskApi, startMskApi, usualAnswers } from '../../doubles/msk-api.ts';
import { topicOf, useCaseOf } from '../../plan/use-cases.ts';

let api: MskApi;
let client: KafkaClient;
beforeAll(async () => {
  api = await startMskApi();
  client = new KafkaClient({
    region: 'us-east-1',
    endpoint: api.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await api.close();
});
beforeEach(() => {
  api.answers = usualAnswers;
});

const planned = planUseCase(useCaseOf([topicOf()], { target: 'msk', brokers: 3, zones: 3 }));
/** A plan that the usual answers fulfil, whatever the model chooses today. */
const plan: Plan = {
  ...planned,
  cluster: { ...planned.cluster, instanceType: 'kafka.m7g.large' },
  storage: { ...planned.storage, provisionedBytesPerBroker: 90e9, provisionedThroughputMiBps: 0 },
};

async function read(answers: Partial<MskAnswers> = {}) {
  api.answers = { ...usualAnswers, ...answers };
  return await readMskCluster(client, clusterArn);
}

describe('an MSK cluster by its ARN', () => {
  it('is read: what it is made of, how it is set, who its brokers are, where they listen', async () => {
    const { provisioned, brokerIds, listeners, notes } = await read();
    expect(provisioned).toMatchObject({
      arn: clusterArn,
      target: 'msk',
      brokers: 3,
      zones: 3,
      instanceType: 'kafka.m7g.large',
      volumeBytes: 100 * 2 ** 30,
      throughputMiBps: 0,
      kafkaVersion: '4.1.x.kraft',
      settings: { 'unclean.leader.election.enable': 'false' },
    });
    expect(brokerIds).toEqual([1, 2, 3]);
    expect(listeners).toEqual([{ kind: 'iam', bootstrap: ['b-1.example:9098', 'b-2.example:9098'] }]);
    expect(notes).toEqual([]);
  });

  it('is as planned, and says so setting by setting', async () => {
    const { provisioned } = await read();
    expect(() => requireAsPlanned(plan, provisioned)).not.toThrow();
    const rows = clusterRows(plan, provisioned);
    expect(rows.map(({ setting }) => setting)).toEqual([
      'target',
      'brokers',
      'zones',
      'instanceType',
      'volume of a broker',
      'throughput bought for a volume',
      'unclean.leader.election.enable',
    ]);
    expect(rows.every(({ subject, found }) => subject === 'cluster' && found !== null)).toBe(true);
  });

  it.each<[string, Partial<MskAnswers>, RegExp]>([
    [
      'a smaller type',
      { instanceType: 'kafka.t3.small' },
      /instanceType: planned kafka.m7g.large, found kafka.t3.small/,
    ],
    ['another kind', { instanceType: 'express.m7g.large' }, /target: planned msk, found msk-express/],
    ['fewer brokers', { brokers: 2 }, /brokers: planned 3, found 2/],
    ['smaller volumes', { volumeGiB: 10 }, /volume of a broker: planned at least 90 GB, found 10.74 GB/],
    [
      'a default that loses records',
      { serverProperties: '# none\n' },
      /unclean\S+: planned false, found true \(MSK default\)/,
    ],
  ])('is refused with %s', async (_, answers, text) => {
    const { provisioned } = await read(answers);
    expect(() => requireAsPlanned(plan, provisioned)).toThrow(text);
    expect(() => requireAsPlanned(plan, provisioned)).toThrow(expect.objectContaining({ code: 'CLUSTER_DIFFERS' }));
  });

  it('tells all differences at once', async () => {
    const { provisioned } = await read({ brokers: 6, volumeGiB: 1, instanceType: 'kafka.m5.large' });
    expect(() => requireAsPlanned(plan, provisioned)).toThrow(/brokers.*\n.*instanceType.*\n.*volume of a broker/);
  });

  it('is not refused for what the plan leaves open, nor for volumes that grew', async () => {
    const open = { ...plan, cluster: { ...plan.cluster, target: 'existing' as const, instanceType: null } };
    const { provisioned } = await read({ brokers: 7, volumeGiB: 5_000, instanceType: 'kafka.m5.4xlarge' });
    expect(() => requireAsPlanned(open, provisioned)).not.toThrow();
  });

  it('is told in a note when its configuration may not be read', async () => {
    const { provisioned, notes } = await read({ serverProperties: null });
    expect(provisioned.settings).toBeNull();
    expect(notes).toEqual([expect.stringContaining('configuration could not be read')]);
    expect(() => requireAsPlanned(plan, provisioned)).not.toThrow();
  });

  it('is not loaded while it is being changed', async () => {
    await expect(read({ state: 'UPDATING' })).rejects.toMatchObject({ code: 'RESOURCE_MISSING', exitCode: 69 });
  });

  it('that does not exist is missing, with the remedy', async () => {
    const other = clusterArn.replace('course-events-1', 'course-events-2');
    await expect(readMskCluster(client, other)).rejects.toMatchObject({
      code: 'RESOURCE_MISSING',
      message: expect.stringContaining('NotFoundException'),
      hint: expect.stringContaining('region'),
    });
  });

  it('answers with its own brokers, or is refused', async () => {
    const msk = await read();
    const broker = (id: number) => ({ id, host: 'tunnel.example', port: 9098, rack: null });
    expect(() => requireBrokersOf(msk, [broker(1), broker(3)])).not.toThrow();
    expect(() => requireBrokersOf(msk, [broker(1), broker(4)])).toThrow(
      /the brokers 4 at tunnel.example:9098, AWS lists 1, 2, 3/,
    );
    expect(() => requireBrokersOf({ ...msk, brokerIds: null }, [broker(4)])).not.toThrow();
  });

  it.each(['course-events', 'arn:aws:s3:::bucket', 'arn:aws:kafka:us-east-1:1:cluster/a/b'])('is not %s', (arn) => {
    expect(() => regionOfClusterArn(arn)).toThrow(/expected the ARN of an MSK cluster/);
  });
  it('names its region', () => {
    expect(regionOfClusterArn(clusterArn)).toBe('us-east-1');
  });
});
