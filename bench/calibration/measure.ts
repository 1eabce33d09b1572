/** Measures the grid of a calibration on a cluster, as an experiment: its manifest, its journal, its clean-up. */
import { observationsOf } from '../../lib/experiment/observations.ts';
import { calibrationOf } from '../../lib/plan/calibration/calibration.ts';
import type { Calibration } from '../../lib/plan/calibration/types.ts';
import { estimateOf } from '../experiment/plan-experiment.ts';
import { runExperiment } from '../experiment/run-experiment.ts';
import type { ExperimentLengths, ExperimentOptions } from '../experiment/types.ts';
import { describeMachine } from '../host.ts';
import { withExistingCluster } from '../target/run-cluster.ts';
import { calibrationLengths, calibrationSpec, warmingRounds } from './grid.ts';

export type CalibrationOptions = Omit<ExperimentOptions, 'spec' | 'useCaseText' | 'resume'> & {
  readonly seed: number;
  /** Shorter where only the way is tested; left out: as long as it takes for the figures to be worth something. */
  readonly lengths?: ExperimentLengths;
  /** Told what it will take before anything is written. */
  readonly onEstimate: (estimate: ReturnType<typeof estimateOf>) => void;
};

export interface CalibrationRun {
  readonly calibration: Calibration;
  /** The run's folder: manifest and journal. */
  readonly folder: string;
}

const localBrokers = 3;

/** Rejects as `runExperiment` does; what was created is deleted by then. */
export async function measureCalibration(options: CalibrationOptions): Promise<CalibrationRun> {
  const { target, seed, onEstimate } = options;
  const brokers =
    target.kind === 'local'
      ? localBrokers
      : await withExistingCluster(target, async (cluster) => cluster.brokers.length);
  const { spec, useCaseText } = calibrationSpec(brokers, seed, options.lengths ?? calibrationLengths);
  onEstimate(estimateOf(spec));
  const { repeats, environment, notes, folder } = await runExperiment({ ...options, spec, useCaseText, resume: null });
  const seen = observationsOf({ ...spec, brokers, repeats, warmingRounds });
  const calibration = calibrationOf({
    measuredAt: environment.startedAt,
    machine: describeMachine(),
    kafkaVersion: environment.versions.kafka ?? null,
    brokers,
    observations: seen.observations,
    notes: [...notes, ...seen.notes],
    cpuHidden:
      target.kind === 'local'
        ? null
        : "the CPU of an existing cluster's brokers cannot be read from here: calibrate on a machine of their type, with a local cluster",
  });
  return { calibration, folder: folder.path };
}
