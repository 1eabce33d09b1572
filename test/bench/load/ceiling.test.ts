import { expect, it } from 'vitest';
import { measureCeiling } from '../../../bench/load/ceiling.ts';
import { loadTopic } from './load-topic.ts';

it('tells what one process makes of records that nobody takes', async () => {
  const { plan } = loadTopic();
  const signal = new AbortController().signal;
  const { topic, recordsPerSec, cpuMicrosPerRecord } = await measureCeiling(plan, { seed: 1, signal });
  expect(topic).toBe(plan.name);
  // Less than was asked for, or it would be no ceiling; more than any example needs, however busy the machine.
  expect(recordsPerSec).toBeGreaterThan(1_000);
  expect(recordsPerSec).toBeLessThanOrEqual(505_000);
  expect(cpuMicrosPerRecord).toBeGreaterThan(0);
});

it('makes less of big records than of small ones', async () => {
  const signal = new AbortController().signal;
  const rateOf = async (messageSizeBytes: number) =>
    (await measureCeiling(loadTopic({ load: { messageSizeBytes } }).plan, { seed: 1, signal })).recordsPerSec;
  expect(await rateOf(200)).toBeGreaterThan(await rateOf(100_000));
});

it('ends with the run', async () => {
  const reason = new Error('stopped');
  const stopped = measureCeiling(loadTopic().plan, { seed: 1, signal: AbortSignal.abort(reason) });
  await expect(stopped).rejects.toBe(reason);
});
