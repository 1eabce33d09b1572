import { describe, expect, it } from 'vitest';
import type { Latency } from '../../lib/measurement/types.ts';
import { constantLatency, emptyLatency } from '../fixtures/measurement.ts';
import { type Case, clientLimitedCase, courseCase, ordersCase } from '../fixtures/run.ts';
import { atPeak, brokerLost, groupsAtPeak, lineOf, secondBrokerLost, withMeasurement, withPhases } from './planted.ts';

const publish = 'slo.publish.p99';
const endToEnd = 'slo.endToEnd.p99';
const bound = 50;
const due = 8_000;

function published(latency: Latency, given: Case = courseCase): Case {
  return atPeak(given, () => ({ publish: latency }));
}

function noisy(given: Case, hostNoiseP99Ms: number): Case {
  return { ...given, environment: { ...given.environment, hostNoiseP99Ms } };
}

describe('publish p99', () => {
  it('is met by a healthy run, with the margin of the worst phase', () => {
    const line = lineOf(courseCase, publish);
    expect(line).toMatchObject({ outcome: 'met', required: 50, unit: 'ms', evidence: 'measured', target: 'local' });
    expect(line?.margin).toBeCloseTo(50 / Number(line?.found), 9);
    expect(line?.reason).toContain('peak');
  });

  it.each<[string, Case, string, RegExp]>([
    ['above the bound', published(constantLatency(due, 60)), 'notMet', /p99 60\.\d+ ms, more than 50 ms/],
    ['no samples', published(emptyLatency), 'inconclusive', /no samples/],
    [
      'a phase that is missing',
      withMeasurement(courseCase, { phases: courseCase.measurement.phases.slice(0, 1) }),
      'inconclusive',
      /peak phase was not measured/,
    ],
    [
      'a topic that is missing',
      withPhases(courseCase, () => ({ topics: [] })),
      'inconclusive',
      /categoryChanged was not measured/,
    ],
    ['an empty window', withPhases(courseCase, () => ({ measuredMs: 0 })), 'inconclusive', /measured nothing/],
    [
      'a phase that was not steady and a narrow pass',
      withPhases(published(constantLatency(due, 30)), () => ({ steady: false })),
      'inconclusive',
      /not steady/,
    ],
    [
      'a phase that was not steady and room to spare',
      withPhases(published(constantLatency(due, 5)), () => ({ steady: false })),
      'met',
      /p99 5/,
    ],
    [
      'half of the rate stated',
      atPeak(courseCase, () => ({ offeredPerSec: 500 })),
      'inconclusive',
      /only 500\/s was offered/,
    ],
    [
      '2 % of the records without a sample',
      published(constantLatency(due * 0.98, 5)),
      'inconclusive',
      /160 of 8,000 records have no sample/,
    ],
    [
      'overflow beyond the percentile',
      published({ ...constantLatency(due, 5), count: due + 200, overflow: 200 }),
      'notMet',
      /above the histogram's range/,
    ],
    ['negative samples', published({ ...constantLatency(due, 5), negative: 3 }), 'inconclusive', /clocks disagree/],
    ['a generator at its limit', clientLimitedCase, 'inconclusive', /load generator.*it would be met/],
  ])('with %s is judged', (_fault, given, outcome, reason) => {
    expect(lineOf(given, publish)).toMatchObject({ outcome, reason: expect.stringMatching(reason) });
  });

  it('still fails when a slow cluster never became steady', () => {
    const slow = withPhases(published(constantLatency(due, 900)), () => ({ steady: false }));
    expect(lineOf(slow, publish)?.outcome).toBe('notMet');
  });

  it('takes few missing samples for the slowest there are', () => {
    expect(lineOf(published(constantLatency(due - 20, 5)), publish)?.outcome).toBe('met');
  });

  it('says that a failure may be the generator’s', () => {
    expect(lineOf(published(constantLatency(due, 60), clientLimitedCase), publish)).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('it would be not met'),
    });
  });

  it('takes the worst topic', () => {
    const slow = atPeak(ordersCase, ({ topic, publish: latency }) => ({
      publish: topic === 'shop-PageViewed' ? constantLatency(7_200, 70) : latency,
    }));
    expect(lineOf(slow, publish)).toMatchObject({
      outcome: 'notMet',
      reason: expect.stringContaining('shop-PageViewed'),
    });
  });
});

describe('host noise', () => {
  it.each<[number, number, string]>([
    [10, 20, 'met'],
    [bound - 0.5, 20, 'met'],
    [bound + 1, 2, 'inconclusive'],
    [bound + 1, 0.9, 'notMet'],
    [bound + 3, 2, 'notMet'],
    [bound + 1, Number.NaN, 'inconclusive'],
    [bound - 1, Number.NaN, 'met'],
  ])('p99 of %d ms with %d ms of noise is %s', (p99Ms, noiseMs, outcome) => {
    expect(lineOf(noisy(published(constantLatency(due, p99Ms)), noiseMs), publish)?.outcome).toBe(outcome);
  });
});

describe('end to end p99', () => {
  it.each<[string, Case, string, RegExp]>([
    [
      'above the bound',
      groupsAtPeak(courseCase, () => ({ endToEnd: constantLatency(due, 250) })),
      'notMet',
      /more than 200 ms/,
    ],
    ['nothing received', groupsAtPeak(courseCase, () => ({ endToEnd: emptyLatency })), 'inconclusive', /no samples/],
    [
      'a group that did not run',
      atPeak(courseCase, () => ({ groups: [] })),
      'inconclusive',
      /CGR-lecture-categoryChanged was not measured/,
    ],
    [
      'half of the records received',
      groupsAtPeak(courseCase, () => ({ endToEnd: constantLatency(due / 2, 5) })),
      'inconclusive',
      /4,000 of 8,000 records have no sample/,
    ],
  ])('with %s is judged', (_fault, given, outcome, reason) => {
    expect(lineOf(given, endToEnd)).toMatchObject({ outcome, reason: expect.stringMatching(reason) });
  });

  it('is inconclusive when nobody consumes', () => {
    const plan = { ...courseCase.plan, topics: courseCase.plan.topics.map((topic) => ({ ...topic, groups: [] })) };
    expect(lineOf({ ...courseCase, plan }, endToEnd)?.outcome).toBe('inconclusive');
  });
});

describe('a lost broker', () => {
  const slow = published(constantLatency(due, 900));

  it('is said in the reason of a pass', () => {
    const line = lineOf(withMeasurement(courseCase, { incidents: [brokerLost] }), publish);
    expect(line).toMatchObject({ outcome: 'met', reason: expect.stringContaining('broker 2') });
  });

  it('excuses nothing that the use case asks to survive', () => {
    expect(lineOf(withMeasurement(slow, { incidents: [brokerLost] }), publish)?.outcome).toBe('notMet');
  });

  it('leaves a failure open when more was lost', () => {
    const line = lineOf(withMeasurement(slow, { incidents: [brokerLost, secondBrokerLost] }), publish);
    expect(line).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('more than the use case asks'),
    });
  });

  it('an interrupted run passes nothing', () => {
    const incidents = [{ atMs: 9_000, kind: 'interrupted', message: 'interrupted' } as const];
    expect(lineOf(withMeasurement(courseCase, { incidents }), publish)?.outcome).toBe('inconclusive');
  });
});
