import { describe, expect, it } from 'vitest';
import type { CatchUpGroup, CatchUpMeasurement } from '../../lib/measurement/catch-up.ts';
import { judge } from '../../lib/verdict/judge.ts';
import { type Case, courseCase } from '../fixtures/run.ts';
import { lineOf, withMeasurement } from './planted.ts';

/** The course example: 200/s on average, ten threads of 100/s each, an outage of 1 h to be caught up within 30 min. */
const id = 'topics.categoryChanged.catchUp.lecture';
const groupName = courseCase.plan.topics[0]?.groups[0]?.name ?? '';

function withBacklog(group: Partial<CatchUpGroup> = {}, change: Partial<CatchUpMeasurement> = {}): Case {
  const measured: CatchUpGroup = {
    group: groupName,
    drainedMs: 500,
    readRecords: 20_000,
    readPerSec: 40_000,
    maxLagRecords: 20_000,
    maxLagSeconds: 6,
    ...group,
  };
  const catchUp: CatchUpMeasurement = {
    topic: 'categoryChanged',
    averagePerSec: 200,
    backlogRecords: 20_000,
    scaling: 'scaled',
    generatorLimit: null,
    groups: [measured],
    ...change,
  };
  return withMeasurement(courseCase, { catchUp: [catchUp] });
}

describe('catching up', () => {
  it('is no line but a note where nobody measured it', () => {
    expect(lineOf(courseCase, id)).toBeUndefined();
    const { requirements, plan, measurement, environment } = courseCase;
    expect(judge(requirements, plan, measurement, environment).notes.join()).toContain('is planned for, not measured');
  });

  it('is counted at the rate of the threads when the cluster gives more', () => {
    // 200/s x 3,600 s / (1,000/s - 200/s) = 900 s.
    const given = withBacklog();
    expect(lineOf(given, id)).toMatchObject({ outcome: 'met', required: 1_800_000, found: 900_000, margin: 2 });
    const { requirements, plan, measurement, environment } = given;
    expect(judge(requirements, plan, measurement, environment).notes.join()).not.toContain('catching up');
  });

  it('is counted at the rate of the cluster when the threads take more', () => {
    // 720,000 / (500 - 200) = 2,400 s.
    expect(lineOf(withBacklog({ readPerSec: 500 }), id)).toMatchObject({ outcome: 'notMet', found: 2_400_000 });
  });

  it('is never done when no more is read than arrives', () => {
    expect(lineOf(withBacklog({ readPerSec: 200, drainedMs: null }), id)).toMatchObject({
      outcome: 'notMet',
      found: 'never',
      margin: null,
      reason: expect.stringContaining('never caught up'),
    });
  });

  it.each([
    ['nothing read', withBacklog({ readPerSec: null, readRecords: 0, drainedMs: null }), /nothing was read/],
    ['no backlog', withBacklog({}, { backlogRecords: 0 }), /nothing was read/],
    ['a group that did not read', withBacklog({ group: 'other' }), /did not read a backlog/],
    ['a backlog that was not drained', withBacklog({ drainedMs: null }), /was not drained/],
    [
      'a busy harness',
      withBacklog({ readPerSec: 500 }, { generatorLimit: 'the harness was busy' }),
      /harness was busy/,
    ],
  ])('is inconclusive with %s', (_what, given, reason) => {
    expect(lineOf(given, id)).toMatchObject({ outcome: 'inconclusive', reason: expect.stringMatching(reason) });
  });
});
