import { describe, expect, it } from 'vitest';
import { headline, missText } from '../../lib/report/headline.ts';
import type { VerdictLine } from '../../lib/verdict/types.ts';
import { courseCase, emptyCase, notMetCase, ordersCase, runOf } from '../fixtures/run.ts';

const run = runOf(courseCase);

function missed(change: Partial<VerdictLine>): string {
  const line: VerdictLine = {
    id: 'slo.publish.p99',
    requirement: 'publish p99',
    required: 50,
    found: 60,
    unit: 'ms',
    margin: 0.83,
    outcome: 'notMet',
    evidence: 'measured',
    target: 'local',
    reason: 'a reason',
    ...change,
  };
  return missText(line, run);
}

describe('the headline', () => {
  it('names the tightest requirement when all are met', () => {
    expect(headline(run)).toMatch(
      /^all 12 requirements met; the tightest is publish p99 with .* required <= 50 ms: [\d.]+x margin$/,
    );
  });

  it('names what is missed and by how much', () => {
    expect(headline(runOf(notMetCase))).toMatch(
      /^11 met, 1 not met: publish p99 is [\d.]+ ms, required <= 0\.1 ms: \d+x over$/,
    );
  });

  it('gives the reason when it cannot tell', () => {
    expect(headline(runOf(emptyCase))).toBe(
      '1 met, 11 inconclusive: publish p99: the average phase was not measured; and 10 more',
    );
    expect(headline(runOf(ordersCase))).toMatch(/^16 met, 1 inconclusive: cost: no price table/);
  });

  it('never reads nothing as a pass', () => {
    expect(headline({ ...run, verdict: { ...run.verdict, outcome: 'inconclusive', lines: [] } })).toBe(
      'nothing was judged',
    );
  });
});

describe('a miss', () => {
  it.each<[Partial<VerdictLine>, string]>([
    [{}, 'publish p99 is 60 ms, required <= 50 ms: 20 % over'],
    [{ found: 500 }, 'publish p99 is 500 ms, required <= 50 ms: 10x over'],
    [
      { requirement: 'peak rate', unit: 'records/s', required: 1_000, found: 900 },
      'peak rate is 900/s, required >= 1,000/s: 10 % short',
    ],
    [
      { requirement: 'storage formula', unit: '%', required: 3, found: -5 },
      'storage formula is -5 %, required +-3 %: 2 % outside',
    ],
    [
      { id: 'topics.categoryChanged.loss', requirement: 'records lost', unit: 'records', required: 0, found: 3 },
      'records lost is 3 of 16,000, required 0',
    ],
    [{ requirement: 'settings', unit: '', required: '7 as planned', found: '6 of 7' }, 'settings: a reason'],
  ])('%j reads well', (change, text) => {
    expect(missed(change)).toBe(
      text.replace('16,000', String(run.measurement.integrity[0]?.acknowledged.toLocaleString('en-US'))),
    );
  });
});
