/**
 * `headroom bench drivers --json` as a user runs it: the built program, its own cluster of three brokers, every client that is here.
 * One round, the least it takes: some six minutes on a quiet machine, hence nightly. Nothing is asked of the speed.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DriverBenchmark } from '../../bench/drivers/benchmark.ts';
import { packageRoot } from '../../bench/package-root.ts';

const patienceMs = 30 * 60_000;
const clients = ['engine', 'java', '@platformatic/kafka', 'kafkajs'];
const asFastAsItGoes = [
  ['produce', 'acks=1 RF 1'],
  ['produce', 'acks=all RF 3'],
  ['consume', 'ids verified'],
  ['produce', 'acks=1 RF 1, lz4'],
  ['consume', 'ids verified, lz4'],
  ['produce', 'acks=1 RF 1, zstd'],
  ['consume', 'ids verified, zstd'],
] as const;

let found: DriverBenchmark;
let stderr: string;

beforeAll(async () => {
  const program = ['dist/bin/headroom.js', 'bench', 'drivers', '--json', '--rounds', '1'];
  // Rejects with what was written when it does not end with 0.
  const ended = await promisify(execFile)(process.execPath, program, { cwd: packageRoot, maxBuffer: 1e8 });
  stderr = ended.stderr;
  found = JSON.parse(ended.stdout) as DriverBenchmark;
}, patienceMs);

describe('headroom bench drivers --json', () => {
  it('writes its result alone to standard output, and no progress where nobody looks on', () => {
    expect(found).toMatchObject({ schemaVersion: 1, versions: { node: process.version } });
    expect(stderr).not.toMatch(/side by side|internal error/);
  });

  it('has every client in every scenario that it takes as fast as it goes', () => {
    const cells = found.rows.map(({ driver, direction, scenario }) => `${driver} ${direction} ${scenario}`);
    expect(new Set(cells).size).toBe(cells.length);
    for (const client of clients)
      for (const [direction, scenario] of asFastAsItGoes) expect(cells).toContain(`${client} ${direction} ${scenario}`);
  });

  it('has every driver on the schedule, or the reason why not', () => {
    const onSchedule = found.rows.filter(({ scenario }) => scenario.startsWith('20000/s')).map(({ driver }) => driver);
    for (const driver of ['engine', '@platformatic/kafka', 'kafkajs', 'node-rdkafka', 'k6'])
      expect([...onSchedule, ...found.leftOut.map((left) => left.driver)]).toContain(driver);
    for (const { reason } of found.leftOut) expect(reason).not.toBe('');
  });

  it('has rows whose figures are figures', () => {
    for (const row of found.rows) {
      const shown = JSON.stringify(row);
      for (const figure of [row.recordsPerSec, row.bytesPerSec, row.clientCpuMicrosPerRecord, row.repeats])
        expect(figure, shown).toBeGreaterThan(0);
      expect(row.bytesPerSec / row.recordsPerSec, shown).toBeCloseTo(200, 6);
      expect(row.repeats, shown).toBe(1);
      expect(row.version, shown).toMatch(/\d/);
      expect(['client', 'cluster', 'rate'], shown).toContain(row.limit);
      // Null where the driver cannot tell.
      const { p50Ms, p99Ms, slipP99Ms } = row;
      for (const figure of [p50Ms, p99Ms, slipP99Ms]) expect(figure ?? 0, shown).toBeGreaterThanOrEqual(0);
      if (p50Ms !== null) expect(p99Ms, shown).toBeGreaterThanOrEqual(p50Ms);
    }
  });

  it('has ratios against the tools of Java in both directions, which are those of the rows', () => {
    for (const { low, value, high } of found.ratios) {
      expect(low).toBeGreaterThan(0);
      expect(value).toBeGreaterThanOrEqual(low);
      expect(high).toBeGreaterThanOrEqual(value);
    }
    for (const driver of clients.filter((client) => client !== 'java'))
      for (const [direction, scenario] of asFastAsItGoes)
        for (const metric of ['recordsPerSec', 'clientCpuMicrosPerRecord'] as const) {
          const row = (of: string) =>
            found.rows.find((each) => each.driver === of && each.direction === direction && each.scenario === scenario);
          const ratio = found.ratios.find(
            (each) =>
              each.driver === driver &&
              each.against === 'java' &&
              each.metric === metric &&
              each.direction === direction &&
              each.scenario === scenario,
          );
          // Of one round.
          expect(ratio?.value).toBeCloseTo((row(driver)?.[metric] ?? 0) / (row('java')?.[metric] ?? 0), 9);
        }
  });
});
