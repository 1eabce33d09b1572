import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellId, countCells, interleave, layOut } from '../../lib/experiment/grid.ts';
import type { Factor, Settings } from '../../lib/experiment/types.ts';

const acks: Factor = { name: 'acks', values: ['all', '1', '0'] };
const linger: Factor = { name: 'linger.ms', values: [0, 5] };
const idempotence: Factor = { name: 'enable.idempotence', values: [true, false] };

const anything = () => [];

describe('layOut', () => {
  it('makes every combination once', () => {
    const { cells, refused } = layOut([acks, linger], 'full', anything);
    expect(cells.map(({ id }) => id)).toEqual([
      'acks=all linger.ms=0',
      'acks=all linger.ms=5',
      'acks=1 linger.ms=0',
      'acks=1 linger.ms=5',
      'acks=0 linger.ms=0',
      'acks=0 linger.ms=5',
    ]);
    expect(refused).toEqual([]);
  });

  it('changes one factor at a time from the first values', () => {
    expect(layOut([acks, linger], 'oneAtATime', anything).cells.map(({ id }) => id)).toEqual([
      'acks=all linger.ms=0',
      'acks=1 linger.ms=0',
      'acks=0 linger.ms=0',
      'acks=all linger.ms=5',
    ]);
  });

  it('refuses what may not run, with the reasons', () => {
    const faultsOf = ({ acks, ...rest }: Settings) =>
      rest['enable.idempotence'] === true && acks !== 'all' ? [`needs acks=all, not ${acks}`, 'and more'] : [];
    const { cells, refused } = layOut([acks, idempotence], 'full', faultsOf);
    expect(cells.map(({ id }) => id)).toEqual([
      'acks=all enable.idempotence=true',
      'acks=all enable.idempotence=false',
      'acks=1 enable.idempotence=false',
      'acks=0 enable.idempotence=false',
    ]);
    expect(refused.map(({ id, reason }) => [id, reason])).toEqual([
      ['acks=1 enable.idempotence=true', 'needs acks=all, not 1; and more'],
      ['acks=0 enable.idempotence=true', 'needs acks=all, not 0; and more'],
    ]);
  });

  it('counts a grid without laying it out', () => {
    const wide = Array.from({ length: 10 }, (_, at) => ({ name: `f${at}`, values: [1, 2, 3, 4] }));
    expect(countCells(wide, 'full')).toBe(4 ** 10);
    for (const kind of ['full', 'oneAtATime'] as const) {
      expect(layOut([acks, linger], kind, anything).cells).toHaveLength(countCells([acks, linger], kind));
    }
  });

  it('names the plan itself when nothing varies', () => {
    expect(cellId({})).toBe('as planned');
  });
});

describe('interleave', () => {
  const cells = ['a', 'b', 'c', 'd'];

  it('runs every cell once a round, so no cell gets a quiet hour of its own', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), (seed, rounds) => {
        const order = interleave(cells, rounds, seed);
        for (let round = 0; round < rounds; round += 1) {
          expect(order.slice(round * 4, round * 4 + 4).sort()).toEqual(cells);
        }
        expect(order).toHaveLength(rounds * 4);
      }),
    );
  });

  it('is the same for the same seed, and not always in the order written', () => {
    expect(interleave(cells, 3, 7)).toEqual(interleave(cells, 3, 7));
    const firsts = new Set(Array.from({ length: 20 }, (_, seed) => interleave(cells, 1, seed)[0]));
    expect(firsts.size).toBeGreaterThan(1);
  });
});
