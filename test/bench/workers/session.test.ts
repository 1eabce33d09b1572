import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConsumedRecord, type Driver } from '../../../bench/drivers/driver.ts';
import { rawCanary } from '../../../bench/load/canary.ts';
import type { LoadSession, LoadSpec } from '../../../bench/load/types.ts';
import type { SearchCount } from '../../../bench/privacy/search.ts';
import { awsIamSecurity, publicTls } from '../../../bench/security/security.ts';
import { names, type WorkerPlan } from '../../../bench/workers/meeting.ts';
import { openWorkers } from '../../../bench/workers/session.ts';
import { seedOfWorker, shareOf, topicsOfWorker } from '../../../bench/workers/share.ts';
import { runWorker } from '../../../bench/workers/worker.ts';
import type { Incident } from '../../../lib/measurement/types.ts';
import { loadTopic, phaseSpec } from '../load/load-topic.ts';
import { createMemoryDriver } from '../load/memory-driver.ts';
import { type Place, placesToMeet } from './meetings.ts';

/** However busy the machine is. */
const patiently = { timeout: 60_000, interval: 5 };

let place: Place;
afterEach(() => place.remove());

const readPlan = async (): Promise<WorkerPlan | null> => {
  const meeting = await place.open();
  return await vi.waitFor(async () => {
    const plan = await meeting.get<WorkerPlan>(names.plan);
    expect(plan).not.toBeNull();
    return plan;
  }, patiently);
};

interface Joined {
  readonly session: LoadSession;
  readonly incidents: Omit<Incident, 'atMs'>[];
  /** Ends a worker as its process would be ended by Ctrl-C. */
  readonly stop: (worker: number) => void;
  /** How each worker ended. */
  readonly ended: Promise<readonly PromiseSettledResult<void>[]>;
}

const asWorker = { planWithinMs: 20_000, security: undefined, onProgress: () => {} };

async function join3(driver: Driver, change: Partial<LoadSpec> = {}, workers = 3): Promise<Joined> {
  const incidents: Omit<Incident, 'atMs'>[] = [];
  const stops = Array.from({ length: workers }, () => new AbortController());
  let ended: Joined['ended'] = Promise.resolve([]);
  const start = (): void => {
    ended = Promise.allSettled(
      stops.map(async ({ signal }, worker) => {
        const meeting = await place.open();
        await runWorker({ ...asWorker, meeting, worker, signal, driverOf: () => driver });
        await meeting.close();
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
  const meeting = await place.open();
  const command = 'headroom worker headroom-0a1b2c3d-workers --index I';
  const options = { meeting, workers, readyWithinMs: 20_000, command, start };
  const session = await openWorkers(spec, options).catch(async (error) => {
    await ended;
    throw error;
  });
  return { session, incidents, stop: (worker) => stops[worker]?.abort(new Error('stopped')), ended };
}

describe.each(placesToMeet)('three workers that meet in %s', (_, open) => {
  beforeEach(async () => {
    place = await open();
  });

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
    const { session, incidents, stop, ended } = await join3(createMemoryDriver());
    const running = session.run(phaseSpec({ measureMs: 1_500, drainMaxMs: 20_000 }));
    const meeting = await place.open();
    await vi.waitFor(async () => expect(await meeting.get(names.phase(0))).not.toBeNull(), patiently);
    stop(1);
    const { topics } = await running;
    expect(topics[0]?.offeredPerSec).toBeCloseTo(2_000 / 3, 6);
    expect(incidents).toEqual([{ kind: 'workerLost', message: 'worker 1 was lost during the run: stopped' }]);
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

  it('find no secret there, and how to connect where that is none', async () => {
    const sasl = { mechanism: 'PLAIN', username: 'us3r', password: 'pa55' } as const;
    const target = { bootstrap: ['memory:1'], clientId: 'test', security: { ...publicTls, sasl } };
    const { session, ended } = await join3(createMemoryDriver(), { target });
    expect((await readPlan())?.security).toBeNull();
    expect(await place.written()).not.toMatch(/us3r|pa55/);
    await session.close();
    await ended;
    place.remove();
    place = await open();
    const byAws = await join3(createMemoryDriver(), { target: { ...target, security: awsIamSecurity('eu-west-1') } });
    expect((await readPlan())?.security).toEqual(awsIamSecurity('eu-west-1'));
    await byAws.session.close();
    await byAws.ended;
  });

  it('search what they read for private values, each for those of its own load', async () => {
    const memory = createMemoryDriver();
    const leaked = Buffer.from(rawCanary(seedOfWorker(7, 2), 'orders', 'phone'));
    const leaking: Driver = {
      ...memory,
      createConsumer: async (target, settings, onRecords, onError) => {
        const [topic = ''] = settings.topics;
        onRecords([new ConsumedRecord(topic, 0, 1e9, leaked)]);
        return await memory.createConsumer(target, settings, onRecords, onError);
      },
    };
    const searched: SearchCount[] = [];
    const topic = loadTopic({ load: { producers: 4, privateFields: ['phone'], messageSizeBytes: 300 } });
    const { session, ended } = await join3(leaking, { topics: [topic], onSearched: (count) => searched.push(count) });
    await session.run(phaseSpec({ drainMaxMs: 20_000 }));
    await session.run(phaseSpec({ drainMaxMs: 20_000 }));
    await session.close();
    await ended;
    expect(searched.map(({ found }) => found)).toEqual([0, 0, 1, 0, 0, 0]);
  });

  it('fill their records with the samples of the run', async () => {
    const driver = createMemoryDriver();
    const samples = [Buffer.from('ä sample \u0000 of bytes')];
    const plain = loadTopic({ load: { producers: 4, envelope: false } });
    const { session, ended } = await join3(driver, {
      topics: [plain],
      shape: { samples },
    });
    const { topics } = await session.run(phaseSpec({ drainMaxMs: 20_000 }));
    await session.close();
    await ended;
    const values = [...driver.log.values()].flat();
    const filled = values.filter((value) => value.includes('ä sample \u0000 of'));
    expect(filled.length).toBeGreaterThanOrEqual(topics[0]?.scheduled ?? Number.NaN);
  });

  it('end when the run does, in the middle of a phase too', async () => {
    const { session, ended } = await join3(createMemoryDriver());
    const over = new AbortController();
    const running = session.run(phaseSpec({ measureMs: 60_000, signal: over.signal }));
    const meeting = await place.open();
    await vi.waitFor(async () => expect(await meeting.get(names.phase(0))).not.toBeNull(), patiently);
    over.abort(new Error('Ctrl-C'));
    await expect(running).rejects.toThrow('Ctrl-C');
    await session.close();
    for (const end of await ended) expect(end).toMatchObject({ reason: { message: /ended before its phase/ } });
  }, 15_000);
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

it.each(placesToMeet)('a worker that the run in %s does not have is refused', async (_, open) => {
  place = await open();
  const { session, ended } = await join3(createMemoryDriver());
  const options = { ...asWorker, meeting: await place.open(), signal: new AbortController().signal };
  await expect(runWorker({ ...options, worker: 5 })).rejects.toThrow(/this is worker 5, the run of .* 0 to 2/);
  await session.close();
  await ended;
});
