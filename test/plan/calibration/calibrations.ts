/** Calibrations built by hand for the tests that use one. */
import { coresFor } from '../../../lib/plan/calibration/predict.ts';
import {
  type Calibration,
  type Cost,
  calibrationSchemaVersion,
  type Machine,
  type Observation,
  type Work,
  type WorkKind,
  workKinds,
} from '../../../lib/plan/calibration/types.ts';

export const trueCosts: Readonly<Record<WorkKind, number>> = {
  broker: 0.05,
  producedMB: 0.004,
  replicatedMB: 0.006,
  consumedMB: 0.003,
  producedBatch: 0.0003,
  replicatedBatch: 0.0007,
  consumedBatch: 0.0001,
};

export const costs = Object.fromEntries(
  workKinds.map((kind) => [kind, { coreSeconds: trueCosts[kind], low: 0, high: 2 * trueCosts[kind] }]),
) as unknown as Readonly<Record<WorkKind, Cost>>;

export const machine: Machine = {
  cpuModel: 'Intel(R) Xeon(R) Platinum 8175M',
  cores: 8,
  arch: 'x64',
  os: 'Linux 6.1',
  instanceType: 'm5.2xlarge',
};

/** Loads of MB/s and batches/s with copies and groups, as a grid has them. */
export const works: readonly Work[] = (
  [
    [0.01, 20, 1, 0],
    [10, 200, 1, 0],
    [10, 200, 1, 2],
    [10, 200, 3, 0],
    [10, 200, 3, 1],
    [0.3, 600, 1, 0],
    [0.3, 600, 1, 2],
    [0.3, 600, 3, 0],
    [0.3, 600, 3, 1],
    [2, 180, 3, 1],
    [3, 330, 3, 1],
    [5, 100, 2, 1],
  ] as const
).map(([produced, batches, copies, groups]) => ({
  broker: 3,
  producedMB: produced,
  replicatedMB: produced * (copies - 1),
  consumedMB: produced * groups,
  producedBatch: batches,
  replicatedBatch: batches * (copies - 1),
  consumedBatch: batches * groups,
}));

/** `noise`: factor on the cores of each, by its index. */
export function observations(noise: (index: number) => number = () => 1): readonly Observation[] {
  return works.map((work, index) => ({
    from: `load ${index}`,
    work,
    cores: coresFor(costs, work) * noise(index),
    disk: null,
  }));
}

export function calibrationWith(change: Partial<Calibration> = {}): Calibration {
  return {
    schemaVersion: calibrationSchemaVersion,
    measuredAt: '2026-11-21T14:00:00.000Z',
    machine,
    kafkaVersion: '4.3.1',
    brokers: 3,
    cpu: { costs, error: { median: 0.05, worst: 0.2 } },
    cpuMissing: null,
    diskError: { median: 0.001, worst: 0.01 },
    observations: observations(),
    notes: [],
    ...change,
  };
}
