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
/** In the first half, whose memory is not judged for being flat: 750,000 records wait, 158 MB by what the load counts. */
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
  // A busy machine may send later, never less.
  expect(outcome.acknowledged).toBeGreaterThan(0.99 * ratePerSec * (seconds - 2));
  expect(memory.rss.highestBytes, shown).toBeLessThan(mostBytes);
  expect([memory.rss.isFlat, memory.held.isFlat], shown).toEqual([true, true]);
});
