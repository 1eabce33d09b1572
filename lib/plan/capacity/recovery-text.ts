/** What takes time when a broker is lost or comes back, in words for the console and the report. */
import { formatDurationMs } from '../../units.ts';
import type { RecoveryPlan } from '../types.ts';

/** Null where nothing is known. */
export function recoveryText({ cachedMs, awayMs = 0, catchUpMs, rebuildMs, reconnectMs }: RecoveryPlan): string | null {
  const parts = [
    part(catchUpMs, (time) => `a broker away for ${formatDurationMs(awayMs)} is in sync again after ${time}`),
    part(rebuildMs, (time) => `the data of one is copied anew in ${time}`),
    part(cachedMs, (time) => `readers up to ${time} behind read from memory`),
    part(reconnectMs, (time) => `the quota of IAM lets all clients connect anew in ${time}`),
  ].filter((text) => text !== null);
  return parts.length === 0 ? null : parts.join('; ');
}

function part(timeMs: number | undefined, words: (time: string) => string): string | null {
  return timeMs === undefined ? null : words(formatDurationMs(timeMs));
}
