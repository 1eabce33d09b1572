/**
 * A rate that changes over the measured window of a phase. Only its shape is given: whatever its units of time and rate, it is
 * as long as the window, and its mean is the rate of the phase, so that a verdict on that rate stays one.
 */
import type { RatePoint } from './rate-curve.ts';

export interface CurvePoint {
  /** Any unit; the first point is the beginning of the window, the last its end. Two at one time are a step. */
  readonly at: number;
  /** Any unit, at least 0. */
  readonly rate: number;
}

export interface WindowCurve {
  /** As the user asked for it. */
  readonly name: string;
  readonly points: readonly CurvePoint[];
}

/** Straight lines between the points over a window. Throws RangeError for a shape without length or without a rate. */
export function fitCurve({ points }: WindowCurve, windowMs: number, meanPerSec: number): readonly RatePoint[] {
  const { beginning, length, mean } = measure(points);
  return points.map(({ at, rate }) => ({
    atMs: ((at - beginning) / length) * windowMs,
    perSec: (rate / mean) * meanPerSec,
  }));
}

/** Its lowest and highest rate, as multiples of the mean. */
export function curveRange({ points }: WindowCurve): { readonly lowest: number; readonly highest: number } {
  const { mean } = measure(points);
  const rates = points.map(({ rate }) => rate / mean);
  return { lowest: rates.reduce((a, b) => Math.min(a, b)), highest: rates.reduce((a, b) => Math.max(a, b)) };
}

/** For the record of a run. */
export function describeCurve(curve: WindowCurve): string {
  const { lowest, highest } = curveRange(curve);
  return `${curve.name}: ${lowest.toFixed(2)} to ${highest.toFixed(2)} x the average rate`;
}

/** As a file that asks for the same. */
export function writeCurve({ points }: WindowCurve): string {
  return ['seconds,rate', ...points.map(({ at, rate }) => `${at},${rate}`), ''].join('\n');
}

function measure(points: readonly CurvePoint[]): { beginning: number; length: number; mean: number } {
  const [first, ...rest] = points;
  if (first === undefined) throw new RangeError('a curve without points');
  let previous = first;
  let area = 0;
  for (const point of rest) {
    area += ((point.at - previous.at) * (point.rate + previous.rate)) / 2;
    previous = point;
  }
  const length = previous.at - first.at;
  const mean = area / length;
  if (!(length > 0 && mean > 0)) throw new RangeError('a curve needs a length and a rate above 0');
  return { beginning: first.at, length, mean };
}
