/** The time axis of a phase, and plain figures over it. */
import type { SeriesPoint } from '../../measurement/types.ts';
import { axis, type Point } from './parts.ts';

export function secondsAxis(series: readonly SeriesPoint[]): object {
  return axis({
    type: 'value',
    min: 0,
    max: Math.max(1, ...series.map(({ second }) => second)),
    format: (s) => `${s} s`,
  });
}

export function overSeconds(
  series: readonly SeriesPoint[],
  figure: 'offered' | 'acknowledged' | 'received' | 'lag' | 'slipP99Ms',
): readonly Point[] {
  return series.flatMap((point) => {
    const value = point[figure];
    return value === null ? [] : [[point.second, value] as const];
  });
}
