import { describe, expect, it } from 'vitest';
import { effectiveSettings, effectiveTopic, ruleFaults } from '../../lib/experiment/effective.ts';
import type { Settings } from '../../lib/experiment/types.ts';
import { exampleTopic } from '../bench/example-plan.ts';

const topic = exampleTopic();
const effective = (settings: Settings) => effectiveSettings(topic, 'engine', settings);

describe('effectiveSettings', () => {
  it('is the plan where nothing varies', () => {
    expect(effectiveTopic(topic, effective({})).producer).toEqual(topic.producer);
    expect(effective({})).toMatchObject({ driver: 'engine', partitions: topic.partitions, ratePerSec: 1000 });
  });

  it('drops idempotence with weaker acks unless it is varied itself', () => {
    expect(effective({ acks: '1' }).producer['enable.idempotence']).toBe(false);
    expect(effective({ acks: 'all' }).producer['enable.idempotence']).toBe(true);
    expect(effective({ acks: '1', 'enable.idempotence': true }).producer['enable.idempotence']).toBe(true);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, topic.minInsyncReplicas],
    [5, 4],
  ])('of %i replicas keeps %i in sync', (replicas, inSync) => {
    const settings = effective({ 'replication.factor': replicas });
    expect(settings.minInsyncReplicas).toBe(inSync);
    expect(effectiveTopic(topic, settings).config['min.insync.replicas']).toBe(inSync);
  });
});

describe('ruleFaults', () => {
  it('names every rule that is broken', () => {
    const inFlight = 'max.in.flight.requests.per.connection';
    expect(ruleFaults(effective({}))).toEqual([]);
    expect(ruleFaults(effective({ acks: '1', 'enable.idempotence': true, [inFlight]: 6 }))).toEqual([
      'idempotence needs acks=all, not acks=1',
      'idempotence needs at most 5 requests in flight, not 6',
    ]);
    expect(ruleFaults(effective({ 'replication.factor': 2, 'min.insync.replicas': 3 }))).toEqual([
      'min.insync.replicas 3 is more than the 2 replicas',
    ]);
  });
});
