/** An experiment as it is stored (`experiment.json`): what was asked, what was run, what was found. */
import type { GridKind } from './grid.ts';
import type { Analysis, Factor, RefusedCell, Repeat } from './types.ts';

export const experimentSchemaVersion = 1;

export interface ExperimentResult {
  readonly schemaVersion: typeof experimentSchemaVersion;
  readonly useCase: string;
  /** What was to be found out, in a sentence. */
  readonly question: string;
  readonly topic: string;
  readonly factors: readonly Factor[];
  readonly grid: GridKind;
  readonly refused: readonly RefusedCell[];
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly repeats: readonly Repeat[];
  readonly analysis: Analysis;
  /** Remarks that belong beside the figures, such as a noisy host. */
  readonly notes: readonly string[];
  readonly environment: ExperimentEnvironment;
}

/** Enough for a stranger to repeat it; never a secret. */
export interface ExperimentEnvironment {
  readonly startedAt: string;
  readonly target: 'local' | 'existing';
  readonly clusterId: string;
  readonly brokers: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly host: { readonly cpus: number; readonly cpuModel: string; readonly os: string };
  readonly hostNoiseP99Ms: number;
  readonly seed: number;
  readonly commandLine: readonly string[];
}
