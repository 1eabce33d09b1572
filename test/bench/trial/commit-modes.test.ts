import { describe, expect, it } from 'vitest';
import { type CommitMode, CommitPolicy } from '../../../bench/trial/commit-modes.ts';

/** Offsets committed over polls of 25 records, 10 ms apart each, as the consumer would be asked to. */
function committed(mode: CommitMode, polls: number): readonly number[] {
  const policy = new CommitPolicy(mode, 0);
  const found: number[] = [];
  const note = (positions: ReadonlyMap<number, number> | null) => {
    if (positions !== null) found.push(positions.get(0) ?? -1);
  };
  for (let poll = 0; poll < polls; poll += 1) {
    const records = Array.from({ length: 25 }, (_, index) => ({ partition: 0, offset: poll * 25 + index }));
    note(policy.beforePoll(records));
    for (const { partition, offset } of records) note(policy.afterRecord(partition, offset));
    note(policy.afterPoll((poll + 1) * 250));
  }
  return found;
}

describe('what is committed over four polls of 25 records and 250 ms', () => {
  it.each<[CommitMode, readonly number[]]>([
    ['auto', []],
    ['sync', [25, 50, 75, 100]],
    ['async', [25, 50, 75, 100]],
    ['BATCH', [25, 50, 75, 100]],
    ['before', [25, 50, 75, 100]],
    // 300 ms have passed after the second poll and after the fourth.
    ['TIME', [50, 100]],
    // 40 records have passed after the second poll and after the fourth.
    ['COUNT', [50, 100]],
    ['COUNT_TIME', [50, 100]],
    // The listener acknowledged records 10, 20, ...: the last ones of a poll may be open.
    ['MANUAL', [20, 50, 70, 100]],
    ['MANUAL_IMMEDIATE', [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]],
  ])('%s', (mode, offsets) => {
    expect(committed(mode, 4)).toEqual(offsets);
  });

  it('RECORD: every one', () => {
    expect(committed('RECORD', 1)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
  });
});

it('only "before" commits what is not processed yet', () => {
  const policy = new CommitPolicy('before', 0);
  expect(policy.beforePoll([{ partition: 1, offset: 7 }])?.get(1)).toBe(8);
  expect(policy.processed.size).toBe(0);
});
