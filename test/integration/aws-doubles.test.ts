/** Our AWS clients against moto: the shapes of the calls are AWS's; what MSK does is not, moto only stores and tells. */
import { CreateClusterV2Command, KafkaClient } from '@aws-sdk/client-kafka';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMskCluster } from '../../bench/aws/msk-cluster.ts';
import { readNamedCluster } from '../../bench/aws/named-cluster.ts';
import { openS3Store } from '../../bench/aws/s3-store.ts';
import { hasMoto, type Moto, startMoto } from '../doubles/moto.ts';

const bucket = 'headroom-results';
const variables = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };

describe.runIf(hasMoto())('our AWS clients', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
    Object.assign(process.env, variables, { AWS_ENDPOINT_URL: moto.endpoint });
    const s3 = new S3Client({ forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    s3.destroy();
  });
  afterAll(async () => {
    for (const name of [...Object.keys(variables), 'AWS_ENDPOINT_URL']) delete process.env[name];
    await moto?.stop();
  });

  it('keep, find and read results below their address alone', async () => {
    const store = openS3Store({ bucket, prefix: 'runs/a' });
    const other = openS3Store({ bucket, prefix: 'runs/ab' });
    await other.put('outcome.json', 'other');
    await store.put('outcome.json', 'first');
    await store.put('outcome.json', 'second');
    await store.put('worker-1/report.html', Buffer.from('<p>'));
    expect(await store.get('outcome.json')).toBe('second');
    expect(await store.get('missing.json')).toBeNull();
    expect(await store.list('')).toEqual(['outcome.json', 'worker-1/report.html']);
    expect(await store.list('worker-')).toEqual(['worker-1/report.html']);
    for (const one of [store, other]) one.close();
  });

  it('say what is missing, and how to mend it', async () => {
    const store = openS3Store({ bucket: 'no-such-bucket', prefix: '' });
    await expect(store.put('x', '')).rejects.toMatchObject({ code: 'RESOURCE_MISSING', exitCode: 69 });
    store.close();
    const arn = 'arn:aws:kafka:us-east-1:123456789012:cluster/none/00000000-0000-0000-0000-000000000000-1';
    await expect(readNamedCluster(arn)).rejects.toMatchObject({ exitCode: 69, hint: expect.any(String) });
  });

  it('describe a cluster, and load none that is still being made', async () => {
    const kafka = new KafkaClient({});
    const { ClusterArn = '' } = await kafka.send(
      new CreateClusterV2Command({
        ClusterName: 'course-events-1',
        Provisioned: {
          KafkaVersion: '4.1.x.kraft',
          NumberOfBrokerNodes: 3,
          BrokerNodeGroupInfo: { ClientSubnets: ['a', 'b', 'c'], InstanceType: 'kafka.m7g.large' },
        },
      }),
    );
    // By the client and not by the option: an ARN of moto lacks the cluster's name.
    await expect(readMskCluster(kafka, ClusterArn)).rejects.toMatchObject({
      code: 'RESOURCE_MISSING',
      message: expect.stringContaining('is CREATING, not ACTIVE'),
    });
    kafka.destroy();
  });
});
