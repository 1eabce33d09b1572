/**
 * Ordinary least squares by the normal equations (Cholesky), small and dense: tens of rows, less than ten columns.
 * Columns are scaled to length 1 first, so that units do not decide what counts as dependent.
 */
export interface Fit {
  readonly values: readonly number[];
  /** Standard errors of the values. */
  readonly errors: readonly number[];
  /** Rows less columns. */
  readonly freedom: number;
}

/** Below it a scaled column is as good as a sum of others. */
const leastPivot = 1e-6;

/** Null: too few rows, or a column that is a sum of others, so that nothing tells their values apart. */
export function leastSquares(rows: readonly (readonly number[])[], wanted: readonly number[]): Fit | null {
  const count = rows[0]?.length ?? 0;
  const freedom = rows.length - count;
  if (count === 0 || freedom < 1) return null;
  const columns = range(count);
  const lengths = columns.map((column) => Math.hypot(...rows.map((row) => at(row, column))));
  if (lengths.some((length) => length === 0)) return null;
  const scaled = rows.map((row) => row.map((value, column) => value / at(lengths, column)));
  const products = columns.map((a) => columns.map((b) => sum(scaled.map((row) => at(row, a) * at(row, b)))));
  const factor = cholesky(products);
  if (factor === null) return null;
  const inverse = columns.map((column) =>
    solve(
      factor,
      columns.map((row) => (row === column ? 1 : 0)),
    ),
  );
  const values = solve(
    factor,
    columns.map((column) => sum(scaled.map((row, index) => at(row, column) * at(wanted, index)))),
  );
  const residuals = scaled.map(
    (row, index) => at(wanted, index) - sum(row.map((value, column) => value * at(values, column))),
  );
  const variance = sum(residuals.map((residual) => residual ** 2)) / freedom;
  return {
    values: values.map((value, column) => value / at(lengths, column)),
    errors: columns.map((column) => Math.sqrt(variance * at(inverse[column] ?? [], column)) / at(lengths, column)),
    freedom,
  };
}

/** Lower triangle L with L x L' = matrix; null when a pivot says that the matrix is singular. */
function cholesky(matrix: readonly (readonly number[])[]): readonly (readonly number[])[] | null {
  const lower: number[][] = [];
  for (const [i, row] of matrix.entries()) {
    const line: number[] = [];
    for (let j = 0; j <= i; j += 1) {
      const rest = at(row, j) - sum(range(j).map((k) => at(line, k) * at(lower[j] ?? line, k)));
      if (i !== j) line.push(rest / at(lower[j] ?? [], j));
      else if (rest < leastPivot) return null;
      else line.push(Math.sqrt(rest));
    }
    lower.push(line);
  }
  return lower;
}

/** Forward, then back. */
function solve(lower: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const forward: number[] = [];
  for (const [i, row] of lower.entries()) {
    forward.push((at(right, i) - sum(forward.map((value, k) => value * at(row, k)))) / at(row, i));
  }
  const back = new Array<number>(lower.length).fill(0);
  for (let i = lower.length - 1; i >= 0; i -= 1) {
    const known = sum(range(lower.length).map((k) => (k > i ? at(lower[k] ?? [], i) * at(back, k) : 0)));
    back[i] = (at(forward, i) - known) / at(lower[i] ?? [], i);
  }
  return back;
}

/**
 * Half width of the 95 % interval in standard errors: the t quantile by its expansion in 1 / freedom (Abramowitz and Stegun
 * 26.7.5), within 1 % from 3 degrees of freedom on; with fewer it is too small.
 */
export function studentT95(freedom: number): number {
  const z = 1.959964;
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no value ${index} of ${values.length}`);
  return value;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
