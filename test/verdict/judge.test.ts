import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/verdict/judge.ts';
import type { Outcome, Verdict } from '../../lib/verdict/types.ts';
import { constantLatency, emptyMeasurement } from '../fixtures/measurement.ts';
import {
  type Case,
  caseOf,
  clientLimitedCase,
  courseCase,
  emptyCase,
  notMetCase,
  ordersCase,
} from '../fixtures/run.ts';
import { courseEvents } from '../fixtures/use-cases.ts';
import { atPeak, groupsAtPeak, lineOf, withIntegrity, withMeasurement } from './planted.ts';

function verdictOf({ requirements, plan, measurement, environment }: Case): Verdict {
  return judge(requirements, plan, measurement, environment);
}

const severity: Readonly<Record<Outcome, number>> = { met: 0, inconclusive: 1, notMet: 2 };

describe('a verdict', () => {
  it.each<[string, Case, Outcome]>([
    ['a healthy run', courseCase, 'met'],
    ['a bound that cannot hold', notMetCase, 'notMet'],
    ['an empty measurement', emptyCase, 'inconclusive'],
    ['a plan without prices', ordersCase, 'inconclusive'],
    ['a generator at its limit', clientLimitedCase, 'inconclusive'],
  ])('of %s', (_name, given, outcome) => {
    expect(verdictOf(given).outcome).toBe(outcome);
  });

  it('has the same lines whatever was measured', () => {
    const ids = verdictOf(courseCase).lines.map(({ id }) => id);
    expect(verdictOf(emptyCase).lines.map(({ id }) => id)).toEqual(ids);
    expect(ids).toEqual([
      'slo.publish.p99',
      'slo.endToEnd.p99',
      'slo.lag.max',
      'topics.categoryChanged.rate.average',
      'topics.categoryChanged.rate.peak',
      'topics.categoryChanged.loss',
      'topics.categoryChanged.duplicates',
      'topics.categoryChanged.order',
      'storage.provisioned',
      'storage.formula',
      'topics.categoryChanged.settings',
      'topics.categoryChanged.private',
    ]);
  });

  it('says of the average rate along which curve it was held, and of the peak that it had none', () => {
    const { environment } = courseCase;
    const curve = 'ramp:1:3: 0.50 to 1.50 x the average rate';
    const along = { ...courseCase, environment: { ...environment, harness: { ...environment.harness, curve } } };
    const reasonOf = (id: string) => verdictOf(along).lines.find((line) => line.id === id)?.reason;
    expect(reasonOf('topics.categoryChanged.rate.average')).toContain(`; over the whole window, along ${curve};`);
    expect(reasonOf('topics.categoryChanged.rate.peak')).not.toContain('along');
  });

  it('passes no line of an empty measurement', () => {
    // What the plan alone decides needs no measurement.
    const measured = verdictOf(emptyCase).lines.filter(({ evidence }) => evidence !== 'predicted');
    expect(measured.length).toBeGreaterThan(8);
    expect(measured.map(({ outcome }) => outcome)).not.toContain('met');
  });

  it('survives JSON unchanged', () => {
    for (const given of [courseCase, notMetCase, emptyCase, ordersCase]) {
      const verdict = verdictOf(given);
      expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
    }
  });

  it('notes what only the model knows', () => {
    expect(verdictOf(courseCase).notes.join('\n')).toMatch(/capacity on msk comes from the model/);
    expect(verdictOf(ordersCase).notes.join('\n')).toMatch(/handed over by log: only the Kafka part is proven/);
  });
});

describe('a check that breaks', () => {
  const damaged = atPeak(courseCase, () => ({ publish: { ...constantLatency(8_000, 1), histogram: 'no histogram' } }));

  it('is inconclusive and leaves the others alone', () => {
    expect(lineOf(damaged, 'slo.publish.p99')).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('the check broke'),
    });
    expect(lineOf(damaged, 'slo.endToEnd.p99')?.outcome).toBe('met');
    expect(verdictOf(damaged).outcome).toBe('inconclusive');
  });

  it('stands for its lines when it cannot even ask', () => {
    const broken = withMeasurement(courseCase, { integrity: null as unknown as [] });
    expect(lineOf(broken, 'check.integrity')).toMatchObject({ outcome: 'inconclusive' });
    expect(lineOf(broken, 'slo.publish.p99')?.outcome).toBe('met');
  });

  it('never passes what was left out of a measurement', () => {
    const parts = Object.keys(emptyMeasurement) as (keyof typeof emptyMeasurement)[];
    for (const part of parts.filter((name) => !['schemaVersion', 'tradeOff', 'incidents', 'notes'].includes(name))) {
      const without = withMeasurement(courseCase, { [part]: emptyMeasurement[part] });
      expect(verdictOf(without).outcome, part).toBe('inconclusive');
    }
  });
});

describe('worse figures never give a better outcome', () => {
  const figures: readonly (readonly [string, number, (value: number) => Case, string])[] = [
    [
      'publish latency (ms)',
      200,
      (ms) => atPeak(courseCase, () => ({ publish: constantLatency(8_000, ms) })),
      'slo.publish.p99',
    ],
    [
      'samples missing',
      8_000,
      (n) => atPeak(courseCase, () => ({ publish: constantLatency(8_000 - n, 60) })),
      'slo.publish.p99',
    ],
    [
      'end to end latency (ms)',
      400,
      (ms) => groupsAtPeak(courseCase, () => ({ endToEnd: constantLatency(8_000, ms) })),
      'slo.endToEnd.p99',
    ],
    ['lag', 10_000, (lag) => groupsAtPeak(courseCase, () => ({ maxLag: lag })), 'slo.lag.max'],
    [
      'rate missing (/s)',
      900,
      (n) => atPeak(courseCase, () => ({ achievedPerSec: 1_000 - n })),
      'topics.categoryChanged.rate.peak',
    ],
    ['records lost', 50, (lost) => withIntegrity(courseCase, {}, { lost }), 'topics.categoryChanged.loss'],
    ['records unseen', 50, (unseen) => withIntegrity(courseCase, {}, { unseen }), 'topics.categoryChanged.loss'],
    [
      'duplicates',
      50,
      (duplicates) => withIntegrity(courseCase, {}, { duplicates }),
      'topics.categoryChanged.duplicates',
    ],
    ['inversions', 50, (n) => withIntegrity(courseCase, {}, { orderInversions: n }), 'topics.categoryChanged.order'],
  ];

  it.each(figures)('%s', (_name, highest, plant, id) => {
    const noisy = (value: number): number => {
      const given = plant(value);
      const line = lineOf({ ...given, environment: { ...given.environment, hostNoiseP99Ms: 20 } }, id);
      return severity[line?.outcome ?? 'met'];
    };
    const value = fc.integer({ min: 0, max: highest });
    fc.assert(
      fc.property(value, value, (a, b) => noisy(Math.min(a, b)) <= noisy(Math.max(a, b))),
      { numRuns: 15, seed: 11 },
    );
  });

  it('margins are finite or null', () => {
    const odd = caseOf(courseEvents.replace('max: 5000', 'max: 0'));
    for (const { margin } of [...verdictOf(odd).lines, ...verdictOf(courseCase).lines]) {
      expect(margin === null || Number.isFinite(margin)).toBe(true);
    }
  });
});
