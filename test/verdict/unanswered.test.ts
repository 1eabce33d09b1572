import { describe, expect, it } from 'vitest';
import { constantLatency } from '../fixtures/measurement.ts';
import { type Case, courseCase } from '../fixtures/run.ts';
import { atPeak, groupsAtPeak, lineOf } from './planted.ts';

const rate = 'topics.categoryChanged.rate.peak';

/** The same run with a producer that waits for no answer. */
const unanswered: Case = {
  ...courseCase,
  plan: {
    ...courseCase.plan,
    topics: courseCase.plan.topics.map((topic) => ({ ...topic, producer: { ...topic.producer, acks: '0' } })),
  },
};

describe('with acks 0', () => {
  it('the rate is what the consumers read', () => {
    expect(lineOf(unanswered, rate)).toMatchObject({ outcome: 'met', reason: expect.stringContaining('delivered') });
  });

  it('a rate that was handed over and lost is not met', () => {
    const lost = groupsAtPeak(unanswered, () => ({ received: 0 }));
    expect(lineOf(lost, rate)).toMatchObject({ outcome: 'notMet', found: 0 });
  });

  it('nothing is known of a topic that nobody reads', () => {
    const unread = atPeak(unanswered, () => ({ groups: [] }));
    expect(lineOf(unread, rate)).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('no consumer read them back'),
    });
  });
});

it('a p99 of 99 samples is no pass', () => {
  const few = atPeak(courseCase, () => ({ scheduled: 99, publish: constantLatency(99, 5) }));
  expect(lineOf(few, 'slo.publish.p99')).toMatchObject({
    outcome: 'inconclusive',
    reason: expect.stringContaining('too few for a p99'),
  });
});

it('no formula is judged where no topic deletes by age', () => {
  const topics = courseCase.plan.topics.map((topic) => ({ ...topic, config: { 'cleanup.policy': 'compact' } }));
  const compacted = { ...courseCase, plan: { ...courseCase.plan, topics } };
  expect(lineOf(courseCase, 'storage.formula')).toBeDefined();
  expect(lineOf(compacted, 'storage.formula')).toBeUndefined();
});
