/** One driver on a schedule as rows: publish counts from the slot, the consumer's latency to the first read. */
import type { DriverBenchmarkRow } from '../engine/benchmark/rows.ts';
import { recordBytes } from '../engine/benchmark/types.ts';
import type { DriverBenchmark } from './benchmark.ts';
import type { DriverRow } from './compare.ts';

/** A direction whose CPU the rounds cannot tell has a reason in place of a row: no figure is not 0. */
export function scheduledRows(row: DriverRow, ratePerSec: number): Pick<DriverBenchmark, 'rows' | 'leftOut'> {
  const recordsPerSec = row.achievedPerSec?.median ?? null;
  const at = `${ratePerSec}/s on a schedule`;
  const directions = [
    {
      direction: 'produce',
      micros: row.producedMicros,
      p50: row.publishP50Ms,
      p99: row.publishP99Ms,
      slip: row.slipP99Ms,
    },
    { direction: 'consume', micros: row.consumedMicros, p50: null, p99: row.endToEndP99Ms, slip: null },
  ] as const;
  const rows: DriverBenchmarkRow[] = [];
  const reasons =
    row.disqualified === 0 ? [] : [`${row.disqualified} of its runs at ${at} lost, doubled or swapped records`];
  for (const { direction, micros, p50, p99, slip } of row.repeats === 0 ? [] : directions) {
    if (micros === null || recordsPerSec === null) reasons.push(`no CPU could be told for its ${direction} ${at}`);
    else if (micros.median <= 0)
      reasons.push(`${direction} ${at} took less CPU than its runs differ: ask for more --rounds`);
    else {
      rows.push({
        driver: row.driver,
        version: row.version,
        direction,
        scenario: `${at}, acks=all RF 3`,
        recordsPerSec,
        bytesPerSec: recordsPerSec * recordBytes,
        clientCpuMicrosPerRecord: micros.median,
        p50Ms: p50?.median ?? null,
        p99Ms: p99?.median ?? null,
        slipP99Ms: slip?.median ?? null,
        repeats: row.repeats,
        limit: row.limitedByHarness > 0 ? 'client' : 'rate',
      });
    }
  }
  return { rows, leftOut: reasons.map((reason) => ({ driver: row.driver, reason })) };
}
