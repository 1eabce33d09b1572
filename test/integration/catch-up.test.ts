/** A backlog on a real cluster: two groups drain it while the load goes on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultDriver } from '../../bench/drivers/index.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { measureCatchUp } from '../../bench/prove/catch-up.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { loadTopic } from '../bench/load/load-topic.ts';

let dir = '';
let cluster: LocalCluster;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-catch-up-'));
  cluster = await startLocalCluster({ brokers: 1, dir, onProgress: () => {}, signal: new AbortController().signal });
  const admin = createAdmin(cluster.bootstrap);
  await admin.createTopics({ topics: ['backlog'], partitions: 4, replicas: 1 });
  await admin.close();
});

afterAll(async () => {
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

it('tells the backlog, the rate at which each group read it, and how far behind it was', async () => {
  const { plan } = loadTopic({ load: { averagePerSec: 100, peakPerSec: 200 } });
  const group = {
    name: 'CGR-lecture-orders',
    service: 'lecture',
    ratePerThread: 100,
    threads: 2,
    evenThreads: 2,
    statedThreads: null,
  };
  const incidents: string[] = [];
  const found = await measureCatchUp(
    {
      load: {
        target: { bootstrap: cluster.bootstrap, clientId: 'test' },
        driver: defaultDriver,
        seed: 3,
        onIncident: ({ message }) => incidents.push(message),
      },
      signal: new AbortController().signal,
      onProgress: () => {},
      onNote: () => {},
    },
    {
      topic: { ...plan, groups: [group, { ...group, name: 'CGR-report-orders' }] },
      clusterTopic: 'backlog',
      clusterGroups: ['catch-up-lecture', 'catch-up-report'],
      fillMs: 1_000,
      drainMaxMs: 5_000,
    },
  );
  expect(incidents).toEqual([]);
  expect(found.backlogRecords).toBeGreaterThan(4_000);
  expect(found.groups.map(({ group: name }) => name)).toEqual(['CGR-lecture-orders', 'CGR-report-orders']);
  for (const { drainedMs, readRecords, readPerSec, maxLagRecords, maxLagSeconds } of found.groups) {
    expect(drainedMs).toBeGreaterThanOrEqual(0);
    expect(readRecords).toBeGreaterThanOrEqual(found.backlogRecords);
    expect(readPerSec).toBeGreaterThan(plan.load.averagePerSec);
    expect(maxLagRecords).toBeGreaterThanOrEqual(found.backlogRecords);
    expect(maxLagSeconds).toBeGreaterThan(0.5);
  }
});
