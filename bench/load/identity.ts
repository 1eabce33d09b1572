/**
 * The identity that every record carries in its value: 16 hexadecimal digits, 6 for the session and 10 for the id.
 * Producer and sequence follow from the id, since producers take turns. And its key, of decimal digits.
 */
import { eventIdBytes } from '../../lib/requirements/envelope.ts';

const sessionDigits = 6;
export const idDigits = eventIdBytes - sessionDigits;
/** Ids from here on are end marks: written behind everything else to show that a group has read to the end. */
export const firstMarkId = 2 ** 39;

const digitCodes = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const notADigit = 255;
const nibbles = new Uint8Array(256).fill(notADigit);
for (const [value, code] of digitCodes.entries()) nibbles[code] = value;

/** The digits of a session; what other sessions wrote to the same topic is told apart by them. */
export function sessionTag(session: number): string {
  return (session % 16 ** sessionDigits).toString(16).padStart(sessionDigits, '0');
}

/** Each number below 16^2 and 10^4 as its digits, so that a few words are stored in place of many bytes. */
const hexPairs = Uint16Array.from({ length: 256 }, (_, pair) => digitsAsWord(pair.toString(16).padStart(2, '0')));
const decimalFours = Uint32Array.from({ length: 10_000 }, (_, four) => digitsAsWord(String(four).padStart(4, '0')));

function digitsAsWord(digits: string): number {
  return [...digits].reduce((word, digit) => word * 256 + digit.charCodeAt(0), 0);
}

/** Writes a key: 8 decimal digits. */
export function writeKey(into: DataView, offset: number, keyIndex: number): void {
  const high = (keyIndex / 10_000) | 0;
  into.setUint32(offset, decimalFours[high] as number);
  into.setUint32(offset + 4, decimalFours[keyIndex - high * 10_000] as number);
}

/** Writes the id behind the session tag, which is part of the template. `offset` is that of the whole identity. */
export function writeId(into: DataView, offset: number, id: number): void {
  const high = Math.floor(id / 0x100_0000);
  const low = id - high * 0x100_0000;
  const start = offset + sessionDigits;
  into.setUint16(start, hexPairs[(high >> 8) & 255] as number);
  into.setUint16(start + 2, hexPairs[high & 255] as number);
  into.setUint16(start + 4, hexPairs[low >> 16] as number);
  into.setUint16(start + 6, hexPairs[(low >> 8) & 255] as number);
  into.setUint16(start + 8, hexPairs[low & 255] as number);
}

/** Half of an id's digits: what fits in an integer that costs nothing to shift. */
const halfDigits = idDigits / 2;
const halfModulus = 16 ** halfDigits;

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
