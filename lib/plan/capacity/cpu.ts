/** CPU of one broker: by what was measured on machines of its family, else by a rule of thumb. */
import { coresFor, notOfThisFamily } from '../calibration/predict.ts';
import type { Calibration, CpuCosts } from '../calibration/types.ts';
import { rules } from '../facts/sizing-rules.ts';
import { mebibyte } from './broker.ts';
import type { ClusterLoad } from './cluster-load.ts';
import type { UseInput } from './resources.ts';

type CpuUse = Pick<UseInput, 'used' | 'evidence' | 'formula' | 'source'>;
type Carried = Pick<ClusterLoad, 'work' | 'cpuIngressBytesPerSec' | 'peakOutBytesPerSec'>;

export function cpuUse(
  load: Carried,
  { alive, instanceType, calibration }: { alive: number; instanceType: string; calibration: Calibration | null },
): CpuUse {
  const costs = calibration === null || notOfThisFamily(calibration, instanceType) !== null ? null : calibration.cpu;
  if (costs === null) {
    return {
      used: heuristicVcpu(load) / alive,
      evidence: 'heuristic',
      formula: 'max(peak ingress x replicas / 3 / 5 MiB/s, egress / 15 MiB/s) / brokers alive',
      source: 'akalculator',
    };
  }
  return {
    used: calibratedCores(costs, load, alive) / alive,
    evidence: 'calibrated',
    formula: 'a broker itself + (cost x MB and batches produced, replicated and consumed at peak) / brokers alive',
    source: 'calibration',
  };
}

/** Of all brokers together; who is gone does not idle, and his work is done by the others. */
export function calibratedCores({ costs }: CpuCosts, { work }: Pick<Carried, 'work'>, alive: number): number {
  return coresFor(costs, { ...work, broker: alive });
}

/** Of all brokers together. */
export function heuristicVcpu({ cpuIngressBytesPerSec, peakOutBytesPerSec }: Carried): number {
  const produce = (rules.produceMiBpsPerVcpu.value ?? Number.NaN) * mebibyte;
  const consume = (rules.consumeMiBpsPerVcpu.value ?? Number.NaN) * mebibyte;
  return Math.max(cpuIngressBytesPerSec / produce, peakOutBytesPerSec / consume);
}
