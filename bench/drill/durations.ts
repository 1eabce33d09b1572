/** How long a rule may take by its own durations. */
import type { Alert } from '../../lib/metrics/types.ts';

const unitSec: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** A window of days counts what there is of it: a drill need not wait for all. */
const mostWindowSec = 21_600;

/** Seconds of the longest window of the condition and of `for`, undivided. */
export function longestSec({ condition, forSec }: Pick<Alert, 'condition' | 'forSec'>): number {
  const windows = [...(condition ?? '').matchAll(/\[(\d+)([smhd])/g)].map(
    ([, count, unit]) => Number(count) * (unitSec[unit ?? 's'] ?? 1),
  );
  return forSec + Math.max(0, ...windows.map((window) => Math.min(window, mostWindowSec)));
}
