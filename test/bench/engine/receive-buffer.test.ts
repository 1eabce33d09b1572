import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReceiveBuffer } from '../../../bench/engine/receive-buffer.ts';

/** Takes words: a length byte pair, then so many bytes. */
function wordsOf(feed: (buffer: ReceiveBuffer) => void): string[] {
  const words: string[] = [];
  const buffer = new ReceiveBuffer((bytes) => {
    let at = 0;
    while (bytes.length - at >= 4 && bytes.length - at >= 4 + bytes.readUInt32BE(at)) {
      const length = bytes.readUInt32BE(at);
      words.push(bytes.toString('latin1', at + 4, at + 4 + length));
      at += 4 + length;
    }
    return at;
  });
  feed(buffer);
  return words;
}

function written(words: readonly string[]): Buffer {
  return Buffer.concat(
    words.map((word) => {
      const bytes = Buffer.alloc(4 + word.length);
      bytes.writeUInt32BE(word.length);
      bytes.write(word, 4, 'latin1');
      return bytes;
    }),
  );
}

/** As a socket does it. */
function fillRoom(buffer: ReceiveBuffer, bytes: Buffer, readBytes: number): void {
  for (let at = 0; at < bytes.length; ) {
    const copied = bytes.copy(buffer.room, 0, at, Math.min(bytes.length, at + readBytes));
    expect(copied).toBeGreaterThan(0);
    at += copied;
    buffer.filled(copied);
  }
}

describe('ReceiveBuffer', () => {
  const words = fc.array(fc.string({ maxLength: 40 }).map((text) => text.replace(/[^ -~]/g, '.')));

  it('hands over what was written into its room, whatever the reads', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 100 }), (said, readBytes) => {
        expect(wordsOf((buffer) => fillRoom(buffer, written(said), readBytes))).toEqual(said);
      }),
    );
  });

  it('hands over what was appended, whatever the chunks', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 100 }), (said, chunkBytes) => {
        const bytes = written(said);
        const found = wordsOf((buffer) => {
          for (let at = 0; at < bytes.length; at += chunkBytes) buffer.append(bytes.subarray(at, at + chunkBytes));
        });
        expect(found).toEqual(said);
      }),
    );
  });

  it('grows for what is larger than its room, from a socket and from chunks', () => {
    const said = ['a', 'b'.repeat(700_000), 'c', 'd'.repeat(300_000), 'e'];
    expect(wordsOf((buffer) => fillRoom(buffer, written(said), 50_000))).toEqual(said);
    expect(wordsOf((buffer) => buffer.append(written(said)))).toEqual(said);
    expect(wordsOf((buffer) => fillRoom(buffer, written(said), 10_000_000))).toEqual(said);
  });
});
