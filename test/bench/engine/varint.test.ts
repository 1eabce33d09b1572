import { Reader } from '@platformatic/kafka';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { varintBytes, varlongBytes, writeVarint, writeVarlong } from '../../../bench/engine/varint.ts';

const room = Buffer.alloc(16);

describe('varints', () => {
  it('of 32 bits are read back by the reference, in as many bytes as foretold', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.integer({ min: -200, max: 200 })), (value) => {
        const end = writeVarint(room, 3, value);
        expect(end - 3).toBe(varintBytes(value));
        const reader = Reader.from(Buffer.from(room.subarray(3, end)));
        // The reference's 32-bit reader is wrong beyond 2^30; the 64-bit one reads the same bytes.
        expect(reader.readVarInt64()).toBe(BigInt(value));
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  it('of safe integers are read back by the reference, in as many bytes as foretold', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), fc.integer({ min: -200, max: 200 })),
        (value) => {
          const end = writeVarlong(room, 0, value);
          expect(end).toBe(varlongBytes(value));
          expect(Reader.from(Buffer.from(room.subarray(0, end))).readVarInt64()).toBe(BigInt(value));
        },
      ),
    );
  });

  it.each([
    [0, '00'],
    [-1, '01'],
    [63, '7e'],
    [-64, '7f'],
    [64, '8001'],
    [2 ** 31 - 1, 'feffffff0f'],
    [-(2 ** 31), 'ffffffff0f'],
  ])('%i is %s', (value, expected) => {
    expect(room.toString('hex', 0, writeVarint(room, 0, value))).toBe(expected);
    expect(room.toString('hex', 0, writeVarlong(room, 0, value))).toBe(expected);
  });
});
