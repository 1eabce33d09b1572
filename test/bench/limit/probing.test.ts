import { describe, expect, it } from 'vitest';
import { findLimit, type LimitSearch } from '../../../bench/limit/probing.ts';
import type { ResourceWatch } from '../../../bench/limit/resources.ts';
import { limitSettings } from '../../../bench/limit/settings.ts';
import type { PhaseResult, PhaseSpec } from '../../../bench/load/types.ts';
import type { LimitMeasurement } from '../../../lib/measurement/limit/types.ts';
import { groupOf, healthy, latencyOf, probeOf, topicOf } from '../../measurement/limit/probes.ts';
import { examplePlan } from '../example-plan.ts';

const plan = examplePlan();
const resources: ResourceWatch = { between: () => probeOf().resources, stop: () => {} };

/** A cluster that holds `capacityPerSec` and is slow beyond it; a generator that ends before that holds the rest back. */
function session(capacityPerSec: number, generatorPerSec = Number.POSITIVE_INFINITY) {
  const phases: PhaseSpec[] = [];
  const run = async (phase: PhaseSpec): Promise<PhaseResult> => {
    phases.push(phase);
    const ratePerSec = Object.values(phase.ratePerSec).reduce((sum, rate) => sum + rate, 0);
    const isLate = ratePerSec > generatorPerSec;
    const isSlow = isLate || ratePerSec > capacityPerSec;
    return {
      startedAt: '2026-11-21T04:10:22.000Z',
      measuredMs: phase.measureMs,
      cutShort: false,
      warmUpMs: phase.warmUpMinMs,
      steady: true,
      topics: [topicOf({ publish: latencyOf(isSlow ? 5_000 : 5), groups: [groupOf()] })],
      generator: isLate ? { ...healthy, wasTheLimit: true, reason: 'the harness was busy 99 % of the time' } : healthy,
      series: [],
    };
  };
  return { run, phases };
}

function searchOn(on: Pick<LimitSearch, 'session'>, change: Partial<LimitSearch> = {}): LimitSearch {
  return {
    ...on,
    plan,
    settings: limitSettings(plan, { fromPerSec: null, toPerSec: null, budgetMs: null, resolution: null }),
    resources,
    network: null,
    signal: new AbortController().signal,
    onProgress: () => {},
    onProbe: () => {},
    mayGoOn: () => true,
    ...change,
  };
}

describe('a search on a session', () => {
  it('finds what the cluster holds within 5 %, and keeps every probe', async () => {
    const kept: LimitMeasurement[] = [];
    const on = session(17_000);
    const found = await findLimit(searchOn({ session: on }, { onProbe: (soFar) => kept.push(soFar) }));
    expect(found.answer.kind).toBe('rate');
    if (found.answer.kind !== 'rate') return;
    expect(found.answer.ratePerSec).toBeGreaterThan(17_000 / 1.05);
    expect(found.answer.ratePerSec).toBeLessThanOrEqual(17_000);
    expect(found.answer.highPerSec).toBeGreaterThan(17_000);
    expect(found.probes).toHaveLength(on.phases.length);
    expect(kept.map(({ probes }) => probes.length)).toEqual(on.phases.map((_, index) => index + 1));
    expect(found.cause.place).toBe('unknown');
    expect(found.probes.at(-1)).toMatchObject({ purpose: 'confirmation', sustained: true, misses: [] });
  });

  it('says that the generator was the limit, and never blames the cluster', async () => {
    const { cause } = await findLimit(searchOn({ session: session(1e9, 9_000) }));
    expect(cause).toEqual({ place: 'client', evidence: ['the harness was busy 99 % of the time'] });
  });

  it('names the network of a cluster whose bandwidth is stated, and of no other', async () => {
    const on = session(17_000);
    const run = async (phase: PhaseSpec): Promise<PhaseResult> => {
      const result = await on.run(phase);
      const [name = ''] = Object.keys(phase.ratePerSec);
      const topics = result.topics.map((topic) => ({ ...topic, topic: name, achievedPerSec: 17_000 }));
      return { ...result, topics };
    };
    const found = async (network: LimitSearch['network']) =>
      (await findLimit(searchOn({ session: { run } }, { network }))).cause;
    // 17,000/s x 3 replicas x 224 B (4 records a batch) over 3 brokers are 3.81 MB/s.
    expect(await found({ brokers: 3, bytesPerSec: 4_000_000 })).toEqual({
      place: 'network',
      evidence: ["95.3 % of a broker's stated bandwidth was used"],
    });
    expect((await found({ brokers: 3, bytesPerSec: 100_000_000 })).place).toBe('unknown');
    expect((await found(null)).place).toBe('unknown');
  });

  it('ends unresolved when it may not go on, as after a lost broker', async () => {
    const on = session(17_000);
    const { answer, probes } = await findLimit(searchOn({ session: on }, { mayGoOn: () => on.phases.length < 3 }));
    // The third ran while it was lost, so it says nothing.
    expect(on.phases).toHaveLength(3);
    expect(probes).toHaveLength(2);
    expect(answer).toMatchObject({ kind: 'unresolved', highPerSec: null });
  });

  it('does not begin a probe that its time has no room for', async () => {
    const settings = { ...searchOn({ session: session(1) }).settings, budgetMs: 100 };
    const { answer, probes } = await findLimit(searchOn({ session: session(17_000) }, { settings }));
    expect(probes).toEqual([]);
    expect(answer).toEqual({ kind: 'unresolved', lowPerSec: null, highPerSec: null });
  });

  it('rejects with the reason of an abort', async () => {
    const run = async (): Promise<PhaseResult> => {
      throw new Error('stopped');
    };
    await expect(findLimit(searchOn({ session: { run } }))).rejects.toThrow('stopped');
  });
});
