/** `prove` on a cluster that others use: pinned, foreign topics and groups untouched, everything of the run deleted. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, ConfigResourceTypes } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultDriver } from '../../bench/drivers/index.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { prove } from '../../bench/prove.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import type { CommandContext } from '../../bin/command.ts';
import { command } from '../../bin/commands/prove.ts';
import { proveTarget } from '../../bin/prove-target.ts';
import { HeadroomError } from '../../lib/errors.ts';
import type { Verdict } from '../../lib/verdict/types.ts';
import { clusterArn, startMskApi } from '../doubles/msk-api.ts';
import { optionsFor, proveExample } from './prove-run.ts';

let folder = '';
let cluster: LocalCluster;
let admin: Admin;
let before: Snapshot;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-existing-'));
  cluster = await startLocalCluster({
    brokers: 3,
    dir: join(folder, 'cluster'),
    secured: true,
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  admin = createAdmin(cluster.bootstrap);
  await plantForeign();
  before = await snapshot();
});

afterAll(async () => {
  await admin?.close();
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

const existing = () => ({
  target: { kind: 'existing' as const, bootstrap: cluster.bootstrap, clusterId: cluster.clusterId },
});

describe('prove on an existing cluster', () => {
  it('exits 1 for failing.yaml, says by how much, and leaves the cluster as it was', async () => {
    let text = '';
    const exitCode = await command.run({
      positionals: [join(import.meta.dirname, '..', '..', 'examples', 'failing.yaml')],
      options: {
        // Through a listener with TLS and SASL, as most clusters that others use have it.
        bootstrap: cluster.secured?.saslBootstrap.join(',') ?? '',
        'client-config': cluster.secured?.clientConfigs['scram-sha-512'] ?? '',
        'cluster-id': cluster.clusterId,
        measure: '2s',
        out: join(folder, 'out'),
        'no-trade-off': true,
        'no-retention': true,
        json: true,
      },
      stdout: (part) => {
        text += part;
      },
      stderr: () => {},
      onProgress: () => {},
      signal: new AbortController().signal,
      cwd: folder,
      commandLine: ['headroom', 'prove'],
    });
    expect(exitCode).toBe(1);
    const verdict = JSON.parse(text) as Verdict & { paths: { results: string; report: string } };
    const line = verdict.lines.find(({ id }) => id.includes('publish'));
    expect(line).toMatchObject({ outcome: 'notMet', required: 0.1, target: 'existing' });
    expect(line?.margin).toBeLessThan(1);
    expect(await readFile(verdict.paths.report, 'utf8')).toContain('failing');
    const { password } = JSON.parse(await readFile(join(folder, 'cluster', 'clients', 'credentials.json'), 'utf8'));
    for (const file of await readdir(verdict.paths.results)) {
      expect(await readFile(join(verdict.paths.results, file), 'utf8')).not.toContain(password);
    }
    expect(await snapshot()).toEqual(before);
  });

  it.each([
    [
      'another cluster id',
      'not-this-cluster',
      'CLUSTER_ID_MISMATCH',
      /pinned was not-this-cluster; nothing was written/,
    ],
    ['no cluster id', null, 'USAGE', /needs --cluster-id/],
  ])('writes nothing, here or there, with %s', async (_, clusterId, code, message) => {
    const results = join(folder, 'refused');
    const { options } = optionsFor('failing.yaml', results, {
      target: { kind: 'existing', bootstrap: cluster.bootstrap, clusterId },
    });
    const refusal = await prove(options).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code, exitCode: 64, message: expect.stringMatching(message) });
    const { message: text, hint } = refusal as HeadroomError;
    expect(`${text} ${hint}`).toContain(cluster.clusterId);
    await expect(readdir(results)).rejects.toThrow('ENOENT');
    expect(await snapshot()).toEqual(before);
  });

  it('is found by its ARN, held against the plan, and loaded only as planned', async () => {
    const bootstrap = { bootstrapBrokerString: cluster.bootstrap.join(',') };
    const api = await startMskApi({ bootstrap, brokerIds: [1, 2, 3], volumeGiB: 16_000 });
    process.env.AWS_ENDPOINT_URL_KAFKA = api.endpoint;
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
    try {
      const { environment, measurement } = await proveByArn('named');
      expect(environment.provisioned).toMatchObject({ arn: clusterArn, instanceType: 'kafka.m7g.large' });
      expect(measurement.phases.map(({ phase }) => phase)).toEqual(['average', 'peak']);
      expect(measurement.settings).toContainEqual({ subject: 'cluster', setting: 'brokers', planned: '3', found: '3' });
      api.answers = { ...api.answers, brokers: 6 };
      await expect(proveByArn('other')).rejects.toMatchObject({ code: 'CLUSTER_DIFFERS' });
      api.answers = { ...api.answers, brokers: 3, brokerIds: [11, 12, 13] };
      await expect(proveByArn('other')).rejects.toMatchObject({ code: 'CLUSTER_ID_MISMATCH' });
      await expect(readdir(join(folder, 'other'))).rejects.toThrow('ENOENT');
    } finally {
      delete process.env.AWS_ENDPOINT_URL_KAFKA;
      await api.close();
    }
    expect(await snapshot()).toEqual(before);
  });

  it('is left alone while others write to it', async () => {
    const writer = await defaultDriver.createProducer(
      { bootstrap: cluster.bootstrap, clientId: 'foreign' },
      { acks: 'all', idempotent: false, compression: 'none', deliveryTimeoutMs: 20_000 },
    );
    await admin.createTopics({ topics: ['busy'], partitions: 1, replicas: 1 });
    const stopping = new AbortController();
    const writing = (async () => {
      while (!stopping.signal.aborted) {
        const records = [{ key: null, value: Buffer.from('foreign'), timestampMs: Date.now() }];
        await writer.send([{ topic: 'busy', partition: 0, records }]);
      }
    })();
    try {
      const { options } = optionsFor('course-events.yaml', join(folder, 'busy'), existing());
      await expect(prove(options)).rejects.toMatchObject({
        code: 'CLUSTER_BUSY',
        message: expect.stringContaining('others wrote to busy'),
      });
      await expect(readdir(join(folder, 'busy'))).rejects.toThrow('ENOENT');
    } finally {
      stopping.abort();
      await writing;
      await writer.close();
      await admin.deleteTopics({ topics: ['busy'] });
    }
    // The other brokers hear of the deletion a moment later.
    await vi.waitFor(async () => expect(await snapshot()).toEqual(before), { timeout: 30_000, interval: 500 });
  });

  it('catches private values when masking is switched off', async () => {
    const { run } = await proveExample(
      'course-events.yaml',
      folder,
      { ...existing(), mask: (value) => value },
      // Room for the raw value, which is longer than the mask.
      (text) => text.replace('size: 200 B', 'size: 300 B'),
    );
    const { places } = run.measurement.privacy ?? { places: [] };
    const topic = places.find(({ place }) => place === 'topic');
    expect(topic?.found).toBe(topic?.searched);
    expect(topic?.found).toBeGreaterThan(0);
    expect(places.filter(({ place }) => place !== 'topic').map(({ found }) => found)).toEqual([0, 0]);
    expect(run.verdict.lines.find(({ id }) => id.endsWith('.private'))).toMatchObject({ outcome: 'notMet' });
    expect(run.verdict.outcome).toBe('notMet');
    expect(await snapshot()).toEqual(before);
  });

  it('deletes its topics and keeps what it measured when it is interrupted', async () => {
    const interruption = new AbortController();
    const results = join(folder, 'interrupted');
    const { options } = optionsFor('course-events.yaml', results, {
      ...existing(),
      signal: interruption.signal,
      onProgress: ({ stage }) => {
        if (stage === 'peak') interruption.abort(new HeadroomError('INTERRUPTED', 'interrupted'));
      },
    });
    await expect(prove(options)).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
    const [run = ''] = await readdir(join(options.resultsBase, 'course-events'));
    const read = async (name: string) =>
      JSON.parse(await readFile(join(options.resultsBase, 'course-events', run, name), 'utf8'));
    expect(await read('measurement.json')).toMatchObject({
      phases: [{ phase: 'average' }],
      incidents: [{ kind: 'interrupted' }],
    });
    const manifest = await read('manifest.json');
    expect(manifest.topics).toEqual([
      {
        name: expect.stringMatching(/^headroom-[0-9a-f]{8}-categoryChanged$/),
        topicId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    ]);
    expect(await snapshot()).toEqual(before);
  });
});

/** The target as the command line finds it, then a short run. */
async function proveByArn(out: string) {
  const { options } = optionsFor('course-events.yaml', join(folder, out), {});
  const context = { options: { 'cluster-arn': clusterArn } } as unknown as CommandContext;
  return await prove({ ...options, target: await proveTarget(context, options.plan) });
}

