/** node-rdkafka, installed as a user would, drives a load: compiled from source, so at night. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DriverTarget } from '../../bench/drivers/driver.ts';
import { rdkafkaDriver } from '../../bench/drivers/rdkafka.ts';
import { openLoad } from '../../bench/load/open-load.ts';
import { clientModes } from '../../bench/local/credentials.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { readClientConfig } from '../../bench/security/client-config.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import type { ProducerConfig } from '../../lib/plan/types.ts';
import { loadTopic, phaseSpec } from '../bench/load/load-topic.ts';

const version = '3.6.1';
const cases = [
  ['all', { acks: 'all', 'enable.idempotence': true }],
  ['one', { acks: '1', 'enable.idempotence': false, 'compression.type': 'lz4' }],
  ['none', { acks: '0', 'enable.idempotence': false }],
] as const;

const before = process.cwd();
let dir = '';
let cluster: LocalCluster;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-rdkafka-'));
  await writeFile(join(dir, 'package.json'), '{ "private": true }');
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', `node-rdkafka@${version}`], {
    cwd: dir,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  process.chdir(dir);
  const signal = new AbortController().signal;
  cluster = await startLocalCluster({
    brokers: 1,
    dir: join(dir, 'cluster'),
    secured: true,
    onProgress: () => {},
    signal,
  });
}, 900_000);

afterAll(async () => {
  process.chdir(before);
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

it('is the version installed', () => {
  expect(rdkafkaDriver.version).toBe(version);
});

it.each(cases)('keeps every record with acks=%s', async (name, producer) => {
  await expectAllKept(name, producer, { bootstrap: cluster.bootstrap, clientId: 'rdkafka-test' });
});

it.each(clientModes.filter((mode) => mode !== 'oauthbearer'))('connects with %s', async (mode) => {
  const access = cluster.secured;
  if (access === null) throw new Error('no secured listeners');
  const bootstrap = mode === 'tls' ? access.tlsBootstrap : access.saslBootstrap;
  const security = readClientConfig(access.clientConfigs[mode], dir);
  await expectAllKept(`secured-${mode}`, cases[0][1], { bootstrap, clientId: 'rdkafka-test', security });
});

async function expectAllKept(name: string, producer: Partial<ProducerConfig>, target: DriverTarget): Promise<void> {
  const admin = createAdmin(cluster.bootstrap);
  await admin.createTopics({ topics: [name], partitions: 4, replicas: 1 });
  await admin.close();
  const session = await openLoad({
    target,
    driver: rdkafkaDriver,
    topics: [loadTopic({ clusterTopic: name, members: 2, producer })],
    seed: 7,
    onIncident: () => {},
  });
  try {
    const { topics } = await session.run(
      phaseSpec({ warmUpMinMs: 500, warmUpMaxMs: 500, measureMs: 2_000, drainMaxMs: 30_000 }),
    );
    expect(topics[0]).toMatchObject({ scheduled: 2_000, acknowledged: 2_000, failed: 0, unsent: 0 });
    const [integrity] = session.integrity();
    expect(integrity).toMatchObject({ unknown: 0, offsetCollisions: 0, missingAckEntries: 0 });
    expect(integrity?.groups[0]).toMatchObject({ lost: 0, unseen: 0 });
  } finally {
    await session.close();
  }
}
