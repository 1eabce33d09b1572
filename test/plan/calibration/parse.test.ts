import { describe, expect, it } from 'vitest';
import { HeadroomError } from '../../../lib/errors.ts';
import { parseCalibration } from '../../../lib/plan/calibration/parse.ts';
import { calibrationWith } from './calibrations.ts';

function faultsOf(text: string): HeadroomError {
  try {
    parseCalibration(text, 'calibration.json');
  } catch (error) {
    if (error instanceof HeadroomError) return error;
  }
  throw new Error('it was taken');
}

describe('parseCalibration', () => {
  it.each([
    ['with CPU costs', calibrationWith()],
    ['of an existing cluster', calibrationWith({ cpu: null, cpuMissing: 'not to be read', diskError: null })],
  ])('gives back one %s', (_, calibration) => {
    expect(parseCalibration(JSON.stringify(calibration), 'calibration.json')).toEqual(calibration);
  });

  it('lists every fault with its path, exit 64', () => {
    const good = calibrationWith();
    const { code, message, exitCode } = faultsOf(
      JSON.stringify({
        ...good,
        schemaVersion: 2,
        machine: { ...good.machine, cores: 0 },
        observations: [{ ...good.observations[0], cores: -1 }],
        extra: 1,
      }),
    );
    expect({ code, exitCode }).toEqual({ code: 'CALIBRATION_INVALID', exitCode: 64 });
    expect(message).toContain('calibration.json has 4 faults');
    for (const path of ['schemaVersion', 'machine.cores', 'observations.0.cores', 'extra'])
      expect(message).toContain(path);
  });

  it('refuses what is no JSON', () => {
    expect(faultsOf('cpu: 1').message).toMatch(/no JSON/);
  });
});
