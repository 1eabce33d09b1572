import { describe, expect, it } from 'vitest';
import { planTopic } from '../../lib/plan/topics.ts';
import type { TopicPlan } from '../../lib/plan/types.ts';
import { rational } from '../../lib/rational.ts';
import type { ClusterRequirement, Slo } from '../../lib/requirements/types.ts';
import { dayMs, perSec, type TopicChange, topicOf, useCaseOf } from './use-cases.ts';

function plan(topic: TopicChange = {}, cluster: Partial<ClusterRequirement> = {}, slo: Partial<Slo> = {}): TopicPlan {
  const useCase = useCaseOf([topicOf(topic)], cluster);
  return planTopic(topicOf(topic), { ...useCase, slo: { ...useCase.slo, ...slo } });
}

describe('replication', () => {
  it.each([
    [null, 'none', 'never', 1, 1],
    [null, 'broker', 'never', 3, 2],
    [null, 'zone', 'allowed', 3, 1],
    [2, 'broker', 'never', 2, 2],
    [2, 'broker', 'leaderFailure', 2, 1],
    [1, 'broker', 'never', 1, 1],
    [5, 'broker', 'never', 5, 4],
  ] as const)('replicas %s, survive %s, loss %s: %d, min.insync %d', (replicas, survive, loss, factor, minInsync) => {
    const topic = plan({ replicas, guarantee: { loss } }, { survive, brokers: 6 });
    expect(topic).toMatchObject({ replicationFactor: factor, minInsyncReplicas: minInsync });
    expect(topic.config['min.insync.replicas']).toBe(minInsync);
  });

  it.each(['msk-express', 'msk-serverless'] as const)('%s sets its own and says what the file stated', (target) => {
    const topic = plan({ replicas: 2, guarantee: { loss: 'allowed' } }, { target });
    expect(topic).toMatchObject({ replicationFactor: 3, minInsyncReplicas: 2 });
    expect(topic.config).not.toHaveProperty('min.insync.replicas');
    expect(topic.config).not.toHaveProperty('unclean.leader.election.enable');
    expect(topic.why.find(({ figure }) => figure === 'replicationFactor')?.inputs.stated).toBe(2);
  });
});

describe('producer settings', () => {
  it.each([
    ['never', 'allowed', 'none', 'all', true],
    ['allowed', 'never', 'none', 'all', true],
    ['allowed', 'allowed', 'key', 'all', true],
    ['leaderFailure', 'allowed', 'none', '1', false],
    ['allowed', 'allowed', 'none', '0', false],
  ] as const)(
    'loss %s, duplicates %s, order %s: acks %s, idempotence %s',
    (loss, duplicates, order, acks, idempotent) => {
      expect(plan({ guarantee: { loss, duplicates, order } }).producer).toMatchObject({
        acks,
        'enable.idempotence': idempotent,
        'max.in.flight.requests.per.connection': 5,
      });
    },
  );

  it.each([
    [50, 200, 5],
    [20, 200, 2],
    [200, 9, 0],
    [null, null, 5],
  ])('p99 of %s and %s ms leave a linger of %d ms', (publishP99Ms, endToEndP99Ms, lingerMs) => {
    expect(plan({}, {}, { publishP99Ms, endToEndP99Ms }).producer['linger.ms']).toBe(lingerMs);
  });

  it('lets large messages through producer and topic', () => {
    const topic = plan({ message: { sizeBytes: 2_000_000 } });
    expect(topic.config['max.message.bytes']).toBe(2 * 1_048_576);
    expect(topic.producer['max.request.size']).toBe(2 * 1_048_576);
    expect(plan().config).not.toHaveProperty('max.message.bytes');
  });
});

describe('topic config', () => {
  it('rolls segments of a slow topic in a tenth of its retention', () => {
    expect(plan().config['segment.ms']).toBe(dayMs / 2);
    expect(plan({ retention: { timeMs: 60_000 } }).config['segment.ms']).toBe(600_000);
  });

  it('leaves segments alone that fill up sooner', () => {
    const fast = plan({ message: { sizeBytes: 100_000 }, produce: { ratePerSec: perSec(1000) } });
    expect(fast.config).not.toHaveProperty('segment.ms');
  });

  it('compacts without a time', () => {
    const topic = plan({ retention: { cleanup: 'compact', timeMs: null, keys: 1_000_000 } });
    expect(topic.config['cleanup.policy']).toBe('compact');
    expect(topic.config).not.toHaveProperty('retention.ms');
    expect(topic.retainedBytes).toBe(1_000_000 * 200 * 3);
    expect(topic.onDiskBytes).toBeGreaterThan(2 * topic.retainedBytes);
  });
});

describe('a topic', () => {
  it('rounds retained bytes up to a byte', () => {
    expect(
      plan({ produce: { ratePerSec: rational(1, 7) }, retention: { timeMs: 1000 }, replicas: 1 }).retainedBytes,
    ).toBe(Math.ceil(200 / 7));
  });

  it('listens on one binding however many groups there are, and on none without', () => {
    const consumers = ['a', 'b'].map((service) => ({ service, ratePerSec: perSec(100), catchUp: null }));
    expect(plan({ consumers }).channels.in).toEqual(['in-categoryChanged']);
    expect(plan({ consumers: [] }).channels.in).toEqual([]);
  });

  it('explains every figure with a formula and a source', () => {
    const topic = plan();
    const figures = topic.why.map(({ figure }) => figure);
    expect(figures).toEqual(
      expect.arrayContaining([
        'name',
        'partitions',
        'groups.lecture.threads',
        'replicationFactor',
        'minInsyncReplicas',
        'retainedBytes',
        'onDiskBytes',
        'config.segment.ms',
        'producer.acks',
        'producer.linger.ms',
      ]),
    );
    expect(new Set(figures).size).toBe(figures.length);
    for (const why of topic.why) {
      expect(why.formula).not.toBe('');
      expect(why.source).not.toBe('');
    }
    expect(topic.why.find(({ figure }) => figure === 'retainedBytes')).toMatchObject({
      value: topic.retainedBytes,
      inputs: { averagePerSec: 200, sizeBytes: 200, retentionSec: 432_000, replicas: 3 },
    });
  });

  it('uses a ratio only with compression', () => {
    expect(plan({ message: { ratio: rational(1, 2) } }).load.compressionRatio).toBe(1);
    expect(plan({ message: { ratio: rational(1, 2), compression: 'lz4' } }).load.compressionRatio).toBe(0.5);
  });
});
