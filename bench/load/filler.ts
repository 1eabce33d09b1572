/** What fills the padding of a value: as much random text as the planned compression leaves, or samples of real values. */
import { createRandom, hash32 } from '../../lib/random.ts';

/** Fills up to `bytes` of `value` from `offset` for a record. */
export type Filler = (value: Buffer, offset: number, bytes: number, id: number) => void;

/** Random text that padding is cut from: longer than any window of a compressor that matters here (lz4: 64 KiB). */
const randomTextBytes = 262_144;
/** So much that records of one batch seldom share a piece. */
const randomPoolBytes = 4_194_304;
const randomAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** What a compressor cannot shrink is `ratio` of the padding; the rest stays as it is. */
export function randomFiller(ratio: number, seed: number): Filler {
  return poolFiller(randomText(seed), ratio, seed);
}

/** `share` of the padding is random over all bytes, which no codec shrinks; the rest stays as it is. */
export function randomBytesFiller(share: number, seed: number): Filler {
  const random = createRandom(seed);
  const pool = Buffer.alloc(randomPoolBytes);
  for (let at = 0; at + 4 <= pool.length; at += 4) pool.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
  return poolFiller(pool, share, seed);
}

function poolFiller(pool: Buffer, ratio: number, seed: number): Filler {
  return (value, offset, bytes, id) => {
    const end = Math.floor(bytes * Math.min(1, ratio));
    for (let at = 0; at < end; at += randomTextBytes / 2) {
      const part = Math.min(end - at, randomTextBytes / 2);
      const from = hash32(seed + 1, id + at) % (pool.length - part);
      pool.copy(value, offset + at, from, from + part);
    }
  };
}

/** A sample taken at random, again and again until the padding is full. Throws RangeError when none has a byte. */
export function sampleFiller(samples: readonly Uint8Array[], seed: number): Filler {
  const usable = samples.filter(({ length }) => length > 0).map((sample) => Buffer.from(sample));
  if (usable.length === 0) throw new RangeError('the samples hold no byte');
  return (value, offset, bytes, id) => {
    const sample = usable[hash32(seed + 1, id) % usable.length];
    for (let at = offset; sample !== undefined && at < offset + bytes; at += sample.length) {
      sample.copy(value, at, 0, Math.min(sample.length, offset + bytes - at));
    }
  };
}

function randomText(seed: number): Buffer {
  const random = createRandom(seed);
  const text = Buffer.alloc(randomTextBytes);
  for (let at = 0; at < text.length; at += 1) text[at] = randomAlphabet.charCodeAt(Math.floor(random() * 64));
  return text;
}
