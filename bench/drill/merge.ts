/** Faults that were drilled again replace their earlier results, so that one fault can be drilled alone and the page stays whole. */
import { faults } from '../faults/index.ts';
import type { DrillOutcome, DrillReport, FaultResult } from './types.ts';

/** Of two reports the later one counts where both know a fault; only of equal divisors, for times would not compare. */
export function mergeDrills(earlier: DrillReport, later: DrillReport): DrillReport {
  if (earlier.timeDivisor !== later.timeDivisor || earlier.schemaVersion !== later.schemaVersion) return later;
  const again = new Set(later.faults.map(({ fault }) => fault));
  const all = [...earlier.faults.filter(({ fault }) => !again.has(fault)), ...later.faults];
  const order = faults.map(({ id }) => id);
  const merged = all.toSorted((a, b) => order.indexOf(a.fault) - order.indexOf(b.fault));
  return {
    ...later,
    startedAt: earlier.startedAt,
    minutes: Math.round((earlier.minutes + later.minutes) * 10) / 10,
    outcome: worstOf(merged),
    faults: merged,
    emptyPanels: later.emptyPanels.filter((panel) => earlier.emptyPanels.includes(panel)),
  };
}

/** Any not met, else any inconclusive; nothing drilled is inconclusive. */
export function worstOf(found: readonly FaultResult[]): DrillOutcome {
  if (found.some(({ outcome }) => outcome === 'notMet')) return 'notMet';
  return found.length === 0 || found.some(({ outcome }) => outcome === 'inconclusive') ? 'inconclusive' : 'met';
}
