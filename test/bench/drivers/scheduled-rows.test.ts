import { expect, it } from 'vitest';
import type { DriverRow } from '../../../bench/drivers/compare.ts';
import { scheduledRows } from '../../../bench/drivers/scheduled-rows.ts';

const of = (median: number) => ({ median, low: median, high: median, confidence: 0.95 });
const row: DriverRow = {
  driver: 'kafkajs',
  version: '2.2.4',
  repeats: 3,
  achievedPerSec: of(19_990),
  publishP50Ms: of(3),
  publishP99Ms: of(9),
  endToEndP99Ms: of(14),
  slipP99Ms: of(2),
  producedMicros: of(7),
  consumedMicros: of(4),
  recordsPerBatch: 5,
  limitedByHarness: 0,
  disqualified: 0,
};

it('is a row for producing and one for consuming', () => {
  const shared = { driver: 'kafkajs', recordsPerSec: 19_990, bytesPerSec: 3_998_000, repeats: 3, limit: 'rate' };
  expect(scheduledRows(row, 20_000)).toMatchObject({
    rows: [
      { ...shared, direction: 'produce', clientCpuMicrosPerRecord: 7, p50Ms: 3, p99Ms: 9, slipP99Ms: 2 },
      { ...shared, direction: 'consume', clientCpuMicrosPerRecord: 4, p50Ms: null, p99Ms: 14, slipP99Ms: null },
    ],
    leftOut: [],
  });
});

it.each([
  ['unknown', { consumedMicros: null }, 'no CPU could be told for its consume 20000/s on a schedule'],
  [
    'below what runs differ',
    { consumedMicros: of(-1.9) },
    /consume 20000\/s .* less CPU than its runs differ: .*--rounds/,
  ],
])('has no row for a direction whose CPU is %s, and says why', (_what, change, reason) => {
  const { rows, leftOut } = scheduledRows({ ...row, ...change }, 20_000);
  expect(rows.map(({ direction }) => direction)).toEqual(['produce']);
  expect(leftOut).toEqual([{ driver: 'kafkajs', reason: expect.stringMatching(reason) }]);
});

it('says that runs were not counted, and shows nothing when none was', () => {
  const { rows, leftOut } = scheduledRows({ ...row, repeats: 0, disqualified: 3, producedMicros: null }, 20_000);
  expect(rows).toEqual([]);
  expect(leftOut).toEqual([{ driver: 'kafkajs', reason: expect.stringContaining('3 of its runs') }]);
});
