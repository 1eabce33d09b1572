/** What a calibration says of other work than it was measured with, and of which machines it may say it. */
import { type Calibration, type Cost, type Machine, type Work, type WorkKind, workKinds } from './types.ts';

/** Cores of all brokers together. */
export function coresFor(costs: Readonly<Record<WorkKind, Cost>>, work: Work): number {
  return workKinds.reduce((cores, kind) => cores + costs[kind].coreSeconds * work[kind], 0);
}

export interface Rates {
  readonly producedBytesPerSec: number;
  readonly replicatedBytesPerSec: number;
  readonly consumedBytesPerSec: number;
  readonly batchesPerSec: number;
}

export const noWork: Work = Object.fromEntries(workKinds.map((kind) => [kind, 0])) as Record<WorkKind, number>;

export function addWork(a: Work, b: Work): Work {
  return {
    broker: a.broker + b.broker,
    producedMB: a.producedMB + b.producedMB,
    replicatedMB: a.replicatedMB + b.replicatedMB,
    consumedMB: a.consumedMB + b.consumedMB,
    producedBatch: a.producedBatch + b.producedBatch,
    replicatedBatch: a.replicatedBatch + b.replicatedBatch,
    consumedBatch: a.consumedBatch + b.consumedBatch,
  };
}

/** Of traffic alone, no broker counted. Followers and readers get the batches as they were sent: as many more as they get bytes more. */
export function workOf(rates: Rates): Work {
  const { producedBytesPerSec: produced, batchesPerSec } = rates;
  const perByte = produced > 0 ? batchesPerSec / produced : 0;
  return {
    broker: 0,
    producedMB: produced / 1e6,
    replicatedMB: rates.replicatedBytesPerSec / 1e6,
    consumedMB: rates.consumedBytesPerSec / 1e6,
    producedBatch: batchesPerSec,
    replicatedBatch: rates.replicatedBytesPerSec * perByte,
    consumedBatch: rates.consumedBytesPerSec * perByte,
  };
}

/**
 * Why a calibration does not say what brokers of this instance type cost; null: it does. A core of one processor is not a core
 * of another, so it holds for the family it was measured on, whose sizes share the processor and differ in the number of cores.
 */
export function notOfThisFamily({ machine, cpu, cpuMissing }: Calibration, instanceType: string): string | null {
  if (cpu === null) return cpuMissing ?? 'it has no CPU costs';
  const family = familyOf(instanceType);
  if (machine.instanceType === null) return `it was measured on a machine that is no ${family} instance`;
  const measured = familyOf(machine.instanceType);
  return measured === family ? null : `it was measured on ${measured}, and a core of ${family} is another one`;
}

/** Why what was measured on this host says nothing of the machine of a calibration; null: it is that machine, or one like it. */
export function notOfThisMachine(
  { cpuModel, cores }: Machine,
  host: { cpuModel: string; cpus: number },
): string | null {
  if (host.cpuModel === cpuModel && host.cpus === cores) return null;
  return `made on ${host.cpuModel} with ${host.cpus} cores, not on ${cpuModel} with ${cores}`;
}

/** `m7g` of `kafka.m7g.large`, `express.m7g.large` and `m7g.large`. */
function familyOf(instanceType: string): string {
  return instanceType.split('.').at(-2) ?? instanceType;
}
