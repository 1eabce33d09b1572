import { describe, expect, it } from 'vitest';
import { alertsOf } from '../../../bench/drill/run-drill.ts';
import { faults } from '../../../bench/faults/index.ts';
import { faultSummaries } from '../../../lib/metrics/faults.ts';
import { alerts } from '../../../lib/metrics.ts';

describe('the table of faults', () => {
  it('has every fault that is named, and every one of them an alert', () => {
    expect(faults.map(({ id }) => id).toSorted()).toEqual(Object.keys(faultSummaries).toSorted());
    expect(faults.filter(({ id }) => alertsOf(id).length === 0).map(({ id }) => id)).toEqual([]);
  });

  it('makes every alert fire that is to be drilled', () => {
    const drilled = faults.flatMap(({ id }) => alertsOf(id).map((alert) => alert.id));
    const named = alerts.filter(({ drill }) => 'fault' in drill).map(({ id }) => id);
    expect(drilled.toSorted()).toEqual(named.toSorted());
  });

  it('speaks of alerts that there are, and excuses no alert that the fault is for', () => {
    const ids = new Set(alerts.map(({ id }) => id));
    expect(faults.flatMap(({ consequences }) => consequences.filter((id) => !ids.has(id)))).toEqual([]);
    expect(faults.find(({ id }) => id === 'nothing')?.consequences).toEqual([]);
  });
});
