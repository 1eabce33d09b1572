import { describe, expect, it } from 'vitest';
import { compareTargets } from '../../lib/plan/compare.ts';
import { renderComparison, renderSensitivity, renderWhatIf } from '../../lib/plan/compare-text.ts';
import { planSized } from '../../lib/plan/plan.ts';
import { outcomeOf, sensitivityOf } from '../../lib/plan/sensitivity.ts';
import { rational } from '../../lib/rational.ts';
import { perSec, topicOf, useCaseOf } from './use-cases.ts';

const growing = topicOf({ produce: { growthPerMonth: rational(1, 20) } });
const useCase = useCaseOf([growing]);

describe('comparing targets', () => {
  const options = compareTargets(useCase);
  const find = (name: string) => options.find((option) => option.name === name);

  it('shows every target in a fixed order, each with a size, a price and what binds', () => {
    expect(options.map(({ name }) => name)).toEqual([
      'msk',
      'msk tiered',
      'msk-express',
      'msk-serverless',
      'ec2',
      'ec2 combined',
      'ec2 local disk',
    ]);
    for (const { chosen, monthlyUsd, headroom, bindingConstraint } of options) {
      expect(chosen).not.toBeNull();
      expect(monthlyUsd).toBeGreaterThan(0);
      expect(headroom).toBeGreaterThan(0);
      expect(bindingConstraint).not.toBeNull();
    }
  });

  it('says the same of the stated target as its plan', () => {
    const { plan, sizing } = planSized(useCase);
    expect(find('msk')).toMatchObject({ monthlyUsd: plan.cost.monthlyUsd, chosen: sizing.chosen?.option });
  });

  it('runs controllers in the brokers for less money and less memory, and says what that costs', () => {
    const combined = find('ec2 combined');
    expect(combined?.monthlyUsd).toBeLessThan(find('ec2')?.monthlyUsd ?? 0);
    expect(combined?.notes).toEqual([expect.stringContaining('not for production')]);
    const cacheOf = (combinedControllers: boolean) => {
      const there = { ...useCase, cluster: { ...useCase.cluster, target: 'ec2' as const } };
      const { candidates } = planSized(there, { combinedControllers }).sizing;
      return candidates.flatMap(
        ({ normal }) => normal.find(({ resource }) => resource === 'pageCache')?.capacity ?? [],
      );
    };
    const alone = cacheOf(false);
    expect(alone.length).toBeGreaterThan(5);
    cacheOf(true).forEach((capacity, index) => {
      expect(capacity).toBe(Math.max(0, (alone[index] ?? 0) - 4 * 1024 ** 3));
    });
  });

  it('prices a GB that producers send', () => {
    const msk = find('msk');
    const { demand } = planSized(useCase);
    const gb = ((demand.topics[0]?.averageInBytesPerSec ?? 0) * 730 * 3600) / 1e9;
    expect(msk?.usdPerProducedGb).toBeCloseTo((msk?.monthlyUsd ?? 0) / gb, 9);
  });

  it('shows the cost of later months, which never falls as the load grows', () => {
    for (const { curve, name, monthlyUsd } of options) {
      expect(curve.map(({ month }) => month)).toEqual([0, 12, 24, 36]);
      if (name !== 'msk-express') expect(curve[0]?.monthlyUsd).toBeCloseTo(monthlyUsd ?? 0, 2);
      const costs = curve.map((point) => point.monthlyUsd ?? 0);
      expect(costs, name).toEqual(costs.toSorted((a, b) => a - b));
    }
    expect(compareTargets(useCaseOf([topicOf()]))[0]?.curve).toEqual([]);
  });

  it('says from which month on a cost is unknown or nothing fits, and why', () => {
    const busy = topicOf({
      message: { sizeBytes: 1000 },
      produce: { ratePerSec: perSec(10_000), peakPerSec: perSec(20_000), growthPerMonth: rational(3, 20) },
      retention: { timeMs: 86_400_000 },
      consumers: [{ service: 'lecture', ratePerSec: perSec(10_000), catchUp: null }],
    });
    const found = compareTargets(useCaseOf([busy], { brokers: null }));
    const ec2 = found.find(({ name }) => name === 'ec2');
    expect(ec2?.monthlyUsd).not.toBeNull();
    const unknown = ec2?.curve.find(({ monthlyUsd }) => monthlyUsd === null);
    expect(unknown?.chosen).toContain('gp3');
    expect(ec2?.notes).toContain(
      `month ${unknown?.month}: ${unknown?.chosen}, the price table of us-east-1 (2026-06-23) lacks gp3MiBpsMonth`,
    );
    const serverless = found.find(({ name }) => name === 'msk-serverless');
    const outgrown = serverless?.curve.find(({ chosen }) => chosen === null);
    expect(serverless?.notes).toEqual([expect.stringMatching(`^month ${outgrown?.month}: .*ingress`)]);
  });

  it('says what is not possible, and why', () => {
    const compacted = topicOf({ retention: { cleanup: 'compact', timeMs: null, keys: 1000 } });
    const twoZones = compareTargets(useCaseOf([compacted], { zones: 2, brokers: 4 }));
    const note = (name: string) => twoZones.find((option) => option.name === name);
    expect(note('msk')?.chosen).not.toBeNull();
    expect(note('msk-express')).toMatchObject({
      chosen: null,
      monthlyUsd: null,
      notes: [expect.stringContaining('3 zones')],
    });
    expect(note('msk tiered')?.notes[0]).toContain('cleanup delete');
  });

  it('does not offer what the target refuses: brokers that do not divide over its zones, or too few zones', () => {
    const uneven = compareTargets(useCaseOf([topicOf()], { brokers: 4 }));
    const oneZone = compareTargets(useCaseOf([topicOf()], { zones: 1, survive: 'none' }));
    const find = (all: typeof uneven, name: string) => all.find((option) => option.name === name);
    expect(find(uneven, 'msk')).toMatchObject({ chosen: null, notes: [expect.stringContaining('not 4 over all')] });
    expect(find(uneven, 'msk-express')?.chosen).not.toBeNull();
    for (const name of ['msk', 'msk tiered', 'msk-express'])
      expect(find(oneZone, name)).toMatchObject({ chosen: null, notes: [expect.stringMatching(/zones, not 1/)] });
    expect(find(oneZone, 'ec2')?.chosen).not.toBeNull();
  });

  it('has no cost in a region without prices, and says so everywhere', () => {
    for (const { monthlyUsd, notes, chosen } of compareTargets(useCaseOf([topicOf()], { region: 'eu-central-1' }))) {
      expect(chosen).not.toBeNull();
      expect(monthlyUsd).toBeNull();
      expect(notes.join()).toContain('no price table of eu-central-1');
    }
  });

  it('prints a table, the notes and the later months', () => {
    const text = renderComparison('course-events', options);
    expect(text).toMatch(/msk-serverless +one cluster/);
    expect(text).toContain('msk tiered: reading back from the tier costs more');
    expect(text).toMatch(/USD a month in +month 0 +month 12/);
    expect(text).toContain('course-events on every target, prices of 2026-06-23');
    expect(text).toContain('msk-serverless: authentication by IAM only');
    expect(text.match(/patching, scaling and repair/g)).toHaveLength(1);
  });
});

