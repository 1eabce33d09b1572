/**
 * Exact fractions. Partition counts and retained bytes are users' sums that must come out to the unit,
 * so no float may touch them before the last rounding.
 */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A fraction in lowest terms with a positive denominator. Throws RangeError on a zero denominator. */
export function rational(numerator: bigint | number, denominator: bigint | number = 1n): Rational {
  let n = BigInt(numerator);
  let d = BigInt(denominator);
  if (d === 0n) throw new RangeError('a rational needs a denominator other than 0');
  if (d < 0n) {
    n = -n;
    d = -d;
  }
  const divisor = greatestCommonDivisor(n < 0n ? -n : n, d);
  return { numerator: n / divisor, denominator: d / divisor };
}

export const zero = rational(0);
export const one = rational(1);

/** Parses plain decimal digits such as `12`, `0.4`; no sign, exponent or separator. Throws RangeError otherwise. */
export function fromDecimal(text: string): Rational {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`not a decimal number: "${text}"`);
  const fraction = match[2] ?? '';
  return rational(BigInt(match[1] + fraction), 10n ** BigInt(fraction.length));
}

export function add(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function multiply(...factors: Rational[]): Rational {
  return factors.reduce((a, b) => rational(a.numerator * b.numerator, a.denominator * b.denominator), one);
}

/** Throws RangeError when `b` is zero. */
export function divide(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator, a.denominator * b.numerator);
}

/** Negative, 0 or positive as `a` is below, equal to or above `b`. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function max(first: Rational, ...rest: Rational[]): Rational {
  return rest.reduce((a, b) => (compare(a, b) >= 0 ? a : b), first);
}

/** The smallest integer not below `a`. */
export function ceil(a: Rational): bigint {
  const quotient = a.numerator / a.denominator;
  return a.numerator % a.denominator > 0n ? quotient + 1n : quotient;
}

/** The nearest double; for display and for places where exactness is not promised. */
export function toNumber(a: Rational): number {
  const whole = a.numerator / a.denominator;
  const rest = a.numerator % a.denominator;
  return Number(whole) + Number(rest) / Number(a.denominator);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}
