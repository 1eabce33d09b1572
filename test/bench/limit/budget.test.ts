/**
 * The whole search by default, on the load engine itself: its clock, its timers and the cluster are simulated, so that two minutes of
 * load take a moment, and a machine that is busy changes nothing.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Driver } from '../../../bench/drivers/driver.ts';
import { findLimit, type LimitSearch } from '../../../bench/limit/probing.ts';
import { limitSettings } from '../../../bench/limit/settings.ts';
import { openLoad } from '../../../bench/load/open-load.ts';
import type { PhaseResult, PhaseSpec } from '../../../bench/load/types.ts';
import type { LimitMeasurement } from '../../../lib/measurement/limit/types.ts';
import { latencyOf, probeOf, topicOf } from '../../measurement/limit/probes.ts';
import { examplePlan } from '../example-plan.ts';
import { loadTopicsOf } from '../load/load-topic.ts';
import { createMemoryDriver } from '../load/memory-driver.ts';

vi.mock('node:timers/promises', () => ({
  setTimeout: (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds),
  setImmediate: () => vi.advanceTimersByTimeAsync(1),
}));

beforeEach(
  () => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'setInterval', 'Date'] }),
);
afterEach(() => void vi.useRealTimers());

const full = examplePlan();
/** A tenth of the load, so that the simulation is quick: the ramp begins at 100/s. */
const plan = {
  ...full,
  topics: full.topics.map((topic) => ({ ...topic, load: { ...topic.load, averagePerSec: 20, peakPerSec: 100 } })),
};
const budgetMs = 120_000;
const settings = limitSettings(plan, { fromPerSec: null, toPerSec: null, budgetMs: null, resolution: null });
const asked: Omit<LimitSearch, 'session'> = {
  plan,
  settings,
  resources: { between: () => probeOf().resources, stop: () => {} },
  network: null,
  signal: new AbortController().signal,
  onProgress: () => {},
  onProbe: () => {},
  mayGoOn: () => true,
};

interface Found {
  readonly limit: LimitMeasurement;
  /** From the first slot to the end of the last drain, by the simulated clock. */
  readonly loadMs: number;
  readonly phases: readonly PhaseSpec[];
}

async function search(driver: Driver): Promise<Found> {
  const session = await openLoad({
    target: { bootstrap: ['memory:1'], clientId: 'test' },
    driver,
    topics: loadTopicsOf(plan),
    seed: 7,
    onIncident: () => {},
  });
  const phases: PhaseSpec[] = [];
  const fromMs = performance.now();
  const limit = await findLimit({
    ...asked,
    session: {
      run: async (phase) => {
        phases.push(phase);
        return await session.run(phase);
      },
    },
  });
  const loadMs = performance.now() - fromMs;
  const closing = session.close();
  await vi.advanceTimersByTimeAsync(60_000);
  await closing;
  return { limit, loadMs, phases };
}

/** A cluster that appends `perSec` records a second, one batch after the other, and lets readers have what `isRead` says. */
function server(perSec: number, isRead = (): boolean => true): Driver {
  const memory = createMemoryDriver(0);
  let freeAtMs = 0;
  return {
    ...memory,
    createProducer: async (...given) => {
      const producer = await memory.createProducer(...given);
      return {
        ...producer,
        send: async (batches) => {
          const records = batches.reduce((sum, batch) => sum + batch.records.length, 0);
          freeAtMs = Math.max(freeAtMs, performance.now()) + (records * 1000) / perSec;
          await new Promise((resolve) => setTimeout(resolve, freeAtMs - performance.now()));
          return await producer.send(batches);
        },
      };
    },
    createConsumer: async (target, spec, onRecords, onError) =>
      await memory.createConsumer(target, spec, (records) => isRead() && onRecords(records), onError),
  };
}

it('finds the limit of a healthy cluster within 120 s of load, warm-ups and drains included', async () => {
  const { limit, loadMs } = await search(server(400));
  if (limit.answer.kind !== 'rate') return expect.unreachable(JSON.stringify(limit.answer));
  expect(limit.answer.ratePerSec).toBeLessThanOrEqual(400 * 1.01);
  expect(limit.answer.highPerSec).toBeGreaterThan(400);
  expect(loadMs).toBeLessThanOrEqual(budgetMs);
});

it('keeps to 120 s where nobody reads any more, and holds what it had no time to wait for against no rate', async () => {
  const fromMs = performance.now();
  const { limit, loadMs, phases } = await search(server(400, () => performance.now() < fromMs + 42_000));
  expect(loadMs).toBeLessThanOrEqual(budgetMs);
  expect(limit.loadMs).toBeLessThanOrEqual(budgetMs);
  expect(limit.answer.kind).toBe('unresolved');
  const waits = phases.map(({ drainMaxMs }) => drainMaxMs);
  expect(waits.at(-1)).toBeLessThan(waits[0] ?? 0);
  expect(limit.probes).toHaveLength(phases.length - 1);
});

/** As long as each of its parts may take, by what the engine is told: a share of it where records settle sooner. */
it('keeps to its time however long warm-ups, sends and drains take, and whatever they show', async () => {
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  const taken = fc.record({ warmUp: part, sendOff: part, drain: part, isSlow: fc.boolean() });
  const worst = { warmUp: 1, sendOff: 1, drain: 1, isSlow: true };
  const cases = fc.array(taken, { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(cases, fc.integer({ min: 20_000, max: 300_000 }), async (probes, budgetMs) => {
      let phases = 0;
      const run = async (phase: PhaseSpec): Promise<PhaseResult> => {
        const { warmUp, sendOff, drain, isSlow } = probes[phases++ % probes.length] ?? worst;
        const { warmUpMaxMs, measureMs, drainMaxMs } = phase;
        vi.advanceTimersByTime(warmUp * warmUpMaxMs + measureMs + (sendOff + drain) * drainMaxMs);
        return { ...probeOf(), measuredMs: measureMs, topics: [topicOf({ publish: latencyOf(isSlow ? 5_000 : 5) })] };
      };
      const fromMs = performance.now();
      const found = await findLimit({ ...asked, session: { run }, settings: { ...settings, budgetMs } });
      expect(performance.now() - fromMs).toBeLessThanOrEqual(budgetMs);
      expect(found.loadMs).toBeLessThanOrEqual(budgetMs);
      expect(phases).toBeGreaterThan(0);
    }),
    {
      examples: [
        [[worst], 20_000],
        [[worst], 120_000],
      ],
      numRuns: 50,
    },
  );
});
