/**
 * What the brokers of one machine cost, as it was measured there: `headroom calibrate` stores it, `plan` and `report` read it.
 * CPU is linear in the work: cores = sum over the kinds of work of cost x work a second.
 */
export const calibrationSchemaVersion = 1;

/**
 * Kinds of work, all brokers of the cluster together. Bytes are record batches as producers send them, MB = 10^6 B; a batch is
 * one partition's part of a request, so what batches cost is what requests cost, however many share one.
 */
export const workKinds = [
  'broker',
  'producedMB',
  'replicatedMB',
  'consumedMB',
  'producedBatch',
  'replicatedBatch',
  'consumedBatch',
] as const;

export type WorkKind = (typeof workKinds)[number];

/** Work a second of each kind; `broker` is the number of brokers, whose idling costs. */
export type Work = Readonly<Record<WorkKind, number>>;

/** Core seconds a unit of work (a second of a broker, an MB, a batch), with its 95 % interval. */
export interface Cost {
  readonly coreSeconds: number;
  readonly low: number;
  readonly high: number;
}

/** Work that was measured with the cores it took. */
export interface Observation {
  /** Where it comes from: a cell of the grid, or the phase of a run. */
  readonly from: string;
  readonly work: Work;
  /** Of all brokers; null: not to be seen. */
  readonly cores: number | null;
  readonly disk: DiskObservation | null;
}

/** Bytes a record on one disk. */
export interface DiskObservation {
  readonly messageBytes: number;
  readonly recordsPerBatch: number;
  readonly measuredBytes: number;
  /** By the sum of docs/disk.md for a batch so full. */
  readonly predictedBytes: number;
}

/** How far predictions were off, as shares of what was measured. */
export interface PredictionError {
  readonly median: number;
  readonly worst: number;
}

export interface CpuCosts {
  readonly costs: Readonly<Record<WorkKind, Cost>>;
  /** Each observation predicted from all others (leave one out). */
  readonly error: PredictionError;
}

export interface Machine {
  readonly cpuModel: string;
  readonly cores: number;
  /** Such as `x64`. */
  readonly arch: string;
  readonly os: string;
  /** EC2 instance type; null where the machine does not say that it is one. */
  readonly instanceType: string | null;
}

export interface Calibration {
  readonly schemaVersion: typeof calibrationSchemaVersion;
  readonly measuredAt: string;
  readonly machine: Machine;
  readonly kafkaVersion: string | null;
  readonly brokers: number;
  /** Null: it could not be told, for the reason in `cpuMissing`. */
  readonly cpu: CpuCosts | null;
  readonly cpuMissing: string | null;
  /** Of the disk's bytes a record; null: none was measured. */
  readonly diskError: PredictionError | null;
  readonly observations: readonly Observation[];
  readonly notes: readonly string[];
}
