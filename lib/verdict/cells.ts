/** A requirement on the whole use case is judged in every phase, topic and group; the worst of these cells decides. */
import type { PhaseMeasurement } from '../measurement/types.ts';
import { worstOutcome } from './merge.ts';
import type { Answer, Subject } from './question.ts';
import type { Outcome } from './types.ts';

export const phaseNames: readonly PhaseMeasurement['phase'][] = ['average', 'peak'];

export interface Cell {
  /** Null when nothing was found. */
  readonly value: number | null;
  readonly outcome: Outcome;
  readonly reason: string;
}

/** One cell a phase and item; a phase that was not measured is one empty cell. */
export function cellsOfPhases(
  { measurement }: Subject,
  judgePhase: (phase: PhaseMeasurement) => readonly Cell[],
): readonly Cell[] {
  return phaseNames.flatMap((name) => {
    const phase = measurement.phases.find((candidate) => candidate.phase === name);
    return phase === undefined ? [emptyCell(`the ${name} phase was not measured`)] : judgePhase(phase);
  });
}

export function emptyCell(reason: string): Cell {
  return { value: null, outcome: 'inconclusive', reason };
}

/** The highest value of the cells that decide is what was found; the rest of an undecided line is still shown. */
export function highestOf(cells: readonly Cell[], margin: (found: number) => number | null): Answer {
  const outcome = worstOutcome(cells.map((cell) => cell.outcome));
  const deciding = cells.filter((cell) => cell.outcome === outcome);
  const worst = highest(deciding);
  const found = worst?.value ?? highest(cells)?.value ?? null;
  const more = deciding.length - 1;
  const others =
    outcome === 'met' || more < 1
      ? ''
      : `; likewise ${more} more ${more === 1 ? 'phase or group' : 'phases or groups'}`;
  return {
    found,
    margin: found === null ? null : margin(found),
    outcome,
    reason: worst === undefined ? 'nothing was measured' : `${worst.reason}${others}`,
  };
}

function highest(cells: readonly Cell[]): Cell | undefined {
  return cells.reduce<Cell | undefined>(
    (best, cell) =>
      best === undefined || (cell.value ?? Number.NEGATIVE_INFINITY) > (best.value ?? Number.NEGATIVE_INFINITY)
        ? cell
        : best,
    undefined,
  );
}
