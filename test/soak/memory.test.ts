/**
 * The generator for two minutes without a cluster: what it holds stays below 300 MB and flat, also while nothing is acknowledged for half a
 * minute, and every record is verified.
 * Runs beside the unit tests in CI, so it takes a fraction of a core; faster, longer and on real brokers at night.
 */
import { expect, it } from 'vitest';
import { judgeSamples, runGenerator } from './run-generator.ts';

const ratePerSec = 25_000;
const seconds = 120;
const mostBytes = 300e6;
/** In the first half, whose memory is not judged for being flat. The buffers of four producers fill: 639,000 records of 200 B wait there. */
const stallSec = [20, 50] as const;

it('holds no more memory however long it runs', async () => {
  const { samples, outcome, incidents } = await runGenerator({ ratePerSec, seconds, stallSec });
  const memory = judgeSamples(samples);
  const shown = JSON.stringify({ ...memory, cpuCores: outcome.cpuCores });
  process.stderr.write(`memory of the generator: ${shown}\n`);
  expect(incidents).toEqual([]);
  expect(outcome.integrity).toMatchObject({
    unknown: 0,
    offsetCollisions: 0,
    groups: [{ received: outcome.integrity.acknowledged, lost: 0, unseen: 0, duplicates: 0, orderInversions: 0 }],
  });
  // By the stall law S - (1 - q) T, 28.8 s: what proves that records waited.
  expect(outcome.publishP99Ms).toBeGreaterThan(25_000);
  // A busy machine may send later, never less.
  expect(outcome.acknowledged).toBeGreaterThan(0.99 * ratePerSec * (seconds - 2));
  expect(memory.rss.highestBytes, shown).toBeLessThan(mostBytes);
  expect([memory.rss.isFlat, memory.held.isFlat], shown).toEqual([true, true]);
});
