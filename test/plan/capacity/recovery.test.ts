import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../lib/plan/capacity/policy.ts';
import { planRecovery, type Recovery } from '../../../lib/plan/capacity/recovery.ts';
import { recoveryText } from '../../../lib/plan/capacity/recovery-text.ts';
import { sizeTarget } from '../../../lib/plan/capacity/size.ts';
import type { Target } from '../../../lib/requirements/types.ts';
import { demandWith, megabyte, sizingOf, topicDemandOf } from './demands.ts';

const demand = demandWith([topicDemandOf(60, { producers: 40, consumerThreads: 30 })], { brokers: 6 });

function recoveryOf(target: Target, change: Partial<typeof demand> = {}): Recovery {
  const asked = { ...demand, ...change };
  const { chosen } = sizeTarget(target, sizingOf(asked));
  expect(chosen).not.toBeNull();
  return planRecovery(chosen, asked, defaultPolicy);
}

const inputOf = ({ why }: Recovery, figure: string, input: string): number =>
  Number(why.find((each) => each.figure === `recovery.${figure}`)?.inputs[input]);

describe('recovery', () => {
  const msk = recoveryOf('msk');

  it('copies what was written while a broker was away, with the room that is left', () => {
    const spare = inputOf(msk, 'catchUpMs', 'spare');
    // 60 MB/s x 3 copies / 6 brokers, for the quarter of an hour that AWS names at most for a restart.
    expect(msk.plan.awayMs).toBe(900_000);
    expect(msk.plan.catchUpMs).toBeCloseTo((900_000 * 30 * megabyte) / spare, -1);
    expect(spare).toBeGreaterThan(0);
  });

  it('copies the data of a broker anew: data per broker / what is left', () => {
    const stored = (30 * megabyte * 86_400 * 3) / 6;
    expect(msk.plan.rebuildMs).toBeCloseTo((stored / inputOf(msk, 'rebuildMs', 'spare')) * 1000, -2);
  });

  it('takes longer the more is written and stored', () => {
    const twice = recoveryOf('ec2', { topics: demand.topics.map((topic) => ({ ...topic, onDiskBytes: 1e13 })) });
    expect(twice.plan.rebuildMs).toBeGreaterThan(recoveryOf('ec2').plan.rebuildMs ?? Number.NaN);
  });

  it('reconnects every client by the quota of 100 a second with IAM: 40 producers and 2 x 30 threads in a second', () => {
    for (const target of ['msk', 'msk-express'] as const) expect(recoveryOf(target).plan.reconnectMs).toBe(1000);
    expect(recoveryOf('ec2').plan.reconnectMs).toBeUndefined();
  });

  it('promises nothing of what the target does itself', () => {
    const { plan, why } = recoveryOf('msk-express');
    expect(Object.keys(plan)).toEqual(['reconnectMs']);
    expect(why.map(({ figure }) => figure)).toEqual(['recovery.reconnectMs']);
    expect(planRecovery(null, demand, defaultPolicy)).toEqual({ plan: {}, why: [] });
  });

  it('is told in one sentence', () => {
    const times = { cachedMs: 95_000, awayMs: 900_000, catchUpMs: 60_000, rebuildMs: 7_200_000 };
    expect(recoveryText({ ...times, followerFetchMs: 9, reconnectMs: 2000 })).toBe(
      'a broker away for 15 min is in sync again after 1 min; the data of one is copied anew in 2 h; readers up to 1.58 min behind read from memory; the quota of IAM lets all clients connect anew in 2 s',
    );
    expect(recoveryText({})).toBeNull();
  });
});

describe('new connections', () => {
  const clients = (producers: number) =>
    sizeTarget('msk', sizingOf(demandWith([topicDemandOf(1, { producers, consumerThreads: 0 })], { brokers: 3 })));

  it('are judged against the quota: all clients of a broker in 30 s, 100 a second', () => {
    const { chosen } = clients(1500);
    const use = chosen?.normal.find(({ resource }) => resource === 'newConnections');
    expect(use).toMatchObject({ used: 50, limit: 100, utilisation: 0.5, evidence: 'published' });
  });

  it('rule out a t3, which takes 4 a second', () => {
    const { candidates } = clients(1500);
    const t3 = candidates.find(({ instanceType }) => instanceType === 'kafka.t3.small');
    expect(t3?.faults.length).toBeGreaterThan(0);
  });

  it('are too many where the time allowed is short', () => {
    const input = sizingOf(demandWith([topicDemandOf(1, { producers: 1500, consumerThreads: 0 })], { brokers: 3 }), {
      policy: { ...defaultPolicy, reconnectWithinSeconds: 10 },
    });
    for (const target of ['msk', 'msk-express', 'msk-serverless'] as const)
      expect(sizeTarget(target, input).impossible[0], target).toContain(
        'newConnections 150 connections/s of 100 connections/s (150 %)',
      );
  });
});
