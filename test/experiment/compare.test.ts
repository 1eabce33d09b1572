import { describe, expect, it } from 'vitest';
import { compare, leastRounds } from '../../lib/experiment/compare.ts';
import { noFigures, simulate } from './simulated.ts';

const truth = { base: { publishP99Ms: 10 }, same: { publishP99Ms: 10 }, fast: { publishP99Ms: 9 } };
const pair = (cell: string) => [{ cell, against: 'base' }];

describe('compare', () => {
  it('finds the setting that is 10 % faster and calls the equal one equal, in at least 95 of 100 runs', () => {
    const runs = Array.from({ length: 100 }, (_, seed) => simulate(truth, seed));
    const count = (cell: string, outcome: string) =>
      runs.filter((repeats, seed) => compare(repeats, 'publishP99Ms', pair(cell), seed).outcome === outcome).length;
    expect(count('fast', 'lower')).toBeGreaterThanOrEqual(95);
    expect(count('same', 'equal')).toBeGreaterThanOrEqual(95);
  });

  it('compares within rounds: the mood of the host, up to twofold, is not taken for the setting', () => {
    const { ratio } = compare(simulate(truth, 1), 'publishP99Ms', pair('fast'), 1);
    expect(ratio?.low).toBeGreaterThan(0.8);
    expect(ratio?.high).toBeLessThan(1);
  });

  it('asks more than a few agreeing rounds of many: one that disagrees among nine may be luck', () => {
    const swapped = simulate(truth, 1).map((repeat) =>
      repeat.round === 4 && repeat.cell === 'fast'
        ? { ...repeat, figures: { ...noFigures, publishP99Ms: 1e3 } }
        : repeat,
    );
    expect(compare(swapped, 'publishP99Ms', pair('fast'), 1).outcome).toBe('equal');
  });

  it('joins pairs round by round', () => {
    const repeats = simulate({ ...truth, b: { publishP99Ms: 100 }, f: { publishP99Ms: 90 } }, 3);
    const pairs = [...pair('fast'), { cell: 'f', against: 'b' }];
    const { ratio, outcome } = compare(repeats, 'publishP99Ms', pairs, 1);
    expect(outcome).toBe('lower');
    expect(ratio?.median).toBeCloseTo(0.9, 1);
  });

  it('knows nothing from too few rounds, from none, and from repeats with doubts', () => {
    const few = simulate(truth, 1, leastRounds - 1);
    expect(compare(few, 'publishP99Ms', pair('fast'), 1).outcome).toBe('unknown');
    expect(compare([], 'publishP99Ms', pair('fast'), 1)).toEqual({ ratio: null, outcome: 'unknown' });
    const doubted = simulate(truth, 1).map((repeat) => ({ ...repeat, doubts: ['the harness was the limit'] }));
    expect(compare(doubted, 'publishP99Ms', pair('fast'), 1).outcome).toBe('unknown');
  });
});
