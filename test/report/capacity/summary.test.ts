/** What a lead reads first must follow from the plan and the run, and unproven must never look proven. */
import { describe, expect, it } from 'vitest';
import { courseCase, emptyCase, notMetCase, runOf } from '../../fixtures/run.ts';
import { growing, reportOf } from './reports.ts';

const report = reportOf(growing);
const { summary, plan } = report;

describe('the summary of a plan that nobody ran', () => {
  it('is planned, not proven, and says so', () => {
    expect(summary.state).toBe('planned');
    expect(summary.verdict).toContain('Nothing has been proven yet');
    expect(summary.assumptions).toContain('nothing was measured: every figure is arithmetic over published limits');
  });

  it('takes headroom, month and cost from the plan', () => {
    expect(summary.headroom).toEqual({
      today: plan.cluster.headroom,
      binds: plan.cluster.bindingConstraint,
      afterLoss: plan.cluster.degraded.headroom,
      bindsAfterLoss: plan.cluster.degraded.bindingConstraint,
    });
    const first = plan.growth.find(({ limitsReached }) => limitsReached.length > 0);
    expect(summary.runsOut?.month).toBe(first?.month);
    expect(summary.runsOut?.month).toBeGreaterThan(0);
    expect(summary.monthlyUsd).toBe(plan.cost.monthlyUsd);
    expect(summary.costBasis).toMatch(/^list prices of us-east-1, 20\d\d-/);
  });

  it('lists every kind of warning of the plan as a risk with its remedy', () => {
    const { plan: warned, summary: of } = reportOf(
      growing.replace('growth: 5%', 'growth: 90%').replace('order: none', 'loss: allowed, order: none'),
    );
    expect(warned.warnings.length).toBeGreaterThan(0);
    for (const { message, remedy } of warned.warnings)
      expect(of.risks).toContainEqual({ risk: expect.stringContaining(message), remedy });
  });

  it('names the topics of a risk, for whoever does not have the file, and tells a kind of risk once', () => {
    const parcel = (action: string): string => `  - service: parcel
    action: ${action}
    message: { size: 1 KB, key: id }
    produce: { rate: 4000/s, peak: 8000/s, growth: 5%/month }
    retention: { time: 3d }
    consumers: [{ service: billing, rate: 4000/s }]
`;
    const risksOf = (actions: readonly string[]): readonly string[] =>
      reportOf(growing.replace('order: none', 'order: key') + actions.map(parcel).join(''))
        .summary.risks.map(({ risk }) => risk)
        .filter((risk) => risk.includes('order per key breaks'));
    expect(risksOf([])).toEqual([expect.stringMatching(/^order-Sent: month 1 needs .* the change$/)]);
    expect(risksOf(['Moved'])).toEqual([expect.stringMatching(/^order-Sent: .* \(likewise parcel-Moved\)$/)]);
    expect(risksOf(['Moved', 'Lost', 'Found', 'Sent', 'Returned'])).toEqual([
      expect.stringMatching(/\(likewise parcel-Moved, parcel-Lost, parcel-Found and 2 more\)$/),
    ]);
  });

  it('keeps the risks and assumptions of a hundred topics on one page', () => {
    const topic = (index: number): string => `  - service: parcel
    action: Moved${index}
    message: { size: 1 KB, key: id }
    produce: { rate: 4/s, peak: 8/s, growth: 5%/month }
    retention: { time: 3d, guaranteed: 1d }
    handover: log
    consumers: [{ service: billing, rate: 4/s }]
`;
    const { summary: of, plan: large } = reportOf(growing + Array.from({ length: 100 }, (_, i) => topic(i)).join(''));
    expect(large.warnings.length).toBeGreaterThanOrEqual(200);
    expect(of.risks.length).toBeLessThan(10);
    expect(of.assumptions).toContain(
      'parcel-Moved0, parcel-Moved1, parcel-Moved2 and 97 more keep 1 d even after the loss, on the disks that are left',
    );
    expect(of.assumptions.length).toBeLessThan(12);
  });

  it('says what has no end in sight', () => {
    const { summary: still } = reportOf(growing.replace(', growth: 5%/month', ''));
    expect(still.runsOut).toBeNull();
    expect(still.verdict).toContain('Nothing runs out within 36 months');
    expect(still.assumptions).toContain('no growth is stated, so no month runs out by growth');
  });

  it('never names a cost without prices', () => {
    const { summary: unpriced } = reportOf(growing.replace('us-east-1', 'eu-west-1'));
    expect(unpriced.monthlyUsd).toBeNull();
    expect(unpriced.costBasis).toMatch(/no price table of eu-west-1/);
    expect(unpriced.verdict).toMatch(/Its cost is not known: no price table of eu-west-1/);
  });
});

describe('a miss', () => {
  it.each([
    ['too dear', `${growing}slo: { cost: { max: 10 USD/month } }\n`, /at most 10 asked for/],
    [
      'too large for any type',
      growing.replace('rate: 4000/s, peak: 8000/s', 'rate: 2000000/s'),
      /Nothing on msk carries it/,
    ],
    [
      'stated brokers that are too few',
      growing.replace('survive: zone', 'survive: zone, brokers: 3').replace('peak: 8000/s', 'peak: 500000/s'),
      /Nothing on msk carries it/,
    ],
  ])('is one: %s', (_what, text, words) => {
    const { summary: missed } = reportOf(text);
    expect(missed.state).toBe('missed');
    expect(missed.verdict).toMatch(words);
  });
});

describe('a promise that cannot be kept', () => {
  const { summary: broken } = reportOf(growing.replace('guarantee: { order: none }', 'replicas: 2'));

  it('is a miss that the verdict begins with, whatever headroom there is, and the first risk', () => {
    expect(broken.headroom?.today).toBeGreaterThan(0);
    expect(broken.state).toBe('missed');
    expect(broken.verdict).toMatch(/^What is asked for cannot be kept: order-Sent: after losing a zone/);
    expect(broken.risks[0]?.risk).toMatch(/^order-Sent: after losing a zone/);
  });

  it('stays one when a run met everything', () => {
    expect(
      reportOf(growing.replace('guarantee: { order: none }', 'replicas: 2'), runOf(courseCase)).summary.state,
    ).toBe('missed');
  });
});

describe('with a run', () => {
  const course = (given: typeof courseCase) => reportOf(growing, runOf(given));

  it('fits only when the run met everything', () => {
    expect(course(courseCase).summary.state).toBe('fits');
    expect(course(courseCase).summary.verdict).toMatch(
      /The run of 2026-11-21 on local is met: all \d+ requirements met/,
    );
    expect(course(notMetCase).summary.state).toBe('missed');
    expect(course(emptyCase).summary.state).toBe('planned');
    expect(course(emptyCase).summary.verdict).toContain('on local is inconclusive');
  });

  it('never takes a local run for the capacity of the target', () => {
    expect(course(courseCase).summary.assumptions.at(-1)).toMatch(/not the capacity of msk/);
  });
});
