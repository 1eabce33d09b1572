import { describe, expect, it } from 'vitest';
import {
  type HarnessUse,
  judgeGenerator,
  type LoadOutcome,
  watchHarness,
} from '../../../bench/load/generator-health.ts';

const driver = { name: 'lib', version: '1' };
const idle: HarnessUse = { cpuCores: 0.2, cpuMicros: 2e6, eventLoopUtilisation: 0.3, eventLoopDelayP99Ms: 3 };
const busy: HarnessUse = { ...idle, eventLoopUtilisation: 0.99 };
const late: HarnessUse = { ...idle, eventLoopDelayP99Ms: 80 };
const good: LoadOutcome = { offered: 10_000, acknowledged: 10_000, unsent: 0, slipP99Ms: 4 };
const behind: LoadOutcome = { ...good, acknowledged: 9_900 };
const slipping: LoadOutcome = { ...good, slipP99Ms: 140 };
const unsent: LoadOutcome = { ...good, unsent: 12 };

describe('judgeGenerator', () => {
  it.each([
    ['a busy harness that falls behind', busy, behind, /busy 99 % .*99\.0 % of the offered rate/],
    ['a late event loop that slips', late, slipping, /delay p99 80 ms\) and slip p99 was 140 ms/],
    ['a busy harness that leaves records unsent', busy, unsent, /12 records were never sent/],
  ])('holds %s for the limit and says why', (_, use, load, reason) => {
    const health = judgeGenerator(driver, use, load);
    expect(health.wasTheLimit).toBe(true);
    expect(health.reason).toMatch(reason);
  });

  it.each([
    ['a busy harness that keeps up', busy, good],
    ['an idle harness held up by the cluster', idle, { ...behind, unsent: 500, slipP99Ms: 3_000 }],
  ])('does not blame %s', (_, use, load) => {
    expect(judgeGenerator(driver, use, load)).toMatchObject({ wasTheLimit: false, reason: null });
  });

  it('gives CPU a record, and none of nothing', () => {
    expect(judgeGenerator(driver, idle, good).cpuMicrosPerRecord).toBe(200);
    const nothing = { offered: 0, acknowledged: 0, unsent: 0, slipP99Ms: null };
    expect(judgeGenerator(driver, idle, nothing)).toMatchObject({ cpuMicrosPerRecord: null, wasTheLimit: false });
  });
});

describe('watchHarness', () => {
  it('sees a busy event loop', async () => {
    const stop = watchHarness();
    for (let turn = 0; turn < 3; turn += 1) {
      // Not a timer: the loop would wait for it, on a busy machine for longer than it is busy here.
      await new Promise((resolve) => setImmediate(resolve));
      const untilMs = performance.now() + 30;
      while (performance.now() < untilMs);
    }
    await new Promise((resolve) => setImmediate(resolve));
    const use = stop();
    expect(use.eventLoopUtilisation).toBeGreaterThan(0.5);
    expect(use.eventLoopDelayP99Ms).toBeGreaterThan(10);
    expect(use.cpuMicros).toBeGreaterThan(0);
  });
});
