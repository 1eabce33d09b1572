/**
 * The identity that every record carries in its value: 16 hexadecimal digits, 6 for the session and 10 for the id.
 * Producer and sequence follow from the id, since producers take turns. And its key, of decimal digits.
 */
import { eventIdBytes, keyBytes } from '../../lib/requirements/envelope.ts';

const sessionDigits = 6;
export const idDigits = eventIdBytes - sessionDigits;
/** Ids from here on are end marks: written behind everything else to show that a group has read to the end. */
export const firstMarkId = 2 ** 39;

const digitCodes = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const zero = '0'.charCodeAt(0);
const notADigit = 255;
const nibbles = new Uint8Array(256).fill(notADigit);
for (const [value, code] of digitCodes.entries()) nibbles[code] = value;

/** The digits of a session; what other sessions wrote to the same topic is told apart by them. */
export function sessionTag(session: number): string {
  return (session % 16 ** sessionDigits).toString(16).padStart(sessionDigits, '0');
}

/** Writes a key: decimal digits, as many in each. */
export function writeKey(into: Uint8Array, offset: number, keyIndex: number): void {
  let rest = keyIndex;
  for (let at = offset + keyBytes - 1; at >= offset; at -= 1) {
    const tens = (rest / 10) | 0;
    into[at] = zero + rest - 10 * tens;
    rest = tens;
  }
}

/** Half of an id's digits: what fits in an integer that costs nothing to shift. */
const halfDigits = idDigits / 2;
const halfModulus = 16 ** halfDigits;

/** Writes the id behind the session tag, which is part of the template. `offset` is that of the whole identity. */
export function writeId(value: Uint8Array, offset: number, id: number): void {
  const high = Math.floor(id / halfModulus);
  writeHalf(value, offset + sessionDigits, high);
  writeHalf(value, offset + sessionDigits + halfDigits, id - high * halfModulus);
}

/**
 * The id of a record of the session with this tag (as bytes), where a value that ends at `end` has its identity; -1 when it
 * is of another session or none at all.
 */
export function readId(bytes: Uint8Array, offset: number, end: number, tag: Uint8Array): number {
  if (end < offset + eventIdBytes) return -1;
  for (let index = 0; index < sessionDigits; index += 1) if (bytes[offset + index] !== tag[index]) return -1;
  const high = readHalf(bytes, offset + sessionDigits);
  const low = readHalf(bytes, offset + sessionDigits + halfDigits);
  return high < 0 || low < 0 ? -1 : high * halfModulus + low;
}

function writeHalf(into: Uint8Array, offset: number, half: number): void {
  let rest = half;
  for (let at = offset + halfDigits - 1; at >= offset; at -= 1) {
    into[at] = digitCodes[rest & 15] as number;
    rest >>= 4;
  }
}

/** -1 when one of them is no digit. */
function readHalf(bytes: Uint8Array, offset: number): number {
  let half = 0;
  let seen = 0;
  for (let at = offset; at < offset + halfDigits; at += 1) {
    const nibble = nibbles[bytes[at] as number] as number;
    seen |= nibble;
    half = (half << 4) | nibble;
  }
  return seen > 15 ? -1 : half;
}
