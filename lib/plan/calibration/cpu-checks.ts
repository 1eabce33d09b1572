/** Cores predicted by a calibration against cores measured, for loads that it was not fitted to. */
import { coresFor } from './predict.ts';
import type { Calibration, Observation } from './types.ts';

export interface CpuCheck {
  readonly from: string;
  /** Of all brokers. */
  readonly predictedCores: number;
  readonly measuredCores: number;
  /** predicted / measured - 1 */
  readonly off: number;
}

/**
 * Empty where the calibration has no CPU costs, or nobody saw the brokers' CPU. Of observations that it was fitted to, none: they
 * would be predicted from themselves.
 */
export function cpuChecks(
  { cpu, observations: known }: Calibration,
  observations: readonly Observation[],
): readonly CpuCheck[] {
  if (cpu === null) return [];
  return observations.flatMap(({ from, work, cores }) => {
    if (cores === null || cores <= 0 || known.some((each) => each.from === from)) return [];
    const predictedCores = coresFor(cpu.costs, work);
    return [{ from, predictedCores, measuredCores: cores, off: predictedCores / cores - 1 }];
  });
}
