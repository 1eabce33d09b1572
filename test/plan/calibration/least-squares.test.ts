import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastSquares, studentT95 } from '../../../lib/plan/calibration/least-squares.ts';

describe('leastSquares', () => {
  it('finds the line through points, with the standard errors of a textbook', () => {
    // y = 2.2 + 0.6 x; residual variance 0.8: errors sqrt(0.8 x 55 / 50) and sqrt(0.8 / 10).
    const rows = [1, 2, 3, 4, 5].map((x) => [1, x]);
    const fit = leastSquares(rows, [2, 4, 5, 4, 5]);
    expect(fit?.values[0]).toBeCloseTo(2.2, 9);
    expect(fit?.values[1]).toBeCloseTo(0.6, 9);
    expect(fit?.errors[0]).toBeCloseTo(Math.sqrt(0.88), 9);
    expect(fit?.errors[1]).toBeCloseTo(Math.sqrt(0.08), 9);
    expect(fit?.freedom).toBe(3);
  });

  it('recovers any exact combination, whatever the units of its columns', () => {
    const rows = [
      [1, 0, 0],
      [0, 1e6, 0],
      [0, 0, 1e-6],
      [1, 1e6, 1e-6],
      [2, 1e6, 5e-6],
    ];
    fc.assert(
      fc.property(
        fc.tuple(
          fc.double({ min: -10, max: 10, noNaN: true }),
          fc.double({ min: -10, max: 10, noNaN: true }),
          fc.double({ min: -10, max: 10, noNaN: true }),
        ),
        ([a, b, c]) => {
          const truth = [a, b / 1e6, c * 1e6];
          const fit = leastSquares(
            rows,
            rows.map((row) => row.reduce((sum, value, index) => sum + value * (truth[index] ?? 0), 0)),
          );
          truth.forEach((value, index) => {
            expect(Math.abs((fit?.values[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(
              1e-6 * Math.max(1, Math.abs(value)),
            );
          });
        },
      ),
    );
  });

  it('gives nothing where columns are sums of each other, empty, or as many as rows', () => {
    expect(
      leastSquares(
        [
          [1, 2],
          [2, 4],
          [3, 6],
        ],
        [1, 2, 3],
      ),
    ).toBeNull();
    expect(
      leastSquares(
        [
          [1, 0],
          [2, 0],
          [3, 0],
        ],
        [1, 2, 3],
      ),
    ).toBeNull();
    expect(
      leastSquares(
        [
          [1, 2],
          [2, 1],
        ],
        [1, 2],
      ),
    ).toBeNull();
    expect(leastSquares([], [])).toBeNull();
  });
});

describe('studentT95', () => {
  it.each([
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
  ])('of %d degrees of freedom is %d', (freedom, expected) => {
    expect(Math.abs(studentT95(freedom) / expected - 1)).toBeLessThan(0.01);
  });
});
