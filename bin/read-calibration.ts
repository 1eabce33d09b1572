/** Reads a stored calibration from disk; what it says is up to `lib/plan/calibration`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { HeadroomError } from '../lib/errors.ts';
import { parseCalibration } from '../lib/plan/calibration/parse.ts';
import type { Calibration } from '../lib/plan/calibration/types.ts';

/** `path` is relative to `cwd`. Throws FILE_UNREADABLE when it cannot be read, CALIBRATION_INVALID when it has faults. */
export function readCalibration(path: string, cwd: string): Calibration {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? String(error)})`;
    throw new HeadroomError('FILE_UNREADABLE', `${path} ${problem}`, {
      hint: `measure one: headroom calibrate --out ${path}`,
      cause: error,
    });
  }
  return parseCalibration(text, path);
}
