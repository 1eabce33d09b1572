import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interleave } from '../../../bench/scenarios/trade-off.ts';

const modes = ['a', 'b', 'c', 'd'];

describe('interleave', () => {
  it('runs every mode once a round, so no mode gets a quiet hour of its own', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), (seed, rounds) => {
        const order = interleave(modes, rounds, seed);
        for (let round = 0; round < rounds; round += 1) {
          expect(order.slice(round * 4, round * 4 + 4).sort()).toEqual(modes);
        }
        expect(order).toHaveLength(rounds * 4);
      }),
    );
  });

  it('is the same for the same seed, and not always in the order written', () => {
    expect(interleave(modes, 3, 7)).toEqual(interleave(modes, 3, 7));
    const firsts = new Set(Array.from({ length: 20 }, (_, seed) => interleave(modes, 1, seed)[0]));
    expect(firsts.size).toBeGreaterThan(1);
  });
});
