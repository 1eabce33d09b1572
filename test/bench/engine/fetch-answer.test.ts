import { Writer } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { FetchAnswer, type FetchedPartition } from '../../../bench/engine/fetch-answer.ts';
import { splitAt } from './reference-batches.ts';

const taggedField = Buffer.from([1, 9, 2, 0xaa, 0xbb]); // one field, of tag 9, two bytes

/** Two topics; records are words of four bytes, the last one of a partition perhaps cut. */
const topics = [
  { topic: 't', partitions: [partition(0, 'aaaabbbbcc'), partition(3, ''), partition(4, 'dddd', 6)] },
  { topic: 'u', partitions: [partition(1, null), partition(2, 'eeee')] },
];

function partition(index: number, records: string | null, errorCode = 0) {
  return { partition: index, records, errorCode };
}

function answer(): Buffer {
  return Writer.create()
    .appendInt32(0)
    .appendInt16(0)
    .appendInt32(0)
    .appendArray(topics, (topicWriter, { topic, partitions }) => {
      topicWriter.appendString(topic).appendArray(
        partitions,
        (writer, { partition: index, records, errorCode }) => {
          writer
            .appendInt32(index)
            .appendInt16(errorCode)
            .appendInt64(100n)
            .appendInt64(90n)
            .appendInt64(5n)
            .appendArray([7n], (abortedWriter, id) => abortedWriter.appendInt64(id).appendInt64(42n))
            .appendInt32(-1)
            .appendUnsignedVarInt(records === null ? 0 : records.length + 1)
            .append(Buffer.from(records ?? ''))
            .append(taggedField);
        },
        true,
        false,
      );
    })
    .appendTaggedFields().buffer;
}

/** What is not taken is there again, with the next chunk behind it. */
function read(chunks: readonly Buffer[], skipped: readonly number[] = []) {
  const opened: FetchedPartition[] = [];
  const words: string[] = [];
  const fetched = new FetchAnswer((head) => {
    opened.push(head);
    if (skipped.includes(head.partition)) return null;
    return {
      take: (bytes, start, end) => {
        let at = start;
        for (; end - at >= 4; at += 4) words.push(`${head.partition}:${bytes.toString('latin1', at, at + 4)}`);
        return at;
      },
      end: (cutBytes) => words.push(`${head.partition} ends, ${cutBytes} cut`),
    };
  });
  let left = Buffer.alloc(0);
  for (const chunk of chunks) {
    const there = Buffer.concat([left, chunk]);
    left = Buffer.from(there.subarray(fetched.take(there)));
  }
  return { opened, words, isWhole: fetched.isWhole, left: left.length };
}

const everything = [
  '0:aaaa',
  '0:bbbb',
  '0 ends, 2 cut',
  '3 ends, 0 cut',
  '4:dddd',
  '4 ends, 0 cut',
  '1 ends, 0 cut',
  '2:eeee',
  '2 ends, 0 cut',
];

describe('FetchAnswer', () => {
  it('hands over the records of each partition, in order', () => {
    const { opened, words, isWhole, left } = read([answer()]);
    expect(words).toEqual(everything);
    expect([isWhole, left]).toEqual([true, 0]);
    expect(opened.map(({ topic, partition: index, errorCode }) => [topic, index, errorCode])).toEqual([
      ['t', 0, 0],
      ['t', 3, 0],
      ['t', 4, 6],
      ['u', 1, 0],
      ['u', 2, 0],
    ]);
    expect(opened[0]).toMatchObject({
      aborted: [{ producerId: 7, firstOffset: 42 }],
    });
  });

  it('gives the same for an answer split at every byte, and for one byte a chunk', () => {
    const bytes = answer();
    for (let place = 1; place < bytes.length; place++) expect(read(splitAt(bytes, [place])).words).toEqual(everything);
    const bytewise = read(Array.from(bytes, (byte) => Buffer.from([byte])));
    expect(bytewise.words).toEqual(everything);
    expect(bytewise.opened).toHaveLength(5);
  });

  it('hands over records while the rest is on its way', () => {
    const bytes = answer();
    const behind = bytes.indexOf('bbbb') + 4;
    expect(read([bytes.subarray(0, behind)])).toMatchObject({ words: ['0:aaaa', '0:bbbb'], isWhole: false });
  });

  it('passes over partitions that nobody wants', () => {
    expect(read([answer()], [0, 2]).words).toEqual(everything.filter((word) => !/^[02]/.test(word)));
  });

  it('leaves bytes behind its end to the caller', () => {
    expect(read([Buffer.concat([answer(), Buffer.from('more')])])).toMatchObject({ isWhole: true, left: 4 });
  });
});
