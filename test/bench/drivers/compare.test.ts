import { describe, expect, it } from 'vitest';
import type { DriverBenchmark } from '../../../bench/drivers/benchmark.ts';
import { type DriverRun, rowOf } from '../../../bench/drivers/compare.ts';
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
    expect(row).toMatchObject({ repeats: 2, disqualified: 0, limitedByHarness: 0 });
  });

  it('has no figure where nothing was measured, and none of a run that lost or doubled records', () => {
    expect(rowOf('lib', [], 1)).toMatchObject({ repeats: 0, publishP99Ms: null, producedMicros: null });
    const faulty = { ...run, faults: 2, publishP99Ms: 900, wasTheLimit: true };
    const row = rowOf('lib', [faulty, run], 1);
    expect(row).toMatchObject({ version: '1.0.0', repeats: 1, disqualified: 1, limitedByHarness: 0 });
    expect(row.publishP99Ms?.median).toBe(12);
    expect(rowOf('lib', [faulty], 1)).toMatchObject({ repeats: 0, disqualified: 1, publishP99Ms: null });
  });
});

const result: DriverBenchmark = {
  schemaVersion: 1,
  measuredAt: '2026-01-02T03:04:05.000Z',
  host: { cpus: 2, cpuModel: 'model', memoryBytes: 16e9, os: 'Linux 6' },
  hostNoiseP99Ms: 1.4,
  versions: { node: 'v20.20.2', kafka: '4.3.1' },
  ceiling: { recordsPerSec: 900_000, cpuMicrosPerRecord: 1.05 },
  rows: [
    {
      driver: 'engine',
      version: '1.0.0',
      direction: 'consume',
      scenario: 'ids verified',
      recordsPerSec: 3_000_000,
      bytesPerSec: 6e8,
      clientCpuMicrosPerRecord: 0.2345,
      p50Ms: null,
      p99Ms: null,
      slipP99Ms: null,
      repeats: 4,
      limit: 'client',
    },
  ],
  ratios: [
    {
      metric: 'recordsPerSec',
      direction: 'consume',
      scenario: 'ids verified',
      driver: 'engine',
      against: 'java',
      value: 4.5,
      low: 4,
      high: 5,
    },
  ],
  leftOut: [{ driver: 'k6', reason: 'no go on PATH\nmore' }],
};

describe('driversPage', () => {
  it('shows each driver, its figures, how it compares, and how quiet the machine was', () => {
    const page = driversPage(result);
    expect(page).toContain('one process makes 900,000 records/s of that load, at\n1.050 us of CPU each');
    expect(page).toContain('Not measured: k6, as no go on PATH.\n');
    expect(page).toContain('Measured on 2026-01-02 by `headroom bench drivers --rounds 4`: 2 x model, 16 GB');
    expect(page).toContain('1.40 ms, above 1 ms: no timing below is a verdict');
    expect(page).toContain('| consume | ids verified | engine 1.0.0 | 3,000,000 | 0.235 | - | - | - | client |');
    expect(page).toContain('| consume | ids verified | engine | java | recordsPerSec | 4.500 (4.000 to 5.000) |');
    expect(page).toContain(
      '| consume ids verified: recordsPerSec, engine / java at least 4.0 | 4.500 (4.000 to 5.000) | reached |',
    );
    expect(page).toContain('engine / java at most 0.125 | - | not measured |');
  });

  it.each([
    [0.12, 0.1, 0.124, 'reached'],
    [0.12, 0.1, 0.13, 'reached by the median'],
    [0.126, 0.1, 0.13, '**not reached**'],
  ])('says of %d (%d to %d) that its goal of 0.125 is: %s', (value, low, high, verdict) => {
    const ratio = { ...result.ratios[0], metric: 'clientCpuMicrosPerRecord', value, low, high };
    const page = driversPage({ ...result, ratios: [ratio as (typeof result.ratios)[number]] });
    const goal = page.split('\n').find((line) => line.includes('at most 0.125'));
    expect(goal?.endsWith(`| ${verdict} |`)).toBe(true);
  });

  it.each([
    [5, 'reached'],
    [5.1, '**not reached**'],
    [null, 'not measured'],
  ])('says of a slip of %s ms: %s', (slipP99Ms, verdict) => {
    const [row] = result.rows;
    if (row === undefined) throw new Error('no row');
    const page = driversPage({ ...result, rows: [{ ...row, scenario: 'x, batches filled in place', slipP99Ms }] });
    const goal = page.split('\n').find((line) => line.startsWith('| slip p99'));
    expect(goal?.endsWith(`| ${verdict} |`)).toBe(true);
  });
});
