/** Faults that were drilled again replace their earlier results, so that one fault can be drilled alone and the page stays whole. */
import { faults } from '../faults/index.ts';
import type { DrillOutcome, DrillReport, FaultResult } from './types.ts';

type RunTime = Pick<DrillReport, 'startedAt' | 'minutes'>;

/** Of two reports the later one counts where both know a fault; only of equal divisors, for times would not compare. */
export function mergeDrills(earlier: DrillReport, later: DrillReport): DrillReport {
  if (earlier.timeDivisor !== later.timeDivisor || earlier.schemaVersion !== later.schemaVersion) return later;
  const nameOf = ({ fault }: FaultResult): string => fault;
  const order = faults.map(({ id }) => id);
  const merged = mergeResults(earlier.faults, later.faults, nameOf, order);
  return {
    ...later,
    ...timeOf(earlier, later),
    outcome: worstOf(merged),
    faults: merged,
    emptyPanels: later.emptyPanels.filter((panel) => earlier.emptyPanels.includes(panel)),
  };
}

/** What was done again replaces its earlier result; in the order of all there are. */
export function mergeResults<Result>(
  earlier: readonly Result[],
  later: readonly Result[],
  nameOf: (result: Result) => string,
  order: readonly string[],
): readonly Result[] {
  const again = new Set(later.map(nameOf));
  const all = [...earlier.filter((result) => !again.has(nameOf(result))), ...later];
  return all.toSorted((a, b) => order.indexOf(nameOf(a)) - order.indexOf(nameOf(b)));
}

/** Of two runs of one report: since the first, and as long as both. */
export function timeOf(earlier: RunTime, later: RunTime): RunTime {
  return { startedAt: earlier.startedAt, minutes: Math.round((earlier.minutes + later.minutes) * 10) / 10 };
}

/** Any not met, else any inconclusive; nothing drilled is inconclusive. */
export function worstOf(found: readonly FaultResult[]): DrillOutcome {
  if (found.some(({ outcome }) => outcome === 'notMet')) return 'notMet';
  return found.length === 0 || found.some(({ outcome }) => outcome === 'inconclusive') ? 'inconclusive' : 'met';
}
