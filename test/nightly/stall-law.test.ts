/**
 * The stall law (measuring.md 1), live: a broker that stands still for S seconds of a window of T seconds makes the latency at
 * quantile q > 1 - S/T equal to S - (1 - q) T, because latency counts from the slot and not from the send.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultDriver } from '../../bench/drivers/index.ts';
import { openLoad } from '../../bench/load/open-load.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { optionsFor } from '../integration/prove-run.ts';

const stallSec = 5;
const windowSec = 60;
const quantile = 0.99;
const expectedMs = Math.round((stallSec - (1 - quantile) * windowSec) * 1000);

let folder = '';
let cluster: LocalCluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-stall-'));
  const signal = new AbortController().signal;
  cluster = await startLocalCluster({ brokers: 1, dir: join(folder, 'cluster'), onProgress: () => {}, signal });
});
afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

it(`shows a stall of ${stallSec} s as a p99 of ${expectedMs / 1000} s`, async ({ task }) => {
  const admin = createAdmin(cluster.bootstrap);
  const [planned] = optionsFor('course-events.yaml', folder, {}).options.plan.topics;
  if (planned === undefined) throw new Error('the example has no topic');
  const plan = { ...planned, partitions: 1, replicationFactor: 1, minInsyncReplicas: 1 };
  await admin.createTopics({ topics: ['stalled'], partitions: 1, replicas: 1 });
  await admin.close();
  const session = await openLoad({
    target: { bootstrap: cluster.bootstrap, clientId: 'stall-law' },
    driver: defaultDriver,
    topics: [{ plan, clusterTopic: 'stalled', groups: [] }],
    seed: 7,
    onIncident: () => {},
  });
  const stall = stallOnce(cluster.brokers[0]?.pid ?? 0);
  try {
    const { topics } = await session.run({
      ratePerSec: { [plan.name]: 1_000 },
      measureMs: windowSec * 1_000,
      warmUpMinMs: 5_000,
      warmUpMaxMs: 15_000,
      drainMaxMs: 30_000,
      stage: 'measured',
      signal: new AbortController().signal,
      onProgress: stall.onProgress,
    });
    await stall.over;
    const publish = topics[0]?.publish;
    expect(publish?.count).toBe(windowSec * 1_000);
    task.meta.found = `p99 ${publish?.p99Ms} ms, expected ${expectedMs} ms`;
    expect(publish?.p99Ms).toBeGreaterThanOrEqual(0.97 * expectedMs);
    expect(publish?.p99Ms).toBeLessThanOrEqual(1.1 * expectedMs);
  } finally {
    await session.close();
  }
});

/** Stops the process for the time of the stall, in the middle of the window. */
function stallOnce(pid: number): { onProgress: (event: { detail: string }) => void; over: Promise<void> } {
  let begin = (): void => {};
  const measuring = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const stall = async (): Promise<void> => {
    await measuring;
    await sleep(20_000);
    process.kill(pid, 'SIGSTOP');
    await sleep(stallSec * 1_000);
    process.kill(pid, 'SIGCONT');
  };
  return {
    over: stall(),
    onProgress: ({ detail }) => {
      if (detail.startsWith('measuring')) begin();
    },
  };
}
