import { describe, expect, it } from 'vitest';
import { judge } from '../../../bench/drill/judge.ts';
import { mergeDrills } from '../../../bench/drill/merge.ts';
import { renderDrill } from '../../../bench/drill/render.ts';
import { alertsOf } from '../../../bench/drill/run-drill.ts';
import type { BlockResult, DrillReport } from '../../../bench/drill/types.ts';
import { faultOf } from '../../../bench/faults/index.ts';

const paused = faultOf('broker-paused');
const expected = alertsOf('broker-paused');
const firing = (alert: string, fromMs: number, toMs: number | null) => ({ alert, labels: {}, fromMs, toMs });
const found = {
  evidence: 'process 7 stopped',
  panels: [],
  blocks: [] as BlockResult[],
  missing: null,
  left: new Set<string>(),
  times: { at: '2026-11-21T10:00:00.000Z', injectedMs: 1_000, healingMs: 20_000 },
  firings: [firing('KafkaBrokerFenced', 12_000, 22_500)],
};

describe('a fault of a drill', () => {
  it('is met when its alert fired, was clear, and there was evidence', () => {
    const result = judge(paused, expected, found);
    expect(result).toMatchObject({ outcome: 'met', reasons: [], unexpectedPages: [] });
    expect(result.alerts).toEqual([
      { alert: 'KafkaBrokerFenced', severity: 'ticket', firedAfterSec: 11, clearedAfterSec: 2.5 },
    ]);
  });

  it('names the alert that did not fire', () => {
    const { outcome, reasons } = judge(paused, expected, { ...found, firings: [] });
    expect([outcome, reasons]).toEqual(['notMet', ['KafkaBrokerFenced did not fire']]);
  });

  it('names the alert that was not clear in time', () => {
    const firings = [firing('KafkaBrokerFenced', 12_000, null)];
    expect(judge(paused, expected, { ...found, firings }).reasons).toEqual(['KafkaBrokerFenced was not clear in time']);
  });

  it('does not count an alert that fired before the fault', () => {
    const { outcome, reasons } = judge(paused, expected, { ...found, left: new Set(['KafkaBrokerFenced']) });
    expect([outcome, reasons]).toEqual(['notMet', ['KafkaBrokerFenced fired before']]);
  });

  it('is not met when somebody is paged for what the fault does not explain', () => {
    const firings = [...found.firings, firing('KafkaUncleanElection', 13_000, 14_000)];
    expect(judge(paused, expected, { ...found, firings })).toMatchObject({
      outcome: 'notMet',
      unexpectedPages: ['KafkaUncleanElection'],
    });
  });

  it('lists what the fault brings about, and does not hold it against it', () => {
    const firings = [...found.firings, firing('KafkaBrokerMissing', 13_000, 14_000)];
    expect(judge(paused, expected, { ...found, firings })).toMatchObject({
      outcome: 'met',
      consequences: ['KafkaBrokerMissing'],
    });
  });

  it('is inconclusive without evidence, whatever fired', () => {
    expect(judge(paused, expected, { ...found, evidence: null }).outcome).toBe('inconclusive');
  });

  it('is not met when the cluster stays broken or a block of a page cannot be run', () => {
    const block = { page: 'KafkaBrokerFenced', heading: 'Check', note: '', exitCode: 127 };
    const { reasons } = judge(paused, expected, { ...found, missing: 'broker 2 is silent', blocks: [block] });
    expect(reasons).toEqual([
      'the cluster was not whole again: broker 2 is silent',
      'a block of KafkaBrokerFenced, Check, ended with 127',
    ]);
    // grep without a match is an answer.
    expect(judge(paused, expected, { ...found, blocks: [{ ...block, exitCode: 1 }] }).outcome).toBe('met');
  });
});

const report: DrillReport = {
  schemaVersion: 1,
  startedAt: '2026-11-21T10:00:00.000Z',
  minutes: 2,
  timeDivisor: 30,
  kafkaVersion: '4.3.1',
  brokers: 3,
  ratePerSec: 200,
  machine: '2 cores',
  outcome: 'met',
  faults: [judge(paused, expected, found)],
  notDrilled: [],
  emptyPanels: ['Bench > Faults', 'Quorum > Elections'],
};

describe('a drill of one fault again', () => {
  const again: DrillReport = {
    ...report,
    outcome: 'notMet',
    faults: [judge(paused, expected, { ...found, firings: [] })],
    emptyPanels: ['Bench > Faults'],
  };

  it('replaces that fault and keeps the others', () => {
    const other = {
      ...report,
      faults: [{ ...(report.faults[0] as (typeof report.faults)[0]), fault: 'nothing' as const }],
    };
    const merged = mergeDrills(other, again);
    expect(merged.faults.map(({ fault, outcome }) => [fault, outcome])).toEqual([
      ['nothing', 'met'],
      ['broker-paused', 'notMet'],
    ]);
    expect(merged).toMatchObject({ outcome: 'notMet', minutes: 4, emptyPanels: ['Bench > Faults'] });
    expect(mergeDrills(report, again).faults).toEqual(again.faults);
  });

  it('does not mix times of different divisors', () => {
    expect(mergeDrills({ ...report, timeDivisor: 60 }, again)).toBe(again);
  });

  it('says in the report what did not fire', () => {
    const page = renderDrill(again);
    expect(page).toContain('| broker-paused | not met | KafkaBrokerFenced | ticket | no | no |');
    expect(page).toContain('- Not as it should be: KafkaBrokerFenced did not fire');
    expect(page).toMatch(/Faults that were not injected in this drill:\n\n- nothing\n/);
  });
});
