/** The cells of an experiment and the order they run in. */
import { createRandom } from '../random.ts';
import type { Cell, Factor, RefusedCell, Settings } from './types.ts';

export type GridKind = 'full' | 'oneAtATime';

/** Number of combinations, without making them: a million is refused before anything is listed. */
export function countCells(factors: readonly Factor[], kind: GridKind): number {
  return kind === 'full'
    ? factors.reduce((product, { values }) => product * values.length, 1)
    : factors.reduce((sum, { values }) => sum + values.length - 1, 1);
}

/**
 * Every combination (`full`), or the first values of all factors and from there each factor alone (`oneAtATime`).
 * `faultsOf` says what keeps a combination from being run; such a cell is refused with all its reasons.
 */
export function layOut(
  factors: readonly Factor[],
  kind: GridKind,
  faultsOf: (settings: Settings) => readonly string[],
): { readonly cells: readonly Cell[]; readonly refused: readonly RefusedCell[] } {
  const cells: Cell[] = [];
  const refused: RefusedCell[] = [];
  for (const settings of kind === 'full' ? combinations(factors) : singleChanges(factors)) {
    const cell = { id: cellId(settings), settings };
    const faults = faultsOf(settings);
    if (faults.length === 0) cells.push(cell);
    else refused.push({ ...cell, reason: faults.join('; ') });
  }
  return { cells, refused };
}

export function cellId(settings: Settings): string {
  const parts = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return parts.length === 0 ? 'as planned' : parts.join(' ');
}

/** Every item once a round, each round in an order of its own, so that a noisy moment of the host hits all alike. */
export function interleave<T>(items: readonly T[], rounds: number, seed: number): readonly T[] {
  const random = createRandom(seed);
  return Array.from({ length: rounds }, () => shuffle(items, random)).flat();
}

function combinations(factors: readonly Factor[]): readonly Settings[] {
  return factors.reduce<readonly Settings[]>(
    (rows, { name, values }) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
}

function singleChanges(factors: readonly Factor[]): readonly Settings[] {
  const first: Settings = Object.fromEntries(
    factors.flatMap(({ name, values }) => (values[0] === undefined ? [] : [[name, values[0]]])),
  );
  const changes = factors.flatMap(({ name, values }) => values.slice(1).map((value) => ({ ...first, [name]: value })));
  return [first, ...changes];
}

/** Fisher-Yates. */
function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const left = [...items];
  const shuffled: T[] = [];
  while (left.length > 0) shuffled.push(...left.splice(Math.floor(random() * left.length), 1));
  return shuffled;
}
