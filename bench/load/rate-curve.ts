/**
 * A rate that changes over time, as straight lines between points: ramps, steps (two points at one time) and replayed days.
 * Answers both ways, exactly: how many records are due by a time, and when a record is due.
 */
export interface RatePoint {
  /** Since the phase began. */
  readonly atMs: number;
  readonly perSec: number;
}

export interface RateCurve {
  /** Records due up to this time, as a real number. */
  dueBy(atMs: number): number;
  /** When this many records are due; Infinity when the rate never comes to it. */
  whenDue(records: number): number;
}

interface Segment {
  readonly fromMs: number;
  /** Infinity for the last one. */
  readonly toMs: number;
  readonly perMs: number;
  /** Change of the rate, per millisecond. */
  readonly slope: number;
  /** Due before and up to the end of it. */
  readonly before: number;
  readonly upTo: number;
}

/**
 * Before the first point the rate is that of the first, after the last that of the last. Throws RangeError for no points,
 * times that go back, and rates that are negative or no numbers.
 */
export function createRateCurve(points: readonly RatePoint[]): RateCurve {
  const segments = segmentsOf(points);
  const last = segments.at(-1);
  // Nothing is due while the rate is 0.
  const carrying = segments.filter(({ before, upTo }) => upTo > before);
  if (last === undefined) throw new RangeError('a rate curve needs at least one point');
  return {
    dueBy: (atMs) => {
      if (atMs <= 0) return 0;
      const { fromMs, perMs, slope, before } = segments[firstWhere(segments, ({ toMs }) => atMs <= toMs)] ?? last;
      const elapsed = atMs - fromMs;
      return before + elapsed * (perMs + (slope * elapsed) / 2);
    },
    whenDue: (records) => {
      const segment = carrying[firstWhere(carrying, ({ upTo }) => records <= upTo)];
      if (segment === undefined || records > segment.upTo) return Number.POSITIVE_INFINITY;
      const { fromMs, perMs, slope, before } = segment;
      const due = records - before;
      if (due <= 0) return fromMs;
      // Of the two forms of the root, the one that loses no digits and also holds for a constant rate.
      return fromMs + (2 * due) / (perMs + Math.sqrt(Math.max(0, perMs * perMs + 2 * slope * due)));
    },
  };
}

function segmentsOf(points: readonly RatePoint[]): readonly Segment[] {
  const segments: Segment[] = [];
  let before = 0;
  let fromMs = 0;
  let perMs = (points[0]?.perSec ?? 0) / 1000;
  for (const { atMs, perSec } of points) {
    if (!(perSec >= 0 && Number.isFinite(perSec))) throw new RangeError(`a rate of ${perSec}/s is not a rate`);
    if (!(atMs >= fromMs && Number.isFinite(atMs))) throw new RangeError(`a rate curve goes back at ${atMs} ms`);
    const lengthMs = atMs - fromMs;
    if (lengthMs > 0) {
      const upTo = before + (lengthMs * (perMs + perSec / 1000)) / 2;
      segments.push({ fromMs, toMs: atMs, perMs, slope: (perSec / 1000 - perMs) / lengthMs, before, upTo });
      before = upTo;
    }
    fromMs = atMs;
    perMs = perSec / 1000;
  }
  const toMs = Number.POSITIVE_INFINITY;
  if (points.length > 0) segments.push({ fromMs, toMs, perMs, slope: 0, before, upTo: perMs > 0 ? toMs : before });
  return segments;
}

/** Index of the first segment that fits; all after it fit too. The last one when none does. */
function firstWhere(segments: readonly Segment[], fits: (segment: Segment) => boolean): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const segment = segments[middle];
    if (segment !== undefined && fits(segment)) high = middle;
    else low = middle + 1;
  }
  return low;
}
