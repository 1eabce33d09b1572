import { beforeAll, describe, expect, it } from 'vitest';
import { codecOf, compress, decompress } from '../../../bench/engine/codecs.ts';
import { loadZstd } from '../../../bench/engine/zstd.ts';

const zstd = codecOf('zstd');

beforeAll(loadZstd);

/** A frame that does not say how large its content is, as streams write it: blocks of one byte, repeated. */
function streamed(blocks: number): Buffer {
  const blockBytes = 128 * 1024;
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x88]);
  const body = Array.from({ length: blocks }, (_, index) => {
    const isLast = index === blocks - 1 ? 1 : 0;
    const block = Buffer.alloc(4, 'a');
    block.writeUIntLE((blockBytes << 3) | (1 << 1) | isLast, 0, 3);
    return block;
  });
  return Buffer.concat([header, ...body]);
}

describe('zstd', () => {
  it.each([1, 8, 9, 200])('reads %i blocks whose size is not told beforehand', (blocks) => {
    const found = decompress(zstd, streamed(blocks));
    expect(found.length).toBe(blocks * 128 * 1024);
    expect(found.every((byte) => byte === 0x61)).toBe(true);
  });

  it('gives back what was compressed, also after larger and smaller ones', () => {
    for (const bytes of [0, 1, 70_000, 3_000_000, 200]) {
      const plain = Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 7_919) >> 5));
      expect(decompress(zstd, compress(zstd, plain)).equals(plain)).toBe(true);
    }
  });

  it('refuses what is none, and what was cut short', () => {
    const whole = compress(zstd, Buffer.from('headroom '.repeat(100)));
    for (const bytes of [Buffer.from('no frame at all'), whole.subarray(0, -1), streamed(9).subarray(0, -2)])
      expect(() => decompress(zstd, bytes)).toThrow();
  });
});