describe('what moves the result most', () => {
  it('is the rate for a busy topic, and every input is named once', () => {
    const busy = topicOf({ produce: { ratePerSec: perSec(50_000), peakPerSec: perSec(100_000) } });
    const found = sensitivityOf(useCaseOf([busy], { brokers: 3 }));
    expect(found.inputs.map(({ change }) => change).toSorted()).toEqual(
      ['load=x2', 'rate=x2', 'peak=x2', 'size=x2', 'retention=x2', 'groups=+1', 'survive=zone'].toSorted(),
    );
    expect(['load=x2', 'size=x2']).toContain(found.inputs[0]?.change);
    const extra = found.inputs.map(({ extraUsd }) => Math.abs(extraUsd ?? Number.POSITIVE_INFINITY));
    expect(extra[0]).toBeGreaterThan(extra.at(-1) ?? 0);
    expect(renderSensitivity('x', found)).toContain('average and peak rate');
  });

  it('puts what fits nowhere first', () => {
    const wide = topicOf({
      produce: { ratePerSec: perSec(50_000), peakPerSec: perSec(100_000) },
      message: { sizeBytes: 1200 },
      consumers: [{ service: 'a', ratePerSec: perSec(2000), catchUp: null }],
    });
    const found = sensitivityOf(useCaseOf([wide], { target: 'msk-serverless', brokers: null }));
    expect(found.base.chosen).not.toBeNull();
    expect(found.inputs[0]?.outcome.chosen).toBeNull();
    expect(found.inputs[0]?.outcome.reason).toContain('ingress');
  });
});

describe('an outcome', () => {
  it('of a use case that cannot be planned is nothing, with the reason', () => {
    const outcome = outcomeOf(useCaseOf([topicOf({ replicas: 7 })]));
    expect(outcome).toMatchObject({ chosen: null, monthlyUsd: null });
    expect(outcome.reason).toContain('7 replicas');
    const text = renderWhatIf('x', 'replicas=7', { base: outcomeOf(useCase), changed: outcome });
    expect(text).toContain('nothing fits');
    expect(text).toContain('7 replicas');
  });

  it('shows more partitions with what they cost, and what is warned of only then', () => {
    const changed = outcomeOf(useCaseOf([topicOf({ produce: { peakPerSec: perSec(3000) }, replicas: 2 })]));
    const text = renderWhatIf('x', 'peak=x3,replicas=2', { base: outcomeOf(useCaseOf([topicOf()])), changed });
    expect(text).toMatch(/partitions +10 +30/);
    expect(text).toMatch(/warned of then\n.* writes stop when one broker is lost/);
    expect(text).toContain('more partitions move keys');
    const same = outcomeOf(useCaseOf([topicOf()]));
    expect(renderWhatIf('x', 'peak=x1', { base: same, changed: same })).not.toMatch(/warned|move keys/);
  });
});
