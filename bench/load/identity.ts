/**
 * The identity that every record carries in its value: 16 hexadecimal digits, 6 for the session and 10 for the id.
 * Producer and sequence follow from the id, since producers take turns.
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

/** Writes the id behind the session tag, which is part of the template. `offset` is that of the whole identity. */
export function writeId(value: Uint8Array, offset: number, id: number): void {
  let low = id % 0x10_0000;
  let high = (id - low) / 0x10_0000;
  for (let at = offset + eventIdBytes - 1; at >= offset + sessionDigits; at -= 1) {
    value[at] = digitCodes[low & 15] ?? 0;
    low = (low >> 4) | ((high & 15) << 16);
    high >>= 4;
  }
}

/** The id of a record of the session with this tag (as bytes); -1 when it is of another session or none at all. */
export function readId(value: Uint8Array, offset: number, tag: Uint8Array): number {
  if (value.length < offset + eventIdBytes) return -1;
  for (let index = 0; index < sessionDigits; index += 1) if (value[offset + index] !== tag[index]) return -1;
  let id = 0;
  for (let index = 0; index < idDigits; index += 1) {
    const nibble = nibbles[value[offset + sessionDigits + index] ?? 0] ?? notADigit;
    if (nibble === notADigit) return -1;
    id = id * 16 + nibble;
  }
  return id;
}
