/** A finished search, with what a test changes. */
import { causeOf } from '../../../lib/measurement/limit/cause.ts';
import type { LimitAnswer, LimitMeasurement, LimitProbe } from '../../../lib/measurement/limit/types.ts';
import { probeOf } from './probes.ts';

export function limitOf(
  answer: LimitAnswer,
  probes: readonly LimitProbe[] = [probeOf(), probeOf()],
  change: Partial<LimitMeasurement> = {},
): LimitMeasurement {
  return {
    range: { fromPerSec: 100, toPerSec: 1_000_000, resolution: 0.05 },
    objectives: { achievedRatio: 0.995, publishP99Ms: 50, endToEndP99Ms: 200, lagMaxRecords: 5_000 },
    peakPerSec: 1_000,
    probes,
    answer,
    cause: causeOf(probes),
    loadMs: 97_600,
    budgetMs: 120_000,
    ...change,
  };
}
