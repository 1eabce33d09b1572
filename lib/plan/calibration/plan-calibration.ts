/** What a calibration says of a plan: its CPU as measured beside the rule of thumb, how sure that is, and whether it judged. */
import { clusterLoads } from '../capacity/cluster-load.ts';
import { calibratedCores, heuristicVcpu } from '../capacity/cpu.ts';
import type { Demand } from '../capacity/demand.ts';
import type { ResourceUse } from '../capacity/resources.ts';
import type { ClusterPlan } from '../types.ts';
import { notOfThisFamily } from './predict.ts';
import type { Calibration, Machine, PredictionError } from './types.ts';

export interface CalibrationPlan {
  readonly machine: Machine;
  readonly measuredAt: string;
  /** Of its predictions; null: it has no CPU costs. */
  readonly error: PredictionError | null;
  /** Cores of that machine that all brokers together take at peak; null: it has no CPU costs. */
  readonly cores: { readonly normal: number; readonly degraded: number } | null;
  /** The same by the rule of thumb, which knows no loss. */
  readonly heuristicVcpu: number;
  /** Whether the CPU of the planned brokers was judged by it. */
  readonly judges: boolean;
  /** Why it did not; null: it did. */
  readonly reason: string | null;
}

export function planCalibration(
  calibration: Calibration,
  demand: Demand,
  {
    brokers,
    degraded,
    instanceType,
    resources,
  }: Pick<ClusterPlan, 'brokers' | 'degraded' | 'instanceType' | 'resources'>,
): CalibrationPlan {
  const { machine, measuredAt, cpu } = calibration;
  const load = clusterLoads(demand)(brokers);
  const use = resources.find(({ resource }) => resource === 'cpu');
  const judges = use?.evidence === 'calibrated';
  return {
    machine,
    measuredAt,
    error: cpu?.error ?? null,
    cores:
      cpu === null
        ? null
        : { normal: calibratedCores(cpu, load, brokers), degraded: calibratedCores(cpu, load, degraded.brokers) },
    heuristicVcpu: heuristicVcpu(load),
    judges,
    reason: judges ? null : whyNot(calibration, instanceType, use),
  };
}

function whyNot(calibration: Calibration, instanceType: string | null, use: ResourceUse | undefined): string | null {
  if (instanceType === null) return 'no instance type was chosen';
  if (use === undefined) return 'this target is judged by published rates, not by its CPU';
  return notOfThisFamily(calibration, instanceType);
}
