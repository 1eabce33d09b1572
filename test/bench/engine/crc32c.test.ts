import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c, crc32cIsNative, tableCrc32c } from '../../../bench/engine/crc32c.ts';

describe('crc32c', () => {
  // RFC 3720, appendix B.4
  it.each([
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['ascending', Buffer.from(Array.from({ length: 32 }, (_, byte) => byte)), 0x46dd794e],
    ['nothing', Buffer.alloc(0), 0],
  ])('of %s is the published one, natively and by table', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
    expect(tableCrc32c(bytes)).toBe(expected);
  });

  it('is native where this suite runs', () => {
    expect(crc32cIsNative).toBe(true);
  });

  it('continues over pieces, and both forms agree', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (head, tail) => {
        const whole = Buffer.concat([head, tail]);
        expect(crc32c(tail, crc32c(head))).toBe(crc32c(whole));
        expect(tableCrc32c(tail, tableCrc32c(head))).toBe(crc32c(whole));
      }),
    );
  });
});
