import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, ceil, compare, divide, fromDecimal, max, multiply, rational, toNumber } from '../lib/rational.ts';

const fraction = fc
  .tuple(fc.bigInt(-1_000_000n, 1_000_000n), fc.bigInt(1n, 1_000_000n))
  .map(([numerator, denominator]) => rational(numerator, denominator));

describe('rational', () => {
  it('is in lowest terms with a positive denominator', () => {
    expect(rational(6, -4)).toEqual({ numerator: -3n, denominator: 2n });
    expect(() => rational(1, 0)).toThrow(RangeError);
  });

  it.each([
    ['0.1', 1n, 10n],
    ['12', 12n, 1n],
    ['000.50', 1n, 2n],
  ])('reads %s exactly', (text, numerator, denominator) => {
    expect(fromDecimal(text)).toEqual({ numerator, denominator });
  });

  it.each(['', '-1', '1e3', '1_000', '1,5', '.5', '5.', ' 1', 'NaN', '١'])('refuses "%s"', (text) => {
    expect(() => fromDecimal(text)).toThrow(RangeError);
  });

  it('rounds up exactly where a float would not', () => {
    // 0.1 + 0.2 is above 0.3 in floats, so a float would give 4 here.
    expect(ceil(multiply(add(fromDecimal('0.1'), fromDecimal('0.2')), rational(10)))).toBe(3n);
    expect(ceil(rational(-1, 2))).toBe(0n);
    expect(ceil(rational(1001, 100))).toBe(11n);
  });

  it('obeys the laws of a field', () => {
    fc.assert(
      fc.property(fraction, fraction, fraction, (a, b, c) => {
        expect(multiply(a, add(b, c))).toEqual(add(multiply(a, b), multiply(a, c)));
        if (b.numerator !== 0n) expect(multiply(divide(a, b), b)).toEqual(a);
        expect(compare(max(a, b), a)).toBeGreaterThanOrEqual(0);
        expect(toNumber(a)).toBeCloseTo(Number(a.numerator) / Number(a.denominator), 6);
      }),
    );
  });

  it('ceil is the smallest integer not below', () => {
    fc.assert(
      fc.property(fraction, (a) => {
        const above = rational(ceil(a));
        expect(compare(above, a)).toBeGreaterThanOrEqual(0);
        expect(compare(add(above, rational(-1)), a)).toBeLessThan(0);
      }),
    );
  });
});