/** Topics named to tempt a careless clean-up, with records, settings of their own, and a group with commits. */
async function plantForeign(): Promise<void> {
  for (const name of ['orders', 'headroom-0badcafe-categoryChanged']) {
    await admin.createTopics({
      topics: [name],
      partitions: 2,
      replicas: 3,
      configs: [{ name: 'retention.ms', value: '123456789' }],
    });
    const target = { bootstrap: cluster.bootstrap, clientId: 'foreign' };
    const producer = await defaultDriver.createProducer(target, {
      acks: 'all',
      idempotent: false,
      compression: 'none',
      deliveryTimeoutMs: 20_000,
    });
    const records = [1, 2, 3].map((n) => ({ key: null, value: Buffer.from(`record ${n}`), timestampMs: Date.now() }));
    await producer.send([{ topic: name, partition: 1, records }]);
    await producer.close();
    await readAll(name, records.length);
  }
}

async function readAll(topic: string, count: number): Promise<void> {
  let received = 0;
  let finish = (): void => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const consumer = await defaultDriver.createConsumer(
    { bootstrap: cluster.bootstrap, clientId: 'foreign' },
    { group: `CGR-lecture-${topic}`, topics: [topic], from: 'beginning' },
    (records) => {
      received += records.length;
      if (received >= count) finish();
    },
    () => {},
  );
  await done;
  // Past the driver's commit interval.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await consumer.close();
}

