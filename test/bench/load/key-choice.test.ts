import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyChoice, type KeyChoice } from '../../../bench/load/key-choice.ts';

const records = 60_000;

/** How often each key was chosen. */
function countsOf(choice: KeyChoice, keys: number, seed = 5): number[] {
  const keyOf = createKeyChoice(choice, keys, seed);
  const counts = new Array<number>(keys).fill(0);
  for (let id = 0; id < records; id += 1) counts[keyOf(id)] = (counts[keyOf(id)] ?? 0) + 1;
  return counts;
}

/** Five standard deviations of a count with this expectation. */
function expectNear(count: number | undefined, expected: number): void {
  expect(Math.abs((count ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected) + 1);
}

describe('the key of a record', () => {
  it('round robin takes turns exactly, uniform evenly', () => {
    expect(countsOf({ kind: 'roundRobin' }, 8).every((count) => count === records / 8)).toBe(true);
    for (const count of countsOf({ kind: 'uniform' }, 8)) expectNear(count, records / 8);
  });

  it.each([0.5, 0.99, 1, 1.3, 2.5])('Zipf with exponent %d has the frequencies of its law', (exponent) => {
    const keys = 50;
    const weights = Array.from({ length: keys }, (_, index) => (index + 1) ** -exponent);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const counts = countsOf({ kind: 'zipf', exponent }, keys);
    for (const [index, weight] of weights.entries()) expectNear(counts[index], (records * weight) / total);
  });

  it('hot keys take their share, the others share the rest', () => {
    const counts = countsOf({ kind: 'hot', share: 0.8, keys: 2 }, 12);
    for (const count of counts.slice(0, 2)) expectNear(count, 0.4 * records);
    for (const count of counts.slice(2)) expectNear(count, 0.02 * records);
  });

  it('follows from the record and the seed alone, and stays below the number of keys', () => {
    const choices: readonly KeyChoice[] = [
      { kind: 'none' },
      { kind: 'uniform' },
      { kind: 'zipf', exponent: 1.1 },
      { kind: 'hot', share: 0.5, keys: 1 },
    ];
    fc.assert(
      fc.property(fc.constantFrom(...choices), fc.nat(1e12), fc.integer({ min: 2, max: 1e7 }), (choice, id, keys) => {
        const key = createKeyChoice(choice, keys, 9)(id);
        expect(createKeyChoice(choice, keys, 9)(id)).toBe(key);
        expect(Number.isInteger(key) && key >= 0 && key < keys).toBe(true);
      }),
    );
  });

  it.each<[KeyChoice, RegExp]>([
    [{ kind: 'zipf', exponent: 0 }, /an exponent of 0 is not above 0/],
    [{ kind: 'zipf', exponent: Number.NaN }, /NaN/],
    [{ kind: 'hot', share: 1.5, keys: 1 }, /a share of 1.5/],
    [{ kind: 'hot', share: 0.5, keys: 10 }, /10 hot keys of 10/],
    [{ kind: 'hot', share: 0.5, keys: 0 }, /0 hot keys of 10/],
  ])('%j is refused', (choice, expected) => {
    expect(() => createKeyChoice(choice, 10, 1)).toThrow(expected);
  });
});
