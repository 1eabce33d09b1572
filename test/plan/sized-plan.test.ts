import { describe, expect, it } from 'vitest';
import { usEast1 } from '../../lib/plan/facts/prices/us-east-1.ts';
import { planSized, planUseCase } from '../../lib/plan/plan.ts';
import { renderPlan } from '../../lib/plan/text.ts';
import { rational } from '../../lib/rational.ts';
import { dayMs, perSec, topicOf, useCaseOf } from './use-cases.ts';

const busy = topicOf({
  message: { sizeBytes: 1000 },
  produce: { ratePerSec: perSec(50_000), peakPerSec: perSec(100_000) },
  consumers: [{ service: 'lecture', ratePerSec: perSec(5000), catchUp: null }],
});

describe('the cluster of a plan', () => {
  it('is the one chosen from the candidates, with its disk and its price', () => {
    const { plan, sizing } = planSized(useCaseOf([busy], { brokers: null }));
    expect(plan.cluster).toMatchObject({
      brokers: sizing.chosen?.brokers,
      instanceType: sizing.chosen?.instanceType,
      rejected: sizing.rejected,
    });
    expect(plan.storage.provisionedBytesPerBroker).toBe((sizing.chosen?.volume?.sizeGiB ?? 0) * 1024 ** 3);
    expect(plan.storage.provisionedThroughputMiBps).toBe(sizing.chosen?.volume?.provisionedMiBps ?? 0);
    expect(plan.cost).toEqual(sizing.chosen?.cost);
    expect(plan.cluster.brokers % 3).toBe(0);
    expect(plan.cluster.brokers).toBeGreaterThan(3);
  });

  it('provides more space than is required and than the disks will hold', () => {
    for (const change of [topicOf(), busy, topicOf({ retention: { timeMs: 90 * dayMs } })]) {
      const { storage, cluster } = planUseCase(useCaseOf([change], { brokers: null }));
      const provided = (storage.provisionedBytesPerBroker ?? 0) * cluster.brokers;
      expect(provided).toBeGreaterThanOrEqual(Math.max(storage.requiredBytes, storage.onDiskBytes));
    }
  });

  it('has no less headroom with every broker than after the loss', () => {
    const { cluster } = planUseCase(useCaseOf([busy], { brokers: null, survive: 'zone' }));
    expect(cluster.degraded.headroom).toBeLessThanOrEqual(cluster.headroom ?? 0);
    expect(cluster.degraded.brokers).toBe((cluster.brokers * 2) / 3);
  });

  it('keeps the stated number of brokers and chooses a type that holds with it', () => {
    const day = topicOf({ ...busy, retention: { timeMs: dayMs } });
    const { cluster } = planUseCase(useCaseOf([day], { brokers: 3 }));
    expect(cluster.brokers).toBe(3);
    expect(cluster.headroom).toBeGreaterThanOrEqual(0);
  });

  it('that nothing can carry is a warning with what comes closest, and a negative headroom', () => {
    const heavy = topicOf({ ...busy, produce: { ratePerSec: perSec(2_000_000), peakPerSec: perSec(4_000_000) } });
    const plan = planUseCase(useCaseOf([heavy], { brokers: 3 }));
    expect(plan.cluster.instanceType).toBeNull();
    expect(plan.cluster.headroom).toBeLessThan(0);
    expect(plan.missing['cluster.instanceType']).toContain('closest is 3 x');
    expect(plan.cost).toMatchObject({ monthlyUsd: null, reason: expect.stringContaining('no type carries it') });
    const warning = plan.warnings.find(({ code }) => code === 'TARGET_LIMIT_EXCEEDED');
    expect(warning?.path).toBe('cluster.brokers');
    expect(warning?.remedy).toContain('leave brokers out');
  });

  it('dearer than asked for is a warning with both sums', () => {
    const slo = { publishP99Ms: null, endToEndP99Ms: null, lagMaxRecords: null, costMaxUsdPerMonth: 100 };
    const { warnings, cost } = planUseCase(useCaseOf([topicOf()], {}, { slo }));
    const warning = warnings.find(({ code }) => code === 'COST_EXCEEDED');
    expect(warning?.message).toContain(String(cost.monthlyUsd));
    expect(planUseCase(useCaseOf()).warnings.map(({ code }) => code)).not.toContain('COST_EXCEEDED');
  });

  it('shows AWS’s own sums beside it', () => {
    const { cluster } = planUseCase(useCaseOf([busy], { brokers: null }));
    const script = cluster.why.find(({ figure }) => figure === "AWS's script: brokers");
    // AWS fills disks to 50 %, the plan to 60 %: three brokers of a type more at most.
    expect(Math.abs(Number(script?.value) - cluster.brokers)).toBeLessThanOrEqual(3);
    expect(cluster.why.find(({ figure }) => figure.includes('right-sizing'))?.value).toBeGreaterThan(100);
  });

  it('names the throughput to buy, and more brokers once the disks are as large as they get', () => {
    const heavy = topicOf({
      ...busy,
      produce: { ratePerSec: perSec(200_000), peakPerSec: perSec(320_000), growthPerMonth: rational(1, 20) },
      retention: { timeMs: 3 * dayMs },
    });
    const plan = planUseCase(useCaseOf([heavy], { brokers: 12 }));
    expect(plan.storage.provisionedBytesPerBroker).toBe(16_384 * 1024 ** 3);
    expect(plan.storage.provisionedThroughputMiBps).toBeGreaterThan(250);
    expect(renderPlan(plan, { explain: false })).toContain(
      `${plan.storage.provisionedThroughputMiBps} MiB/s provisioned`,
    );
    const reached = plan.growth.flatMap(({ limitsReached }) => limitsReached).join('\n');
    expect(reached).toMatch(/volumeSize .*more brokers, as the disks are as large as they get/);
  });

  it('names a limit that rests on a heuristic as weak', () => {
    const text = renderPlan(planUseCase(useCaseOf([busy], { target: 'ec2', brokers: null })), { explain: true });
    expect(text).toMatch(/^cpu .*a heuristic.* heuristic /m);
  });

  it('takes prices given, of a region that the use case does not name', () => {
    const prices = { ...usEast1, region: 'eu-west-1', asOf: '2026-11-20' };
    const { cost } = planUseCase(useCaseOf([topicOf()], { region: null }), { prices });
    expect(cost).toMatchObject({ region: 'eu-west-1', pricesAsOf: '2026-11-20', reason: null });
  });
});
