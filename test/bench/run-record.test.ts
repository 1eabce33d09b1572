import { describe, expect, it } from 'vitest';
import { RunRecord } from '../../bench/run-record.ts';

describe('RunRecord', () => {
  it('begins as a measurement of nothing: no phase, no zero that could read as a pass', () => {
    expect(new RunRecord().measurement()).toEqual({
      schemaVersion: 1,
      phases: [],
      integrity: [],
      tradeOff: null,
      retention: null,
      privacy: null,
      settings: [],
      incidents: [],
      notes: [],
    });
  });

  it('lists twenty incidents of a kind and counts the rest', () => {
    const record = new RunRecord();
    for (let n = 0; n < 23; n += 1) record.incident('clientError', `failure ${n}`);
    record.incident('brokerLost', 'broker 2 was lost');
    const { incidents, notes } = record.measurement();
    expect(incidents).toHaveLength(21);
    expect(incidents.at(-1)).toMatchObject({ kind: 'brokerLost' });
    expect(notes).toEqual(['3 more incidents of kind clientError are not listed']);
  });

  it('says a remark once', () => {
    const record = new RunRecord();
    record.note('capped');
    record.note('capped');
    expect(record.measurement().notes).toEqual(['capped']);
  });
});