type Snapshot = Awaited<ReturnType<typeof snapshot>>;

/** Ids, settings, first and last offsets of all topics, and every group with its commits. */
async function snapshot() {
  const topics = await admin.listTopics();
  const metadata = await admin.metadata({ topics, forceUpdate: true });
  const described = await admin.describeConfigs({
    resources: topics.map((resourceName) => ({ resourceType: ConfigResourceTypes.TOPIC, resourceName })),
  });
  const offsetsAt = async (timestamp: bigint) =>
    await admin.listOffsets({
      topics: topics.map((name) => ({
        name,
        partitions: [...(metadata.topics.get(name)?.partitions ?? []).keys()].map((partitionIndex) => ({
          partitionIndex,
          timestamp,
        })),
      })),
    });
  const groups = [...(await admin.listGroups({ types: ['classic', 'consumer'] })).keys()].sort();
  const commits = await admin.listConsumerGroupOffsets({ groups });
  return {
    topics: topics.map((name) => ({ name, id: metadata.topics.get(name)?.id })),
    configs: described
      .map(({ resourceName, configs }) => ({ resourceName, configs: configs.map(({ name, value }) => [name, value]) }))
      .sort((a, b) => a.resourceName.localeCompare(b.resourceName)),
    earliest: sorted(await offsetsAt(-2n)),
    latest: sorted(await offsetsAt(-1n)),
    commits: commits
      .map(({ groupId, topics: committed }) => ({
        groupId,
        committed: committed
          .flatMap(({ name, partitions }) =>
            partitions.map(({ partitionIndex, committedOffset }) => `${name}-${partitionIndex}: ${committedOffset}`),
          )
          .sort(),
      }))
      .sort((a, b) => a.groupId.localeCompare(b.groupId)),
  };
}

function sorted(listed: Awaited<ReturnType<Admin['listOffsets']>>): readonly string[] {
  return listed
    .flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, offset }) => `${name}-${partitionIndex}: ${offset}`),
    )
    .sort();
}
