import { expect, it } from 'vitest';
import { measureCeiling } from '../../../bench/load/ceiling.ts';
import type { GeneratorCeiling } from '../../../lib/measurement/generator-ceiling.ts';
import type { TopicPlan } from '../../../lib/plan/types.ts';
import { loadTopic } from './load-topic.ts';

const { signal } = new AbortController();

/** The best of three: a machine that stalls for a third of a second takes a whole measurement with it. */
async function ceilingOf(plan: TopicPlan): Promise<GeneratorCeiling> {
  const found: GeneratorCeiling[] = [];
  for (let turn = 0; turn < 3; turn += 1) found.push(await measureCeiling(plan, { seed: 1, signal }));
  return found.reduce((best, each) => (each.recordsPerSec > best.recordsPerSec ? each : best));
}

it('tells what one process makes of records that nobody takes', async () => {
  const { plan } = loadTopic();
  const { topic, recordsPerSec, cpuMicrosPerRecord } = await ceilingOf(plan);
  expect(topic).toBe(plan.name);
  // Less than was asked for, or it would be no ceiling; more than any example needs, however busy the machine.
  expect(recordsPerSec).toBeGreaterThan(1_000);
  expect(recordsPerSec).toBeLessThan(2_000_000);
  expect(cpuMicrosPerRecord).toBeGreaterThan(0);
});

it('makes less of big records than of small ones', async () => {
  const rateOf = async (messageSizeBytes: number) =>
    (await ceilingOf(loadTopic({ load: { messageSizeBytes } }).plan)).recordsPerSec;
  expect(await rateOf(200)).toBeGreaterThan(await rateOf(100_000));
});

it('ends with the run', async () => {
  const reason = new Error('stopped');
  const stopped = measureCeiling(loadTopic().plan, { seed: 1, signal: AbortSignal.abort(reason) });
  await expect(stopped).rejects.toBe(reason);
});
