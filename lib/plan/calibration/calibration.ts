/** Puts a calibration together from what was observed. */
import { errorOf, fitCosts, shareOff } from './fit.ts';
import { type Calibration, calibrationSchemaVersion } from './types.ts';

export type CalibrationInput = Pick<
  Calibration,
  'measuredAt' | 'machine' | 'kafkaVersion' | 'brokers' | 'observations' | 'notes'
> & {
  /** Why the brokers' CPU cannot be seen from here; null: it can. */
  readonly cpuHidden: string | null;
};

export function calibrationOf({ cpuHidden, ...seen }: CalibrationInput): Calibration {
  const fitted = cpuHidden ?? fitCosts(seen.observations);
  const disks = seen.observations.flatMap(({ disk }) => (disk === null ? [] : [disk]));
  return {
    schemaVersion: calibrationSchemaVersion,
    measuredAt: seen.measuredAt,
    machine: seen.machine,
    kafkaVersion: seen.kafkaVersion,
    brokers: seen.brokers,
    cpu: typeof fitted === 'string' ? null : fitted,
    cpuMissing: typeof fitted === 'string' ? fitted : null,
    diskError: errorOf(disks.map(({ predictedBytes, measuredBytes }) => shareOff(predictedBytes, measuredBytes))),
    observations: seen.observations,
    notes: seen.notes,
  };
}
