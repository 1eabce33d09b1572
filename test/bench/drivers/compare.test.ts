import { describe, expect, it } from 'vitest';
import { type DriverRun, rateHeld, rowOf } from '../../../bench/drivers/compare.ts';
import { driversPage } from '../../../bench/drivers/compare-page.ts';

const run: DriverRun = {
  driver: 'lib',
  version: '1.0.0',
  ratePerSec: 20_000,
  consumes: true,
  achievedPerSec: 20_000,
  publishP50Ms: 5,
  publishP99Ms: 12,
  endToEndP99Ms: 15,
  slipP99Ms: 4,
  cpuMicrosPerRecord: 9,
  recordsPerBatch: 11,
  wasTheLimit: false,
  faults: 0,
};

describe('rowOf', () => {
  it('takes latencies from the runs with consumers and splits the CPU into produced and consumed', () => {
    const producing = { ...run, consumes: false, cpuMicrosPerRecord: 6, publishP99Ms: 1 };
    const row = rowOf('lib', [run, run, producing, producing], 1);
    expect(row.publishP99Ms).toMatchObject({ median: 12, low: 12, high: 12 });
    expect(row.producedMicros?.median).toBe(6);
    expect(row.consumedMicros?.median).toBe(3);
    expect(row).toMatchObject({ runs: 4, faults: 0, limitedByHarness: 0 });
  });

  it('has no figure where nothing was measured, and adds up what disqualifies', () => {
    expect(rowOf('lib', [], 1)).toMatchObject({ runs: 0, publishP99Ms: null, producedMicros: null });
    expect(rowOf('lib', [{ ...run, faults: 2, wasTheLimit: true }, run], 1)).toMatchObject({
      faults: 2,
      limitedByHarness: 1,
    });
  });
});

describe('rateHeld', () => {
  it.each([
    [{}, true],
    [{ achievedPerSec: 19_899 }, false],
    [{ slipP99Ms: 20.1 }, false],
    [{ slipP99Ms: null }, false],
  ])('%j: %s', (changes, held) => expect(rateHeld({ ...run, ...changes })).toBe(held));
});

describe('driversPage', () => {
  it('shows each driver, its figures, and what stopped it', () => {
    const page = driversPage({
      date: '2026-01-02',
      host: { cpus: 2, cpuModel: 'model', memoryBytes: 16e9, os: 'Linux 6' },
      hostNoiseP99Ms: 1.4,
      kafkaVersion: '4.3.1',
      nodeVersion: 'v20.20.2',
      ratePerSec: 20_000,
      rows: [rowOf('lib', [run], 1)],
      ceilings: [
        {
          driver: 'lib',
          heldPerSec: 40_000,
          failed: { ...run, ratePerSec: 60_000, slipP99Ms: 300, wasTheLimit: true },
        },
        { driver: 'other', heldPerSec: null, failed: null },
      ],
    });
    expect(page).toContain('| publish p99, ms | 12.0 (12.0 to 12.0) |');
    expect(page).toContain('above 1 ms: the latencies below are no timing verdict');
    expect(page).toContain('| lib | 40,000/s | 60,000/s | the harness was the limit; 20,000/s, slip p99 300 ms |');
    expect(page).toContain('| other | none | none tried | - |');
  });
});
