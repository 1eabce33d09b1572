/** k6, built from bench/k6, drives a load on a real cluster: every record is verified, and what it could not send is told. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { k6Driver } from '../../bench/drivers/k6.ts';
import { ensureK6, k6Source } from '../../bench/k6/build.ts';
import { openLoad } from '../../bench/load/open-load.ts';
import type { LoadSession, LoadTopic } from '../../bench/load/types.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { loadTopic, phaseSpec } from '../bench/load/load-topic.ts';

const hasGo = spawnSync('go', ['version']).status === 0;
if (!hasGo) process.stderr.write('skipped: k6 needs Go, see https://go.dev/dl\n');

describe.skipIf(!hasGo)('k6', () => {
  let dir = '';
  let cluster: LocalCluster;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'headroom-k6-test-'));
    const signal = new AbortController().signal;
    await ensureK6({ onProgress: () => {}, signal });
    cluster = await startLocalCluster({ brokers: 1, dir, onProgress: () => {}, signal });
    const admin = createAdmin(cluster.bootstrap);
    await admin.createTopics({ topics: ['k6-orders', 'k6-hasty'], partitions: 4, replicas: 1 });
    await admin.close();
  }, 600_000);

  afterAll(async () => {
    await cluster?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const open = async (topic: LoadTopic): Promise<LoadSession> =>
    await openLoad({
      target: { bootstrap: cluster.bootstrap, clientId: 'k6-test' },
      driver: k6Driver,
      topics: [topic],
      seed: 7,
      publishP99Ms: 5_000,
      onIncident: () => {},
    });

  it('sends at the rate asked for, phase after phase, and the ledger finds every record', async () => {
    const session = await open(loadTopic({ clusterTopic: 'k6-orders' }));
    try {
      const phase = phaseSpec({ warmUpMinMs: 500, warmUpMaxMs: 500, measureMs: 1_000, drainMaxMs: 30_000 });
      // A broker that has never served a topic takes its time.
      await session.run({ ...phase, ratePerSec: { orders: 50 } });
      const { topics, generator } = await session.run({ ...phase, ratePerSec: { orders: 200 } });
      const [topic] = topics;
      expect(generator).toMatchObject({ driver: 'k6', wasTheLimit: false, reason: null });
      expect(topic?.scheduled).toBe(200);
      expect(topic?.acknowledged).toBe(200);
      expect(topic?.slip.count).toBe(200);
      expect(topic?.publish.p99Ms).toBeGreaterThan(0);
      expect(topic?.groups[0]).toMatchObject({ received: 200 });
      // Above the iterations that k6 starts: several records are due together.
      const fast = await session.run({ ...phase, ratePerSec: { orders: 3_000 } });
      expect(fast.topics[0]?.acknowledged).toBe(fast.topics[0]?.scheduled);
      const [integrity] = session.integrity();
      expect(integrity?.acknowledged).toBeGreaterThan(200 * 1.5 + 3_000 * 1.5);
      expect(integrity).toMatchObject({ unknown: 0, offsetCollisions: 0, missingAckEntries: 0 });
      expect(integrity?.groups[0]).toMatchObject({ lost: 0, unseen: 0, duplicates: 0 });
      expect(integrity?.orderUnknown).toContain('no order per key');
    } finally {
      await session.close();
    }
  });

  it('is told to be the limit when it has no user free to send: what it dropped is no fault of the cluster', async () => {
    const topic = loadTopic({ clusterTopic: 'k6-hasty', producer: { 'linger.ms': 2_000 } });
    const session = await open(topic);
    try {
      // A batch waits 2 s, and the virtual users cover one: iterations find none.
      const phase = phaseSpec({ warmUpMinMs: 0, warmUpMaxMs: 0, measureMs: 1_500, drainMaxMs: 30_000 });
      const { generator } = await session.run({ ...phase, ratePerSec: { orders: 100 } });
      expect(generator.wasTheLimit).toBe(true);
      expect(generator.reason).toMatch(/k6 dropped \d+ iterations/);
    } finally {
      await session.close();
    }
  });

  it('holds to its own tests', () => {
    for (const args of [
      ['vet', './...'],
      ['test', './...'],
    ]) {
      const { status, stdout, stderr } = spawnSync('go', args, { cwd: k6Source, encoding: 'utf8' });
      expect(status, stdout + stderr).toBe(0);
    }
  });
});
