/** Worker processes on a real cluster: one load, read back by id, and one of three killed with -9 in mid-run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultDriver } from '../../bench/drivers/index.ts';
import type { LocalCluster } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { packageRoot } from '../../bench/package-root.ts';
import { createAdmin } from '../../bench/target/connect.ts';
import { files } from '../../bench/workers/directory.ts';
import { openWorkers } from '../../bench/workers/session.ts';
import { loadTopic, phaseSpec } from '../bench/load/load-topic.ts';

let folder = '';
let cluster: LocalCluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-workers-'));
  const signal = new AbortController().signal;
  cluster = await startLocalCluster({ brokers: 1, dir: join(folder, 'cluster'), onProgress: () => {}, signal });
});

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('three worker processes', () => {
  it('drive one load, and one killed in mid-run is told, beside what the others verified', async () => {
    const admin = createAdmin(cluster.bootstrap);
    const topic = loadTopic({ clusterTopic: 'workers-orders', partitions: 2, load: { producers: 3 } });
    await admin.createTopics({ topics: [topic.clusterTopic], partitions: 2, replicas: 1 });
    await admin.close();
    const meet = join(folder, 'meet');
    const children: ChildProcess[] = [];
    const incidents: string[] = [];
    const session = await openWorkers(
      {
        target: { bootstrap: cluster.bootstrap, clientId: 'test' },
        driver: defaultDriver,
        topics: [topic],
        seed: 7,
        onIncident: ({ kind, message }) => incidents.push(`${kind}: ${message}`),
      },
      {
        folder: meet,
        workers: 3,
        readyWithinMs: 90_000,
        start: () => children.push(...[0, 1, 2].map(startWorker(meet))),
      },
    );
    try {
      const phase = phaseSpec({ ratePerSec: { orders: 300 }, measureMs: 1_000, drainMaxMs: 30_000 });
      const whole = await session.run(phase);
      expect(whole.topics[0]).toMatchObject({
        offeredPerSec: 300,
        acknowledged: whole.topics[0]?.scheduled,
        unsent: 0,
      });
      expect(whole.topics[0]?.publish.count).toBe(whole.topics[0]?.scheduled);
      expect(session.integrity()).toMatchObject([{ unknown: 0, groups: [{ lost: 0, unseen: 0, duplicates: 0 }] }]);
      expect(incidents).toEqual([]);
      const running = session.run({ ...phase, measureMs: 3_000 });
      while (!existsSync(join(meet, files.phase(1)))) await sleep(20);
      children[1]?.kill('SIGKILL');
      const rest = await running;
      expect(rest.topics[0]?.offeredPerSec).toBeCloseTo(200, 6);
      expect(incidents).toEqual(['workerLost: worker 1 was lost during the run']);
    } finally {
      await session.close();
      await Promise.all(
        children.map((child) => child.exitCode ?? child.signalCode ?? new Promise((gone) => child.once('exit', gone))),
      );
    }
    expect(children.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual([0, 'SIGKILL', 0]);
  });
});

function startWorker(meet: string) {
  const program = join(packageRoot, 'dist', 'bin', 'headroom.js');
  return (index: number): ChildProcess =>
    spawn(process.execPath, [program, 'worker', meet, '--index', String(index)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
}
