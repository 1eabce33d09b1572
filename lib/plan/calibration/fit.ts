/** From observations to costs: what each kind of work takes of a core, how sure that is, and how well it predicts. */
import { leastSquares, studentT95 } from './least-squares.ts';
import { coresFor } from './predict.ts';
import { type Cost, type CpuCosts, type Observation, type PredictionError, type WorkKind, workKinds } from './types.ts';

/** Degrees of freedom below which an interval says nothing. */
const leastFreedom = 3;

type Seen = Observation & { readonly cores: number };
type Costs = Readonly<Record<WorkKind, Cost>>;

/** The costs, or in words why these observations do not tell them. */
export function fitCosts(observations: readonly Observation[]): CpuCosts | string {
  const seen = observations.filter((each): each is Seen => each.cores !== null && each.cores > 0);
  if (seen.length === 0) return "no observation has the brokers' CPU";
  const needed = workKinds.length + leastFreedom;
  if (seen.length < needed) {
    return `${seen.length} observations with the brokers' CPU do not tell ${workKinds.length} costs apart: at least ${needed} are needed`;
  }
  const costs = costsOf(seen);
  if (typeof costs === 'string') return costs;
  const shares = seen.flatMap((left) => {
    const others = costsOf(seen.filter((each) => each !== left));
    // Without it nothing tells some cost: then no other observation predicts it.
    return typeof others === 'string' ? [] : [shareOff(coresFor(others, left.work), left.cores)];
  });
  const error = errorOf(shares);
  return error === null ? 'each observation is the only one of its kind: repeat them' : { costs, error };
}

/** How far predictions were off; null of none. */
export function errorOf(shares: readonly number[]): PredictionError | null {
  const sorted = shares.toSorted((a, b) => a - b);
  const worst = sorted.at(-1);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (worst === undefined || upper === undefined || lower === undefined) return null;
  return { median: (lower + upper) / 2, worst };
}

export function shareOff(predicted: number, measured: number): number {
  return Math.abs(predicted / measured - 1);
}

/**
 * Errors count by their share of what was measured, so that a large load does not drown a small one. No work gives cores
 * back: a cost that comes out below zero is held at zero, and the others are fitted again without it.
 */
function costsOf(seen: readonly Seen[]): Costs | string {
  const wanted = seen.map(() => 1);
  const rowsOf = (kinds: readonly WorkKind[]) => seen.map(({ work, cores }) => kinds.map((kind) => work[kind] / cores));
  const absent = workKinds.filter((kind) => seen.every(({ work }) => work[kind] === 0));
  if (absent.length > 0) return `nothing was measured with ${absent.map(workName).join(', ')}`;
  const first = leastSquares(rowsOf(workKinds), wanted);
  if (first === null) return 'the work of all observations is alike: nothing tells its kinds apart';
  let kinds: readonly WorkKind[] = workKinds;
  let fit = first;
  for (;;) {
    const lowest = Math.min(...fit.values);
    if (lowest >= 0) break;
    const dropped = fit.values.indexOf(lowest);
    kinds = kinds.filter((_, index) => index !== dropped);
    const again = leastSquares(rowsOf(kinds), wanted);
    if (again === null) return 'the work of all observations is alike: nothing tells its kinds apart';
    fit = again;
  }
  return Object.fromEntries(
    workKinds.map((kind, index) => {
      const kept = kinds.indexOf(kind);
      const source = kept < 0 ? first : fit;
      const column = kept < 0 ? index : kept;
      const coreSeconds = kept < 0 ? 0 : (fit.values[kept] ?? 0);
      const half = studentT95(source.freedom) * (source.errors[column] ?? Number.NaN);
      const centre = source.values[column] ?? Number.NaN;
      return [kind, { coreSeconds, low: Math.max(0, centre - half), high: Math.max(0, centre + half) }];
    }),
  ) as unknown as Costs;
}

const names: Readonly<Record<WorkKind, string>> = {
  broker: 'a broker itself',
  producedMB: 'MB produced',
  replicatedMB: 'MB replicated',
  consumedMB: 'MB consumed',
  producedBatch: 'a batch produced',
  replicatedBatch: 'a batch replicated',
  consumedBatch: 'a batch consumed',
};

/** Of one kind of work, as a table names it. */
export function workName(kind: WorkKind): string {
  return names[kind];
}
