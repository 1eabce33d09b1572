/** A row of the scale model: the limit that was found beside the one that the plan's formula gives. */
import type { LimitMeasurement } from '../../lib/measurement/limit/types.ts';
import type { Calibration } from '../../lib/plan/calibration/types.ts';
import type { ScaleCluster } from './cluster.ts';
import { limitOf } from './measure.ts';
import { type Predicted, predictLimit, type Shape } from './shapes.ts';

/** The goal of the scale model. */
export const toleranceShare = 0.15;

export interface ScaleRow {
  readonly shape: Shape;
  readonly limits: ScaleCluster['limits'];
  readonly predicted: Predicted;
  /** Middle between the highest rate sustained and the lowest not sustained; null: the search found no such pair. */
  readonly foundPerSec: number | null;
  readonly place: string | null;
  readonly evidence: readonly string[];
}

export async function checkShape(
  scale: ScaleCluster,
  shape: Shape,
  calibration: Calibration | null,
  budgetMs: number,
): Promise<ScaleRow> {
  const { limits } = scale;
  const predicted = predictLimit(shape, limits, calibration);
  const { answer, cause, probes } = await limitOf(scale, shape, predicted.ratePerSec, budgetMs);
  const row = { shape, limits, predicted, foundPerSec: middleOf(answer), place: cause.place, evidence: cause.evidence };
  const tried = probes.map(
    ({ ratePerSec, sustained, misses, topics, resources: { brokerCpu, networkUsed, unreplicatedRecords } }) =>
      `${Math.round(ratePerSec)}/s ${sustained ? 'held' : misses[0]}; cores ${brokerCpu?.map(({ cores }) => cores.toFixed(2))}, link ${networkUsed?.toFixed(2)}, unreplicated ${unreplicatedRecords}, records a batch ${topics[0]?.recordsPerBatch?.toFixed(1)}`,
  );
  process.stderr.write(`${JSON.stringify({ ...row, answer })}\n  ${tried.join('\n  ')}\n`);
  return row;
}

function middleOf(answer: LimitMeasurement['answer']): number | null {
  if (answer.kind === 'rate') return (answer.ratePerSec + answer.highPerSec) / 2;
  if (answer.kind !== 'unresolved' || answer.lowPerSec === null || answer.highPerSec === null) return null;
  // Out of time, but close enough to be compared.
  return answer.highPerSec / answer.lowPerSec <= 1 + toleranceShare ? (answer.lowPerSec + answer.highPerSec) / 2 : null;
}

export function offOf({ foundPerSec, predicted }: ScaleRow): number {
  return foundPerSec === null ? Number.NaN : foundPerSec / predicted.ratePerSec - 1;
}
