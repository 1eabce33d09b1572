import { describe, expect, it } from 'vitest';
import { SequenceCheck, stampBytes, writeStamp } from '../../../bench/engine/stamp.ts';

function check(sequences: readonly number[], producer = 3): SequenceCheck {
  const found = new SequenceCheck(3);
  for (const sequence of sequences) {
    const bytes = Buffer.alloc(stampBytes + 5);
    writeStamp(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 5, producer, sequence, 1.7e15);
    found.see(bytes, 5, bytes.length);
  }
  return found;
}

describe('SequenceCheck', () => {
  it('is clean when every sequence comes once and in order', () => {
    expect(check([0, 1, 2, 3])).toMatchObject({ clean: true, received: 4 });
  });

  it.each([
    ['a loss', [0, 1, 3], { gaps: 1, backward: 0 }],
    ['a duplicate', [0, 1, 1, 2], { gaps: 0, backward: 1 }],
    ['a swap', [0, 2, 1, 3], { gaps: 1, backward: 1 }],
    ['a loss beyond 32 bits', [2 ** 33], { gaps: 2 ** 33, backward: 0 }],
  ])('finds %s', (_, sequences, counts) => {
    expect(check(sequences)).toMatchObject({ clean: false, ...counts });
  });

  it('counts what carries no stamp of its producer', () => {
    expect(check([0], 4)).toMatchObject({ clean: false, foreign: 1 });
    const short = new SequenceCheck(3);
    short.see(Buffer.alloc(stampBytes - 1), 0, stampBytes - 1);
    expect(short).toMatchObject({ clean: false, foreign: 1, received: 1 });
  });
});
