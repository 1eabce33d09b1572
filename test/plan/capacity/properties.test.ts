import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remaining } from '../../../lib/plan/brokers.ts';
import type { Candidate } from '../../../lib/plan/capacity/candidate.ts';
import { clusterLoads } from '../../../lib/plan/capacity/cluster-load.ts';
import { type Demand, demandOf } from '../../../lib/plan/capacity/demand.ts';
import { sizeTarget } from '../../../lib/plan/capacity/size.ts';
import { planSized } from '../../../lib/plan/plan.ts';
import { planTopic } from '../../../lib/plan/topics.ts';
import { rational } from '../../../lib/rational.ts';
import type { Target } from '../../../lib/requirements/types.ts';
import { perSec, type TopicChange, topicOf, useCaseOf } from '../use-cases.ts';
import { demandWith, sizingOf, topicDemandOf } from './demands.ts';

const targets = ['msk', 'msk-express', 'msk-serverless', 'ec2'] as const;
const targetOf = fc.constantFrom<Target>(...targets);

/** A use case small enough that each fits somewhere, large enough that brokers, disks and partitions all bind at times. */
const sized = fc.record({
  ratePerSec: fc.integer({ min: 1, max: 20_000 }),
  peakFactor: fc.integer({ min: 1, max: 5 }),
  sizeBytes: fc.integer({ min: 20, max: 5000 }),
  hours: fc.integer({ min: 1, max: 240 }),
  replicas: fc.integer({ min: 1, max: 4 }),
  groups: fc.integer({ min: 0, max: 4 }),
});
type Sized = typeof sized extends fc.Arbitrary<infer T> ? T : never;

const more = fc.record({
  ratePerSec: fc.integer({ min: 0, max: 20_000 }),
  peakFactor: fc.integer({ min: 0, max: 3 }),
  sizeBytes: fc.integer({ min: 0, max: 5000 }),
  hours: fc.integer({ min: 0, max: 240 }),
  replicas: fc.integer({ min: 0, max: 2 }),
  groups: fc.integer({ min: 0, max: 3 }),
});

const added = (base: Sized, extra: Sized): Sized => ({
  ratePerSec: base.ratePerSec + extra.ratePerSec,
  peakFactor: base.peakFactor + extra.peakFactor,
  sizeBytes: base.sizeBytes + extra.sizeBytes,
  hours: base.hours + extra.hours,
  replicas: base.replicas + extra.replicas,
  groups: base.groups + extra.groups,
});

function demandFor(figures: Sized, target: Target): Demand {
  const change: TopicChange = {
    message: { sizeBytes: figures.sizeBytes },
    produce: { ratePerSec: perSec(figures.ratePerSec), peakPerSec: perSec(figures.ratePerSec * figures.peakFactor) },
    retention: { timeMs: figures.hours * 3_600_000 },
    replicas: figures.replicas,
    consumers: Array.from({ length: figures.groups }, (_, index) => ({
      service: `s${index}`,
      ratePerSec: perSec(1000),
      catchUp: { outageMs: 3_600_000, withinMs: 1_800_000 },
    })),
  };
  const requirements = useCaseOf([topicOf(change)], { target, brokers: null, survive: 'zone' });
  const topics = requirements.topics.map((topic) => planTopic(topic, requirements));
  return demandOf(requirements, topics, (brokers) => remaining(requirements.cluster, brokers).brokers);
}

const candidatesFor = (figures: Sized, target: Target): readonly Candidate[] =>
  sizeTarget(target, sizingOf(demandFor(figures, target))).candidates;

