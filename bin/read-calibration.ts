/** Reads a stored calibration from disk; what it says is up to `lib/plan/calibration`. */
import { parseCalibration } from '../lib/plan/calibration/parse.ts';
import type { Calibration } from '../lib/plan/calibration/types.ts';
import { readText } from './read-file.ts';

/** `path` is relative to `cwd`. Throws FILE_UNREADABLE when it cannot be read, CALIBRATION_INVALID when it has faults. */
export function readCalibration(path: string, cwd: string): Calibration {
  const text = readText(path, cwd, `measure one: headroom calibrate --out ${path}`);
  return parseCalibration(text, path);
}
