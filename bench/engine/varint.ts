/**
 * Zigzag variable-length integers of Kafka's record format, on plain numbers.
 * Exact for 32-bit integers and for safe 64-bit ones (|value| <= 2^52), which covers every length and time delta.
 */

const highBit = 0x80;
const lowBits = 0x7f;

/** Bytes of an integer in 32 bits. */
export function varintBytes(value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let bytes = 1;
  while (rest > lowBits) {
    rest >>>= 7;
    bytes++;
  }
  return bytes;
}

/** Writes an integer in 32 bits; returns the position after it. */
export function writeVarint(into: Uint8Array, at: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let position = at;
  while (rest > lowBits) {
    into[position++] = (rest & lowBits) | highBit;
    rest >>>= 7;
  }
  into[position++] = rest;
  return position;
}

/** Bytes of a safe integer. */
export function varlongBytes(value: number): number {
  if ((value | 0) === value) return varintBytes(value);
  let rest = zigzag(value);
  let bytes = 1;
  while (rest > lowBits) {
    rest = Math.floor(rest / 128);
    bytes++;
  }
  return bytes;
}

/** Writes a safe integer; returns the position after it. */
export function writeVarlong(into: Uint8Array, at: number, value: number): number {
  if ((value | 0) === value) return writeVarint(into, at, value);
  let rest = zigzag(value);
  let position = at;
  while (rest > lowBits) {
    into[position++] = (rest % 128) | highBit;
    rest = Math.floor(rest / 128);
  }
  into[position++] = rest;
  return position;
}

/** 64-bit shifts do not exist on numbers, and doubling is exact. */
function zigzag(value: number): number {
  return value >= 0 ? value * 2 : value * -2 - 1;
}
