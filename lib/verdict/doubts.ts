/**
 * What takes the weight from a figure. A doubt speaks against a pass, against a failure or against both;
 * the outcome it speaks against becomes inconclusive.
 */
import type { Incident, Measurement, PhaseMeasurement } from '../measurement/types.ts';
import type { Requirements } from '../requirements/types.ts';
import { formatRate } from '../units.ts';
import type { Subject } from './question.ts';
import type { Outcome } from './types.ts';

export interface Doubt {
  readonly against: 'met' | 'notMet' | 'both';
  readonly reason: string;
}

/** A rate short by more than this was not the rate asked for (measuring.md 5). */
export const achievedRatio = 0.995;

export function applyDoubts(outcome: Outcome, doubts: readonly Doubt[]): { outcome: Outcome; reasons: string[] } {
  const raised = doubts.filter(({ against }) => against === 'both' || against === outcome);
  if (raised.length === 0) return { outcome, reasons: [] };
  const would = outcome === 'inconclusive' ? '' : ` (it would be ${outcome === 'met' ? 'met' : 'not met'})`;
  return { outcome: 'inconclusive', reasons: raised.map(({ reason }) => reason + would) };
}

/** What is wrong with a phase as a whole. */
export function phaseDoubts(phase: PhaseMeasurement): Doubt[] {
  const doubts: Doubt[] = [];
  if (!(phase.measuredMs > 0)) doubts.push({ against: 'both', reason: `the ${phase.phase} phase measured nothing` });
  if (phase.generator.wasTheLimit) {
    doubts.push({
      against: 'both',
      reason: `the load generator, not the cluster, was the limit: ${phase.generator.reason ?? 'no reason recorded'}`,
    });
  }
  return doubts;
}

/** A steady p99 may move by half; a figure with more room than twice itself is met however an unsteady start moved it. */
const unsteadyRoom = 2;

/**
 * Found values of a phase that was not steady may still be falling or rising. Only against a narrow pass: a cluster that is
 * too slow for the rate never becomes steady, and must be able to fail. `room` is required / found.
 */
export function unsteadyDoubt(phase: PhaseMeasurement, room: number): Doubt[] {
  if (phase.steady || room >= unsteadyRoom) return [];
  return [{ against: 'met', reason: `rate and p99 were not steady when the ${phase.phase} phase began` }];
}

/** Figures at a lower rate than the use case states say nothing about that rate. */
export function offeredDoubt(offeredPerSec: number, requiredPerSec: number): Doubt[] {
  if (offeredPerSec >= requiredPerSec * achievedRatio) return [];
  return [
    {
      against: 'met',
      reason: `only ${formatRate(offeredPerSec)} was offered, the use case states ${formatRate(requiredPerSec)}`,
    },
  ];
}

/** What happened to the run as a whole. */
export function runDoubts({ requirements, measurement }: Subject): Doubt[] {
  const workers = measurement.incidents.filter(({ kind }) => kind === 'workerLost');
  const interrupted = measurement.incidents.some(({ kind }) => kind === 'interrupted');
  const lost = brokersLost(measurement);
  return [
    ...(interrupted ? [{ against: 'met', reason: 'the run was interrupted' } as const] : []),
    // Its part of the load was missing, and what it saw is unknown: nothing follows either way.
    ...workers.map(({ message }) => ({ against: 'both', reason: message }) as const),
    ...(lost.length > survivableLosses(requirements)
      ? [{ against: 'notMet', reason: `${describeLoss(lost)}, more than the use case asks to survive` } as const]
      : []),
  ];
}

export function brokersLost({ incidents }: Measurement): readonly Incident[] {
  return incidents.filter(({ kind }) => kind === 'brokerLost');
}

/** For the end of a reason, so that nobody reads the figure without it; empty when all brokers stayed. */
export function lossRemark(measurement: Measurement): string {
  const lost = brokersLost(measurement);
  return lost.length === 0 ? '' : `; ${describeLoss(lost)}`;
}

function describeLoss(lost: readonly Incident[]): string {
  return lost.map(({ message }) => message).join(', ');
}

/** Brokers that may go at once: one, or all of the fullest zone. */
function survivableLosses({ cluster }: Requirements): number {
  if (cluster.survive === 'none') return 0;
  return cluster.survive === 'broker' ? 1 : Math.ceil((cluster.brokers ?? cluster.zones) / cluster.zones);
}
