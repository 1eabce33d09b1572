/** CRC-32C (Castagnoli), the checksum of a record batch: the native package where it loads, a table where it cannot. */
import { createRequire } from 'node:module';

/** Checksum of `bytes`, continued from that of the bytes before them (0 at the beginning). */
export type Crc32c = (bytes: Uint8Array, before?: number) => number;

const reversedPolynomial = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ reversedPolynomial : crc >>> 1;
  return crc;
});

/** The table-driven form: about thirty times slower than the native one, the same on every platform. */
export function tableCrc32c(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let at = 0; at < bytes.length; at++) crc = (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function loadNative(): Crc32c | null {
  try {
    // A platform without a prebuilt binary throws here, which is what the table is for.
    return createRequire(import.meta.url)('@node-rs/crc32').crc32c as Crc32c;
  } catch {
    return null;
  }
}

const native = loadNative();

/** Whether the native code is in use; a figure of the engine without it says so. */
export const crc32cIsNative = native !== null;

export const crc32c: Crc32c = native ?? tableCrc32c;
