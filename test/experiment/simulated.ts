/** Repeats as a target would give them whose truth is known. */
import { figureNames } from '../../lib/experiment/analyse.ts';
import type { CellFigures, Repeat } from '../../lib/experiment/types.ts';
import { createRandom } from '../../lib/random.ts';

export const noFigures = Object.fromEntries(figureNames.map((figure) => [figure, null])) as unknown as CellFigures;

/** A run a round of every cell: its figures times the mood of the round, up to twofold, and up to 9 % noise. */
export function simulate(
  cells: Readonly<Record<string, Partial<CellFigures>>>,
  seed: number,
  rounds = 9,
): readonly Repeat[] {
  const random = createRandom(seed);
  const noise = () => 1 + 0.06 * (random() + random() + random() - 1.5);
  return Array.from({ length: rounds }, (_, round) => {
    const mood = 1 + random();
    return Object.entries(cells).map(([cell, truth]): Repeat => {
      const figures = Object.entries(truth).map(([name, value]) => [name, Number(value) * mood * noise()]);
      return { cell, round, figures: { ...noFigures, ...Object.fromEntries(figures) }, doubts: [] };
    });
  }).flat();
}
