import { describe, expect, it } from 'vitest';
import { effectiveSettings } from '../../lib/experiment/effective.ts';
import { type Candidate, paretoSet, promiseOf } from '../../lib/experiment/pareto.ts';
import type { Settings } from '../../lib/experiment/types.ts';
import { exampleTopic } from '../bench/example-plan.ts';

const candidate = (cell: string, promise: Candidate['promise'], p99Ms: number, recordsPerSec: number): Candidate => ({
  cell,
  promise,
  p99Ms,
  recordsPerSec,
});

describe('promiseOf', () => {
  it.each<[Settings, Candidate['promise']]>([
    [{ acks: '0' }, 'none'],
    [{ acks: '1' }, 'leader alive'],
    [{ 'min.insync.replicas': 1 }, 'leader alive'],
    [{ 'replication.factor': 1 }, 'leader alive'],
    [{ 'enable.idempotence': false }, 'replicated'],
    [{}, 'replicated, once and in order'],
  ])('%o promises %s', (settings, promise) => {
    expect(promiseOf(effectiveSettings(exampleTopic(), 'engine', settings))).toBe(promise);
  });
});

describe('paretoSet', () => {
  const all = candidate('all', 'replicated', 5, 1000);
  const one = candidate('1', 'leader alive', 3, 1000);
  const none = candidate('0', 'none', 3, 1000);

  it('keeps a dearer setting for its promise, and drops one that gives up a promise for nothing', () => {
    expect(paretoSet([all, one, none]).map(({ cell }) => cell)).toEqual(['all', '1']);
  });

  it('keeps both of two equals', () => {
    expect(paretoSet([one, { ...one, cell: 'again' }])).toHaveLength(2);
  });
});
