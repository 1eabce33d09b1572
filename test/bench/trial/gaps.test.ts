import { expect, it } from 'vitest';
import { countTwice, longestGapMs } from '../../../bench/trial/gaps.ts';

const read = (partition: number, offset: number, atMs: number) => ({ partition, offset, atMs });
const window = { partitions: 2, fromMs: 100, untilMs: 200 };

it('the longest time without a new record of some partition, the ends of the window included', () => {
  const steady = [110, 130, 150, 170, 190].map((atMs, offset) => read(0, offset, atMs));
  const late = [read(1, 0, 90), read(1, 1, 160), read(1, 2, 195)];
  expect(longestGapMs([...steady, ...late], window)).toBe(60);
  expect(longestGapMs(steady, window)).toBe(100);
});

it('a record read again does not end a gap, and counts as read twice', () => {
  const records = [read(0, 0, 50), read(0, 0, 150), read(0, 1, 190), read(1, 0, 110), read(1, 1, 150), read(1, 2, 190)];
  expect(longestGapMs(records, window)).toBe(90);
  expect(countTwice(records)).toBe(1);
});
