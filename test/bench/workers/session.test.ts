import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Driver } from '../../../bench/drivers/driver.ts';
import type { LoadSession, LoadSpec } from '../../../bench/load/types.ts';
import { files, readJson, type WorkerPlan } from '../../../bench/workers/directory.ts';
import { openWorkers } from '../../../bench/workers/session.ts';
import { seedOfWorker, shareOf, topicsOfWorker } from '../../../bench/workers/share.ts';
import { runWorker } from '../../../bench/workers/worker.ts';
import type { Incident } from '../../../lib/measurement/types.ts';
import { loadTopic, phaseSpec } from '../load/load-topic.ts';
import { createMemoryDriver } from '../load/memory-driver.ts';

interface Joined {
  readonly folder: string;
  readonly session: LoadSession;
  readonly incidents: Omit<Incident, 'atMs'>[];
  /** Ends a worker as its process would be ended by Ctrl-C. */
  readonly stop: (worker: number) => void;
  /** How each worker ended. */
  readonly ended: Promise<readonly PromiseSettledResult<void>[]>;
}

async function join3(driver: Driver, change: Partial<LoadSpec> = {}, workers = 3): Promise<Joined> {
  // Of its own: a worker that ends late writes into no other test's, and may still write while it is removed.
  const folder = mkdtempSync(join(tmpdir(), 'headroom-workers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));
  const incidents: Omit<Incident, 'atMs'>[] = [];
  const stops = Array.from({ length: workers }, () => new AbortController());
  let ended: Joined['ended'] = Promise.resolve([]);
  const start = (): void => {
    ended = Promise.allSettled(
      stops.map(async ({ signal }, worker) => {
        await runWorker({ folder, worker, signal, security: undefined, driverOf: () => driver, onProgress: () => {} });
      }),
    );
  };
  const spec: LoadSpec = {
    target: { bootstrap: ['memory:1'], clientId: 'test' },
    driver,
    topics: [loadTopic({ load: { producers: 4 } })],
    seed: 7,
    onIncident: (incident) => incidents.push(incident),
    ...change,
  };
  const session = await openWorkers(spec, { folder, workers, readyWithinMs: 20_000, start }).catch(async (error) => {
    await ended;
    throw error;
  });
  return { folder, session, incidents, stop: (worker) => stops[worker]?.abort(new Error('stopped')), ended };
}

describe('three workers', () => {
  it('give what one process gives: every slot of the window once, every id read back', async () => {
    const { session, ended, incidents } = await join3(createMemoryDriver());
    const phase = phaseSpec({ ratePerSec: { orders: 3_000 }, drainMaxMs: 20_000 });
    for (const read of [1, 2]) {
      const { topics, generator } = await session.run(phase);
      const [topic] = topics;
      expect(topics).toHaveLength(1);
      expect(topic).toMatchObject({ offeredPerSec: 3_000, failed: 0, unsent: 0, acknowledged: topic?.scheduled });
      // A third of 300 ms at 3,000/s each, give or take a slot at the edges.
      expect(Math.abs((topic?.scheduled ?? 0) - 900)).toBeLessThanOrEqual(6);
      expect(topic?.publish.count).toBe(topic?.scheduled);
      expect(topic?.groups).toMatchObject([{ group: 'lecture', received: topic?.scheduled, members: 3 }]);
      expect(generator.driver).toBe('memory');
      const [integrity] = session.integrity();
      expect(integrity).toMatchObject({
        unknown: 0,
        groups: [{ lost: 0, unseen: 0, duplicates: 0, orderInversions: 0 }],
      });
      expect(integrity?.acknowledged).toBeGreaterThanOrEqual(read * (topic?.scheduled ?? 0));
      expect(integrity?.groups[0]?.received).toBe(integrity?.acknowledged);
    }
    await session.close();
    expect((await ended).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(incidents).toEqual([]);
  });

  it('of which one goes are told as a loss once, beside what the others found', async () => {
    const { folder, session, incidents, stop, ended } = await join3(createMemoryDriver());
    const running = session.run(phaseSpec({ measureMs: 1_500, drainMaxMs: 20_000 }));
    while (!existsSync(join(folder, files.phase(0)))) await new Promise((resolve) => setTimeout(resolve, 10));
    stop(1);
    const { topics } = await running;
    expect(topics[0]?.offeredPerSec).toBeCloseTo(2_000 / 3, 6);
    expect(incidents).toEqual([{ kind: 'workerLost', message: 'worker 1 was lost during the run' }]);
    await session.run(phaseSpec());
    expect(incidents).toHaveLength(1);
    await session.close();
    expect((await ended).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('that cannot connect end the run before any load, and say why', async () => {
    const refused = { ...createMemoryDriver(), createProducer: () => Promise.reject(new Error('no route')) };
    await expect(join3(refused)).rejects.toMatchObject({
      code: 'RESOURCE_MISSING',
      message: expect.stringMatching(/worker \d could not take part: the load could not connect: no route/),
    });
  });

  it('find no secret in the folder, and samples are refused', async () => {
    const { folder, session, ended } = await join3(createMemoryDriver());
    const plan = await readJson<WorkerPlan>(folder, files.plan);
    expect(Object.keys(plan ?? {}).toSorted()).toEqual(
      ['bootstrap', 'driver', 'schemaVersion', 'seed', 'shape', 'topics', 'workers'].toSorted(),
    );
    await session.close();
    await ended;
    await expect(join3(createMemoryDriver(), { shape: { samples: [new Uint8Array(1)] } })).rejects.toThrow(/samples/);
  });
});

describe('the share of a worker', () => {
  it('is at least one producer and one member, and all shares make the whole', () => {
    expect([0, 1, 2].map((worker) => shareOf(7, worker, 3))).toEqual([3, 2, 2]);
    expect([0, 1, 2].map((worker) => shareOf(2, worker, 3))).toEqual([1, 1, 1]);
    const topics = topicsOfWorker([loadTopic({ members: 4 })], 1, 2);
    expect(topics[0]?.groups).toMatchObject([{ clusterGroup: 'run-orders-lecture-worker-1', members: 2 }]);
    expect(new Set([0, 1, 2, 3].map((worker) => seedOfWorker(7, worker))).size).toBe(4);
  });
});

it('a worker that the run does not have is refused', async () => {
  const { folder, session, ended } = await join3(createMemoryDriver());
  const options = { folder, security: undefined, onProgress: () => {} };
  const signal = new AbortController().signal;
  await expect(runWorker({ ...options, worker: 5, signal })).rejects.toThrow(/this is worker 5, the run of .* 0 to 2/);
  await session.close();
  await ended;
});