describe('asking for more retention, rate, size, replicas or groups', () => {
  it('never uses less of any resource of the same cluster', () => {
    fc.assert(
      fc.property(sized, more, (base, extra) => {
        const demand = demandFor(base, 'ec2');
        const option = sizeTarget('ec2', sizingOf({ ...demand, brokers: 6 })).candidates[3];
        if (option === undefined) throw new Error('no candidate');
        const before = option.under(demand);
        const after = option.under(demandFor(added(base, extra), 'ec2'));
        for (const state of ['normal', 'degraded'] as const)
          before[state].forEach((use, index) => {
            // Rates as doubles: the last bits may differ.
            expect(after[state][index]?.used ?? 0, use.resource).toBeGreaterThanOrEqual(use.used * (1 - 1e-9));
          });
      }),
      { numRuns: 40 },
    );
  });

  it('never needs fewer brokers of any type', () => {
    fc.assert(
      fc.property(sized, more, targetOf, (base, extra, target) => {
        const before = candidatesFor(base, target);
        const after = new Map(candidatesFor(added(base, extra), target).map((found) => [found.instanceType, found]));
        for (const candidate of before) {
          const then = after.get(candidate.instanceType);
          // With provisioned throughput a type is there twice; those pairs are judged by the other property.
          if (then === undefined || candidate.volume?.provisionedMiBps !== then.volume?.provisionedMiBps) continue;
          if (candidate.faults.length > 0) expect(then.faults.length, candidate.option).toBeGreaterThan(0);
          else expect(then.brokers ?? 0).toBeGreaterThanOrEqual(candidate.brokers ?? 0);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('after the loss', () => {
  it('no resource is used less than before it', () => {
    fc.assert(
      fc.property(sized, targetOf, (figures, target) => {
        for (const { normal, degraded } of candidatesFor(figures, target))
          degraded.forEach((use, index) => {
            expect(use.used, use.resource).toBeGreaterThanOrEqual(normal[index]?.used ?? 0);
          });
      }),
      { numRuns: 40 },
    );
  });
});

describe('more brokers', () => {
  it('never make a resource of the same type more used, which the search for the smallest cluster rests on', () => {
    const load = fc.record({ peak: fc.integer({ min: 1, max: 500 }), replicas: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(load, fc.integer({ min: 1, max: 19 }), targetOf, ({ peak, replicas }, thirds, target) => {
        const at = (brokers: number): ReadonlyMap<string, Candidate> => {
          const demand = demandWith([topicDemandOf(peak, { replicas })], { brokers });
          const { candidates } = sizeTarget(target, sizingOf(demand));
          return new Map(candidates.map((candidate) => [`${candidate.instanceType}`, candidate]));
        };
        const fewer = at(thirds * 3);
        const larger = at(thirds * 3 + 3);
        for (const [type, { faults }] of fewer)
          if (faults.length === 0) expect(larger.get(type)?.faults ?? [], type).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the smallest cluster', () => {
  it('is the smallest: one zone of brokers less does not fit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 600 }), (peak) => {
        const demand = demandWith([topicDemandOf(peak)]);
        const { candidates } = sizeTarget('msk-express', sizingOf(demand));
        for (const { brokers, faults, instanceType } of candidates) {
          if (faults.length > 0 || brokers === null || brokers <= 3) continue;
          const fewer = sizeTarget('msk-express', sizingOf({ ...demand, brokers: brokers - 3 })).candidates;
          const same = fewer.find((candidate) => candidate.instanceType === instanceType);
          expect(same?.faults, `${brokers - 3} x ${instanceType}`).not.toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

it('the demand does not depend on the order of the topics', () => {
  const topics = [topicOf({ name: 'a' }), topicOf({ name: 'b', produce: { growthPerMonth: rational(1, 10) } })];
  const loadOf = (order: typeof topics) => {
    const requirements = useCaseOf(order, { brokers: null });
    const { plan } = planSized(requirements);
    return clusterLoads(demandOf(requirements, plan.topics, (brokers) => brokers - 1))(6);
  };
  expect(loadOf(topics)).toEqual(loadOf([...topics].reverse()));
});

it('an empty load uses nothing but partitions, connections, map areas and file handles', () => {
  const idle = topicDemandOf(0, { retainedBytes: 0, onDiskBytes: 0 });
  const { candidates } = sizeTarget('ec2', sizingOf(demandWith([idle])));
  const used = candidates[0]?.normal.filter((use) => use.used > 0).map(({ resource }) => resource);
  expect(used).toEqual(['partitions', 'connections', 'mapAreas', 'fileHandles']);
});
