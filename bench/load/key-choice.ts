/**
 * Which key a record has: how skewed the keys are decides which partition, and so which broker and consumer, has most to do.
 * By the record's number and the seed alone, so that any worker can say it of any record.
 */
import { hash32 } from '../../lib/random.ts';

export type KeyChoice =
  /** Records without keys, whatever the use case says. */
  | { readonly kind: 'none' }
  | { readonly kind: 'roundRobin' }
  | { readonly kind: 'uniform' }
  /** Key k, from 1, in proportion to 1 / k^exponent. */
  | { readonly kind: 'zipf'; readonly exponent: number }
  /** `share` of the records on the first `keys` keys, evenly; the rest evenly on the others. */
  | { readonly kind: 'hot'; readonly share: number; readonly keys: number };

/** Index of the key of a record, from 0, below `keys`. Throws RangeError for a choice that no keys can follow. */
export function createKeyChoice(choice: KeyChoice, keys: number, seed: number): (id: number) => number {
  switch (choice.kind) {
    case 'none':
      return () => 0;
    case 'roundRobin':
      return (id) => id % keys;
    case 'uniform':
      return (id) => hash32(seed, id) % keys;
    case 'zipf':
      return zipf(choice.exponent, keys, seed);
    case 'hot':
      return hot(choice, keys, seed);
  }
}

function hot({ share, keys: hotKeys }: Extract<KeyChoice, { kind: 'hot' }>, keys: number, seed: number) {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share of ${share} is not within 0 and 1`);
  if (!(Number.isInteger(hotKeys) && hotKeys >= 1 && hotKeys < keys)) {
    throw new RangeError(`${hotKeys} hot keys of ${keys}: expected at least 1 and fewer than there are`);
  }
  return (id: number): number => {
    const at = uniform(seed, id, 1);
    if (uniform(seed, id, 0) < share) return Math.floor(at * hotKeys);
    return hotKeys + Math.floor(at * (keys - hotKeys));
  };
}

/**
 * Rejection-inversion sampling (W. Hörmann and G. Derflinger, "Rejection-inversion to generate variates from monotone
 * discrete distributions", ACM TOMACS 6(3), 1996): no table, and little more than one draw a record whatever the keys.
 */
function zipf(exponent: number, keys: number, seed: number): (id: number) => number {
  if (!(exponent > 0 && Number.isFinite(exponent))) throw new RangeError(`an exponent of ${exponent} is not above 0`);
  const density = (x: number): number => Math.exp(-exponent * Math.log(x));
  // The integral of the density and its inverse, in forms that also hold for an exponent of 1.
  const integral = (x: number): number => expm1OverX((1 - exponent) * Math.log(x)) * Math.log(x);
  const inverse = (y: number): number => Math.exp(log1pOverX(Math.max(-1, (1 - exponent) * y)) * y);
  const first = integral(1.5) - 1;
  const last = integral(keys + 0.5);
  const squeeze = 2 - inverse(integral(2.5) - density(2));
  return (id) => {
    for (let draw = 0; ; draw += 1) {
      const y = last + uniform(seed, id, draw) * (first - last);
      const x = inverse(y);
      const key = Math.min(keys, Math.max(1, Math.floor(x + 0.5)));
      if (key - x <= squeeze || y >= integral(key + 0.5) - density(key)) return key - 1;
    }
  };
}

/** (e^x - 1) / x, also at 0. */
function expm1OverX(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2;
}

/** ln(1 + x) / x, also at 0. */
function log1pOverX(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2;
}

/** In [0, 1): draw `draw` of a record. */
function uniform(seed: number, id: number, draw: number): number {
  return hash32(hash32(seed, draw + 1), id) / 4_294_967_296;
}
