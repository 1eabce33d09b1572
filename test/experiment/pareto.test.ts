import { describe, expect, it } from 'vitest';
import { type Candidate, paretoSet, promiseOf } from '../../lib/experiment/pareto.ts';

const candidate = (cell: string, settings: Candidate['settings'], p99Ms: number, recordsPerSec: number): Candidate => ({
  cell,
  settings,
  p99Ms,
  recordsPerSec,
});

describe('promiseOf', () => {
  it.each([
    [{ acks: '0' }, 'none'],
    [{ acks: '1' }, 'leader alive'],
    [{ acks: 'all', 'min.insync.replicas': 1 }, 'leader alive'],
    [{ acks: 'all', 'min.insync.replicas': 2 }, 'replicated'],
    [{ acks: 'all', 'enable.idempotence': true }, 'replicated, once and in order'],
  ])('%o promises %s', (settings, promise) => {
    expect(promiseOf(settings)).toBe(promise);
  });
});

describe('paretoSet', () => {
  const all = candidate('all', { acks: 'all' }, 5, 1000);
  const one = candidate('1', { acks: '1' }, 3, 1000);
  const none = candidate('0', { acks: '0' }, 3, 1000);

  it('keeps a dearer setting for its promise, and drops one that gives up a promise for nothing', () => {
    expect(paretoSet([all, one, none]).map(({ cell }) => cell)).toEqual(['all', '1']);
  });

  it('keeps both of two equals', () => {
    expect(paretoSet([one, { ...one, cell: 'again' }])).toHaveLength(2);
  });
});
