import { describe, expect, it } from 'vitest';
import type { LimitAnswer, LimitMeasurement } from '../../lib/measurement/limit/types.ts';
import { judge } from '../../lib/verdict/judge.ts';
import { courseCase } from '../fixtures/run.ts';
import { limitOf } from '../measurement/limit/found.ts';
import { healthy, probeOf } from '../measurement/limit/probes.ts';
import { brokerLost, secondBrokerLost, withMeasurement } from './planted.ts';

function verdictOf(limit: LimitMeasurement, incidents = courseCase.measurement.incidents) {
  const given = withMeasurement(courseCase, { phases: [], tradeOff: null, retention: null, limit, incidents });
  return judge(given.requirements, given.plan, given.measurement, given.environment);
}

const lineOf = (limit: LimitMeasurement, incidents = courseCase.measurement.incidents) =>
  verdictOf(limit, incidents).lines.find(({ id }) => id === 'limit.rate');

const failed = probeOf({ sustained: false, misses: ['slow'], ratePerSec: 900 });
const late = { ...healthy, wasTheLimit: true, reason: 'the harness was busy 99 % of the time' };

describe('the line of a search, at a peak of 1,000/s', () => {
  it.each<[string, LimitAnswer, string, number | string | null]>([
    ['a rate above it', { kind: 'rate', ratePerSec: 4_000, highPerSec: 4_200 }, 'met', 4_000],
    ['the rate itself', { kind: 'rate', ratePerSec: 1_000, highPerSec: 1_050 }, 'met', 1_000],
    ['a rate below it', { kind: 'rate', ratePerSec: 900, highPerSec: 950 }, 'notMet', 900],
    ['none', { kind: 'none', belowPerSec: 100 }, 'notMet', 'below 100/s'],
    ['none of a range above it', { kind: 'none', belowPerSec: 5_000 }, 'inconclusive', 'below 5,000/s'],
    ['the top of the range', { kind: 'atOrAbove', ratePerSec: 9_000 }, 'met', 9_000],
    ['the top of a range below it', { kind: 'atOrAbove', ratePerSec: 800 }, 'inconclusive', 800],
    ['two probes above it', { kind: 'unresolved', lowPerSec: 2_000, highPerSec: null }, 'met', 2_000],
    ['a failure at it, unfinished', { kind: 'unresolved', lowPerSec: null, highPerSec: 1_000 }, 'notMet', null],
    ['nothing yet', { kind: 'unresolved', lowPerSec: null, highPerSec: null }, 'inconclusive', null],
  ])('%s', (_what, answer, outcome, found) => {
    expect(lineOf(limitOf(answer))).toMatchObject({ outcome, found, required: 1_000, unit: 'records/s' });
  });

  it('one short probe at the peak is not enough when the search did not end', () => {
    const unresolved = { kind: 'unresolved', lowPerSec: 1_000, highPerSec: null } as const;
    expect(lineOf(limitOf(unresolved, [probeOf()]))?.outcome).toBe('inconclusive');
  });

  it('without a probe is inconclusive, whatever the answer says', () => {
    expect(lineOf(limitOf({ kind: 'rate', ratePerSec: 4_000, highPerSec: 4_200 }, []))).toMatchObject({
      outcome: 'inconclusive',
      found: null,
    });
  });

  it('a cluster is not blamed for the generator, nor for other work on the machine', () => {
    const short = { kind: 'rate', ratePerSec: 850, highPerSec: 900 } as const;
    const byClient = limitOf(short, [probeOf(), { ...failed, generator: late }]);
    expect(lineOf(byClient)).toMatchObject({ outcome: 'inconclusive', found: 850 });
    expect(lineOf(byClient)?.reason).toMatch(/generator, not the cluster, was the limit/);
    const busy = { ...failed.resources, host: { busyCores: 2, ofCores: 2 } };
    const byOthers = limitOf(short, [probeOf(), { ...failed, resources: busy }]);
    expect(lineOf(byOthers)?.reason).toMatch(/busy with something else/);
    expect(lineOf(byOthers)?.outcome).toBe('inconclusive');
    // What was sustained stays sustained.
    expect(lineOf(limitOf({ kind: 'rate', ratePerSec: 2_000, highPerSec: 2_100 }, byClient.probes))?.outcome).toBe(
      'met',
    );
  });

  it('a cluster that lost more brokers than it must survive says nothing about the whole one', () => {
    const line = lineOf(limitOf({ kind: 'rate', ratePerSec: 900, highPerSec: 950 }), [brokerLost, secondBrokerLost]);
    expect(line?.outcome).toBe('inconclusive');
  });
  it('says nothing when a worker was lost, whether it looks good or bad', () => {
    const gone = [{ atMs: 9, kind: 'workerLost', message: 'worker 1 was lost during the run' }] as const;
    for (const ratePerSec of [900, 4_000]) {
      const line = lineOf(limitOf({ kind: 'rate', ratePerSec, highPerSec: ratePerSec * 1.05 }), gone);
      expect(line?.outcome).toBe('inconclusive');
      expect(line?.reason).toMatch(/^worker 1 was lost during the run/);
    }
  });
});

it('a search asks for the limit and for what the ids say, and for nothing that it did not measure', () => {
  const { lines, outcome } = verdictOf(limitOf({ kind: 'rate', ratePerSec: 4_000, highPerSec: 4_200 }));
  expect(lines.map(({ id }) => id)).toEqual(['limit.rate', ...lines.slice(1).map(({ id }) => id)]);
  expect(lines.slice(1).every(({ id }) => /\.(loss|duplicates|order)$/.test(id))).toBe(true);
  expect(lines.length).toBeGreaterThan(1);
  expect(outcome).toBe('met');
});
