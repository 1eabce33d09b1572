import { expect, it } from 'vitest';
import { Backlog } from '../../../bench/prove/backlog.ts';

/** 1,000 records acknowledged from 0 to 999 ms, nobody reading. */
function filled(): Backlog {
  const backlog = new Backlog();
  for (let ms = 0; ms < 1_000; ms += 1) backlog.ack(ms);
  return backlog;
}

const records = (from: number, count: number, partition = 0) =>
  Array.from({ length: count }, (_, index) => ({ partition, offset: from + index }));

it('tells how fast a backlog was read, and how far behind the group was', () => {
  const reader = filled().reader();
  reader.read(records(0, 400), 2_000);
  reader.read(records(400, 400), 2_100);
  expect(reader.hasCaughtUp).toBe(false);
  reader.read(records(800, 200), 2_200);
  expect(reader.hasCaughtUp).toBe(true);
  expect(reader.result()).toEqual({
    drainedMs: 200,
    readRecords: 1_000,
    readPerSec: 5_000,
    maxLagRecords: 1_000,
    maxLagSeconds: 2,
  });
});

it('has not caught up while more arrives than is read, and says so by null', () => {
  const backlog = filled();
  const reader = backlog.reader();
  reader.read(records(0, 100), 1_000);
  for (let ms = 1_000; ms < 2_000; ms += 1) {
    backlog.ack(ms);
    if (ms % 10 === 0) reader.read(records(100 + (ms - 1_000) / 10, 1), ms);
  }
  reader.look(2_000);
  expect(reader.hasCaughtUp).toBe(false);
  expect(reader.result()).toMatchObject({ drainedMs: null, readRecords: 200, readPerSec: 200, maxLagRecords: 1_800 });
});

it('takes what has just arrived for no lag', () => {
  const backlog = filled();
  const reader = backlog.reader();
  reader.read(records(0, 1_000), 1_500);
  for (let ms = 1_950; ms < 2_000; ms += 1) backlog.ack(ms);
  const late = backlog.reader();
  late.read(records(0, 1_000), 2_000);
  expect(late.hasCaughtUp).toBe(true);
});

it('counts a record that is read again, after a rebalance, once', () => {
  const reader = filled().reader();
  reader.read(records(0, 500), 1_000);
  reader.read(records(0, 500), 1_100);
  expect(reader.hasCaughtUp).toBe(false);
  reader.read(records(0, 500, 1), 1_200);
  expect(reader.hasCaughtUp).toBe(true);
});

it('has no rate for a group that read nothing', () => {
  const reader = filled().reader();
  reader.look(5_000);
  expect(reader.result()).toMatchObject({ drainedMs: null, readRecords: 0, readPerSec: null, maxLagSeconds: 5 });
});
