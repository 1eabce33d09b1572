import { describe, expect, it } from 'vitest';
import { compareCells, leastRounds } from '../../lib/experiment/compare.ts';
import type { CellFigures, Repeat } from '../../lib/experiment/types.ts';
import { createRandom } from '../../lib/random.ts';

const nothing: CellFigures = {
  recordsPerSec: null,
  publishP50Ms: null,
  publishP99Ms: null,
  endToEndP50Ms: null,
  endToEndP99Ms: null,
  clientCpuMicrosPerRecord: null,
  brokerCpuMicrosPerRecord: null,
  recordsPerBatch: null,
  wireBytesPerRecord: null,
  diskBytesPerRecord: null,
  lostRecords: null,
  duplicateRecords: null,
  reorderedRecords: null,
};

/** A target in which `fast` needs 10 % less than `base`, `same` just as much; every round has a mood of its own. */
function simulate(seed: number, rounds = 9): readonly Repeat[] {
  const random = createRandom(seed);
  const noise = () => 1 + 0.03 * (random() + random() + random() - 1.5) * 2;
  return Array.from({ length: rounds }, (_, round) => {
    const mood = 1 + random();
    const run = (cell: string, publishP99Ms: number): Repeat => ({
      cell,
      round,
      figures: { ...nothing, publishP99Ms: publishP99Ms * mood * noise() },
      doubts: [],
    });
    return [run('base', 10), run('same', 10), run('fast', 9)];
  }).flat();
}

describe('compareCells', () => {
  it('finds the setting that is 10 % faster and calls the equal one equal, in at least 95 of 100 runs', () => {
    const runs = Array.from({ length: 100 }, (_, seed) => simulate(seed));
    const outcomes = (cell: string) =>
      runs.map((repeats, seed) => compareCells(repeats, 'publishP99Ms', cell, 'base', seed).outcome);
    expect(outcomes('fast').filter((outcome) => outcome === 'lower').length).toBeGreaterThanOrEqual(95);
    expect(outcomes('same').filter((outcome) => outcome === 'equal').length).toBeGreaterThanOrEqual(95);
  });

  it('compares within rounds: the mood of the host, up to twofold, is not taken for the setting', () => {
    const { ratio } = compareCells(simulate(1), 'publishP99Ms', 'fast', 'base', 1);
    expect(ratio?.low).toBeGreaterThan(0.8);
    expect(ratio?.high).toBeLessThan(1);
  });

  it('asks more than a few agreeing rounds of many: one that disagrees among nine may be luck', () => {
    const swapped = simulate(1).map((repeat) =>
      repeat.round === 4 && repeat.cell === 'fast' ? { ...repeat, figures: { ...nothing, publishP99Ms: 1e3 } } : repeat,
    );
    expect(compareCells(swapped, 'publishP99Ms', 'fast', 'base', 1).outcome).toBe('equal');
  });

  it('knows nothing from too few rounds, from none, and from repeats with doubts', () => {
    expect(compareCells(simulate(1, leastRounds - 1), 'publishP99Ms', 'fast', 'base', 1).outcome).toBe('unknown');
    expect(compareCells([], 'publishP99Ms', 'fast', 'base', 1)).toMatchObject({ ratio: null, outcome: 'unknown' });
    const doubted = simulate(1).map((repeat) => ({ ...repeat, doubts: ['the harness was the limit'] }));
    expect(compareCells(doubted, 'publishP99Ms', 'fast', 'base', 1).outcome).toBe('unknown');
  });
});
