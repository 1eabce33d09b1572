import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyPartitioner, createStickyPartitioner, partitionOfKey } from '../../../bench/load/partitioner.ts';

/** murmur2 of Apache Kafka's own test (UtilsTest.testMurmur2). */
const javaVectors: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

describe('partitionOfKey', () => {
  it.each(javaVectors)('puts %s where the Java client puts it', (key, hash) => {
    for (const partitions of [1, 10, 997]) {
      expect(partitionOfKey(Buffer.from(key), partitions)).toBe((hash & 0x7fffffff) % partitions);
    }
  });

  it('is the same by the key index, asked once or twice, and spreads keys over all partitions', () => {
    const keyOf = (index: number) => Buffer.from(String(index).padStart(8, '0'));
    const partitioner = createKeyPartitioner(1000, 10, keyOf);
    const counts = new Array<number>(10).fill(0);
    for (let index = 0; index < 1000; index += 1) {
      const partition = partitioner(index);
      expect(partition).toBe(partitionOfKey(keyOf(index), 10));
      expect(partitioner(index)).toBe(partition);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(50);
  });
});

describe('sticky partitioner', () => {
  it('stays until a send, then goes to another partition, and repeats with its seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 50 }), fc.integer(), (partitions, seed) => {
        const sticky = createStickyPartitioner(partitions, seed);
        const again = createStickyPartitioner(partitions, seed);
        for (let round = 0; round < 20; round += 1) {
          const before = sticky.current();
          expect(sticky.current()).toBe(before);
          expect(again.current()).toBe(before);
          expect(before).toBeGreaterThanOrEqual(0);
          expect(before).toBeLessThan(partitions);
          sticky.next();
          again.next();
          expect(sticky.current()).not.toBe(before);
        }
      }),
    );
  });

  it('has nowhere to go with one partition', () => {
    const sticky = createStickyPartitioner(1, 1);
    sticky.next();
    expect(sticky.current()).toBe(0);
  });
});
