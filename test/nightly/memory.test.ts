/**
 * What the generator process holds while it loads a real cluster at a high rate and verifies every record: below 300 MB and
 * flat. Ten minutes by default; HEADROOM_SOAK_MINUTES=60 for the hour.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { judgeSamples, runGenerator } from '../soak/run-generator.ts';

const minutes = Number(process.env.HEADROOM_SOAK_MINUTES ?? 10);
const ratePerSec = 50_000;
const mostBytes = 300e6;
const partitions = 6;
const topic = 'soak';

let folder = '';
let cluster: LocalCluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-soak-'));
  const signal = new AbortController().signal;
  cluster = await startLocalCluster({ brokers: 3, dir: join(folder, 'cluster'), onProgress: () => {}, signal });
  const admin = createAdmin(cluster.bootstrap);
  // An hour of records would fill a disk.
  const configs = [
    { name: 'retention.bytes', value: '100000000' },
    { name: 'segment.bytes', value: '50000000' },
  ];
  await admin.createTopics({ topics: [topic], partitions, replicas: 3, configs });
  await admin.close();
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

it(`holds no more memory after ${minutes} minutes`, { timeout: (minutes + 3) * 60_000 }, async ({ task }) => {
  const { bootstrap } = cluster;
  const run = await runGenerator({ ratePerSec, seconds: minutes * 60, bootstrap, topic, partitions });
  const { samples, outcome } = run;
  const memory = judgeSamples(samples);
  const { achievedPerSec, cpuCores } = outcome;
  const highestMb = Math.round(memory.rss.highestBytes / 1e6);
  task.meta.found = `at most ${highestMb} MB, ${Math.round(achievedPerSec)} records/s, ${cpuCores.toFixed(2)} cores`;
  process.stderr.write(`memory of the generator: ${JSON.stringify({ ...memory, achievedPerSec, cpuCores })}\n`);
  expect(run.incidents).toEqual([]);
  expect(outcome.integrity).toMatchObject({ groups: [{ lost: 0, duplicates: 0, orderInversions: 0 }] });
  expect(memory.rss.highestBytes).toBeLessThan(mostBytes);
  expect([memory.rss.isFlat, memory.held.isFlat]).toEqual([true, true]);
});
