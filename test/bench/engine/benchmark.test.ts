import { describe, expect, it } from 'vitest';
import { consumedBy, isHeader, latencyOf, producedIn, summaryOf } from '../../../bench/engine/benchmark/measure.ts';
import { ratiosOf, rowsOf } from '../../../bench/engine/benchmark/rows.ts';
import { benchmarkScenarios, type ClientRun, orderOf } from '../../../bench/engine/benchmark/side-by-side.ts';
import { type Library, libraries } from '../../../bench/engine/benchmark/types.ts';

const [rf1, , consume] = benchmarkScenarios;

function run(library: Library, round: number, cpuMicrosPerRecord: number, scenario = rf1, coresUsed = 0.5): ClientRun {
  if (scenario === undefined) throw new Error('no scenario');
  const latency = scenario.direction === 'produce' ? { p50Ms: 2 + round, p99Ms: 8 + round } : null;
  const recordsPerSec = 1e6 / cpuMicrosPerRecord;
  return { library, round, scenario, cost: { version: '1', recordsPerSec, cpuMicrosPerRecord, coresUsed, latency } };
}

describe('the order of the clients', () => {
  it('gives each every place once, and once the place behind each other', () => {
    const orders = libraries.map((_, round) => orderOf(libraries, round));
    for (const place of libraries.keys())
      expect(new Set(orders.map((order) => order[place])).size).toBe(libraries.length);
    const pairs = orders.flatMap((order) => order.slice(1).map((library, before) => `${order[before]} ${library}`));
    expect(new Set(pairs).size).toBe(libraries.length * (libraries.length - 1));
    expect(orderOf(libraries, libraries.length)).toEqual(orders[0]);
  });
});

describe('the output of Java tools', () => {
  it('is read by interval, and its summary only for latencies', () => {
    const interval = '62402 records sent, 12480.4 records/sec (2.38 MB/sec), 1.5 ms avg latency, 300.0 ms max latency.';
    const summary =
      '150000 records sent, 99009.9 records/sec (18.88 MB/sec), 1.73 ms avg latency, 310.00 ms max latency, 1 ms 50th, 3 ms 95th, 24 ms 99th, 60 ms 99.9th.';
    expect([producedIn(interval), producedIn(summary)]).toEqual([62_402, null]);
    const latency = { p50Ms: 1, p99Ms: 24 };
    expect([summaryOf(interval), summaryOf(summary)]).toEqual([null, { records: 150_000, latency }]);
    expect(producedIn('[WARN] nonsense 5 records sent, ')).toBeNull();
    expect(consumedBy('2026-11-21 09:00:00:000, 0, 19.07, 190.7, 100000, 1000000.0, 1, 2, 3, 4')).toBe(100_000);
    const header = 'time, threadId, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec';
    expect([consumedBy(header), isHeader(header), isHeader('')]).toEqual([null, true, true]);
    expect(consumedBy('2026-11-21 09:00:00:000, 0, 19.07, 190.7, many, 1000000.0, 1, 2, 3, 4')).toBeNull();
  });

  it('counts only when the tool did what it was told, and said nothing else', () => {
    const summary = { records: 10, latency: { p50Ms: 1, p99Ms: 2 } };
    const [produce, consume] = [
      { direction: 'produce', records: 10 } as const,
      { direction: 'consume', records: 10 } as const,
    ];
    expect(latencyOf(produce, summary, null)).toEqual(summary.latency);
    expect(latencyOf(consume, null, null)).toBeNull();
    expect(() => latencyOf(produce, null, null)).toThrow('of no records, 10 were asked for');
    expect(() => latencyOf(produce, { ...summary, records: 9 }, null)).toThrow('of 9 records, 10 were asked for');
    const warning = 'WARNING: Exiting before consuming the expected number of records: timeout (10000 ms) exceeded.';
    expect(isHeader(warning)).toBe(false);
    expect(() => latencyOf(consume, null, warning)).toThrow(warning);
  });
});

describe('rows and ratios', () => {
  const runs = [0, 1, 2].flatMap((round) => [run('java', round, 4), run('engine', round, 0.2 + round / 10)]);

  it('are medians over the rounds, with what kept the client from more', () => {
    expect(rowsOf([...runs, run('engine', 0, 0.1, consume, 0.97)])).toEqual([
      expect.objectContaining({
        driver: 'engine',
        direction: 'produce',
        scenario: 'acks=1 RF 1',
        clientCpuMicrosPerRecord: expect.closeTo(0.3),
        recordsPerSec: expect.closeTo(1e6 / 0.3),
        bytesPerSec: expect.closeTo(2e8 / 0.3, 0),
        p50Ms: 3,
        p99Ms: 9,
        slipP99Ms: null,
        repeats: 3,
        limit: 'cluster',
      }),
      expect.objectContaining({ driver: 'java', clientCpuMicrosPerRecord: 4 }),
      expect.objectContaining({ driver: 'engine', direction: 'consume', p99Ms: null, limit: 'client' }),
    ]);
  });

  it('are taken round by round against Java, with an interval', () => {
    const cpu = ratiosOf(runs).filter(({ metric }) => metric === 'clientCpuMicrosPerRecord');
    expect(cpu).toEqual([
      {
        metric: 'clientCpuMicrosPerRecord',
        direction: 'produce',
        scenario: 'acks=1 RF 1',
        driver: 'engine',
        against: 'java',
        value: expect.closeTo(0.075),
        low: expect.closeTo(0.05),
        high: expect.closeTo(0.1),
      },
    ]);
  });

  it('are none without a twin in the same round', () => {
    expect(ratiosOf([run('engine', 0, 1), run('java', 1, 1)])).toEqual([]);
  });
});
