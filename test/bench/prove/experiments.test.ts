import { describe, expect, it } from 'vitest';
import { planExperiments, topicsToCreate } from '../../../bench/prove/experiments.ts';
import { runLengths } from '../../../bench/run-lengths.ts';
import type { SettingReadBack } from '../../../lib/measurement/types.ts';
import { examplePlan } from '../example-plan.ts';

const plan = examplePlan();
const prefix = 'headroom-r1-';
const lengths = runLengths({ measureMs: null, tradeOff: true, retention: true });
const checksEvery = (found: string | null): readonly SettingReadBack[] => [
  { subject: 'broker', setting: 'log.retention.check.interval.ms', planned: null, found },
];

describe('planExperiments', () => {
  it('copies the plan for each mode, and a time-scaled topic, all under the prefix', () => {
    const topics = topicsToCreate(plan, prefix, planExperiments(plan, prefix, lengths, checksEvery('500')));
    expect(topics.map(({ name }) => name)).toEqual([
      'headroom-r1-categoryChanged',
      'headroom-r1-acks0-categoryChanged',
      'headroom-r1-acks1-categoryChanged',
      'headroom-r1-acksall-categoryChanged',
      'headroom-r1-idempotent-categoryChanged',
      'headroom-r1-retention-categoryChanged',
    ]);
    const [planned, ...others] = topics;
    for (const copy of others.slice(0, 4)) expect({ ...copy, name: '' }).toEqual({ ...planned, name: '' });
    expect(others.at(-1)?.config).toMatchObject({
      'cleanup.policy': 'delete',
      'min.insync.replicas': 2,
      'retention.ms': 2_600,
      'segment.ms': 900,
    });
  });

  it.each([
    ['300000', /every 300000 ms .* needs 2000 ms or less/],
    ['500 (broker 1), 300000 (broker 2)', /every 300000 ms/],
    [null, /did not tell their log.retention.check.interval.ms/],
    ['unknown', /did not tell/],
  ])('leaves retention out with the reason when the brokers check every %s', (found, reason) => {
    const { retention, notes } = planExperiments(plan, prefix, lengths, checksEvery(found));
    expect(retention).toBeNull();
    expect(notes).toEqual([expect.stringMatching(reason)]);
  });

  it('leaves retention out when no topic deletes by age', () => {
    const compacted = plan.topics.map((topic) => ({ ...topic, config: { 'cleanup.policy': 'compact' } }));
    const { notes } = planExperiments({ ...plan, topics: compacted }, prefix, lengths, checksEvery('500'));
    expect(notes).toEqual(['retention on disk was left out: no topic of the plan deletes records by age']);
  });

  it('says what the user left out', () => {
    const none = runLengths({ measureMs: 2_000, tradeOff: false, retention: false });
    const experiments = planExperiments(plan, prefix, none, checksEvery('500'));
    expect(experiments).toMatchObject({ tradeOff: null, retention: null });
    expect(experiments.notes).toHaveLength(2);
    expect(topicsToCreate(plan, prefix, experiments)).toHaveLength(1);
  });

  it('compares the modes on the topic with the highest peak', () => {
    const [topic] = plan.topics;
    if (topic === undefined) throw new Error('no topic');
    const busier = { ...topic, name: 'busier', load: { ...topic.load, peakPerSec: topic.load.peakPerSec + 1 } };
    const experiments = planExperiments({ ...plan, topics: [topic, busier] }, prefix, lengths, checksEvery('500'));
    expect(experiments.tradeOff?.topic.name).toBe('busier');
  });
});
