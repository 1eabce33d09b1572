import { describe, expect, it } from 'vitest';
import { describeForeignUse, foreignUse, requireUnused } from '../../../bench/target/foreign-use.ts';

const quiet = new Map([
  ['orders', 10n],
  ['payments', 0n],
]);

describe('foreign use', () => {
  it('is none when no end offset moved and no group has members', () => {
    const use = describeForeignUse(foreignUse(quiet, new Map(quiet), []), 1_000);
    expect(use).toEqual([]);
    expect(() => requireUnused(use, ['b:9092'])).not.toThrow();
  });

  it.each([
    ['a topic that grew', new Map([...quiet, ['orders', 12n]]), [], /others wrote to orders \(2 records\)/],
    ['a topic that came up with records', new Map([...quiet, ['new', 3n]]), [], /new \(3 records\)/],
    ['a group with members', quiet, ['billing'], /groups of others have members: billing/],
  ] as const)('is %s, and refuses the run with the way around', (_, after, groups, text) => {
    const use = describeForeignUse(foreignUse(quiet, after, groups), 1_000);
    expect(() => requireUnused(use, ['b:9092'])).toThrow(text);
    expect(() => requireUnused(use, ['b:9092'])).toThrow(
      expect.objectContaining({ code: 'CLUSTER_BUSY', hint: expect.stringContaining('--shared') }),
    );
  });

  it('is not a topic that was emptied or deleted meanwhile', () => {
    expect(foreignUse(quiet, new Map([['orders', 4n]]), []).writtenTopics).toEqual([]);
  });

  it('names five and counts the rest', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(describeForeignUse(foreignUse(quiet, quiet, many), 1)).toEqual([
      'groups of others have members: a, b, c, d, e and 2 more',
    ]);
  });
});
