/** What the image holds, installed in a clean folder, does a night against real brokers; the bucket is moto's. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Admin } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { packageRoot } from '../../bench/package-root.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import type { NightlyOutcome } from '../../bin/nightly-outcome.ts';
import { hasMoto, type Moto, startMoto } from '../doubles/moto.ts';

const Bucket = 'headroom-results';

describe.runIf(hasMoto())('the entry point of the image', () => {
  let folder = '';
  let moto: Moto;
  let cluster: LocalCluster;
  let admin: Admin;
  let s3: S3Client;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'headroom-image-'));
    moto = await startMoto();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    s3 = new S3Client({ region: 'us-east-1', endpoint: moto.endpoint, credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket }));
    cluster = await startLocalCluster({
      brokers: 3,
      dir: join(folder, 'cluster'),
      onProgress: () => {},
      signal: new AbortController().signal,
    });
    admin = createAdmin(cluster.bootstrap);
    // As in the image: no variable of ours, no folder but its own.
    const { status, stderr } = spawnSync(join(packageRoot, 'container', 'install.sh'), [join(folder, 'image')], {
      cwd: packageRoot,
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  }, 300_000);
  afterAll(async () => {
    s3?.destroy();
    await admin?.close();
    await cluster?.stop();
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
    const child = spawn(join(folder, 'image', 'entrypoint.sh'), ['prove', 'use-case.yaml', ...args], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HEADROOM_USE_CASE: readFileSync(join(packageRoot, 'examples', 'course-events.yaml'), 'utf8'),
        AWS_ENDPOINT_URL_S3: moto.endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => {
        text += part.toString();
      });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { child, ended, text: () => text };
  };
  const target = () => ['--bootstrap', cluster.bootstrap.join(','), '--cluster-id', cluster.clusterId];
  const short = ['--measure', '2s', '--no-trade-off', '--no-retention'];
  const keys = async (Prefix: string) =>
    (await s3.send(new ListObjectsV2Command({ Bucket, Prefix }))).Contents?.map(({ Key }) =>
      Key?.slice(Prefix.length),
    ) ?? [];
  const textAt = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  };
  const outcomeAt = async (prefix: string) => JSON.parse(await textAt(`${prefix}outcome.json`)) as NightlyOutcome;

  it('proves at night, in two containers: verdict, outcome and report are in the bucket, and the cluster is clean', async () => {
    const night = ['--nightly', ...short, ...target(), '--upload', `s3://${Bucket}/night-1`];
    const [leader, follower] = ['0', '1'].map((index) =>
      start(night, { HEADROOM_WORKERS: '2', AWS_BATCH_JOB_ARRAY_INDEX: index }),
    );
    const text = () => `${leader?.text()}${follower?.text()}`;
    const exitCode = (await leader?.ended) ?? null;
    expect(await follower?.ended, text()).toBe(0);
    // How fast this machine is decides the verdict; what must hold is that all places tell the same.
    expect([0, 1, 2], text()).toContain(exitCode);
    const outcome = await outcomeAt('night-1/');
    expect(outcome).toMatchObject({
      exitCode,
      useCase: 'course-events',
      isClean: true,
      results: `s3://${Bucket}/night-1`,
    });
    expect(outcome.outcome).toBe(['met', 'notMet', 'inconclusive'][exitCode ?? 9]);
    expect(outcome.summary).toContain('publish p99');
    expect(await textAt('night-1/measurement.json')).toContain('driven by 2 processes');
    expect(await keys('night-1/')).toEqual(
      expect.arrayContaining(['manifest.json', 'verdict.json', 'report.html', 'environment.json', 'use-case.yaml']),
    );
    expect(text()).toMatch(/^\d{4}-\S+Z host noise\n/m);
    expect(await admin.listTopics()).toEqual([]);
  });

  it('is cleaned up by its manifest after it was killed, and by nothing else', async () => {
    await admin.createTopics({ topics: ['headroom-00000000-foreign'], partitions: 1, replicas: 1 });
    const killed = start(['--nightly', ...short, ...target(), '--upload', `s3://${Bucket}/night-2`]);
    await vi.waitFor(() => expect(killed.text()).toContain(' average\n'), { timeout: 60_000, interval: 100 });
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect((await admin.listTopics()).length).toBe(2);
    expect(await keys('night-2/')).toContain('manifest.json');
    const cleaning = start([...target(), '--clean-up', `s3://${Bucket}/night-2`]);
    expect(await cleaning.ended, cleaning.text()).toBe(0);
    expect(cleaning.text()).toContain('nothing is left of 1 run under s3://headroom-results/night-2');
    await vi.waitFor(async () => expect(await admin.listTopics()).toEqual(['headroom-00000000-foreign']), {
      timeout: 30_000,
      interval: 500,
    });
  });

  it('leaves an outcome when the cluster cannot be reached', async () => {
    const away = ['--bootstrap', '127.0.0.1:1', '--cluster-id', 'x'];
    const { ended } = start(['--nightly', ...short, ...away, '--upload', `s3://${Bucket}/night-3`]);
    expect(await ended).toBe(69);
    expect(await outcomeAt('night-3/')).toMatchObject({
      outcome: 'inconclusive',
      exitCode: 69,
      isClean: true,
      results: null,
    });
  });
});
