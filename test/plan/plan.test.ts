import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeadroomError } from '../../lib/errors.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { rational } from '../../lib/rational.ts';
import type { Requirements, TopicRequirement } from '../../lib/requirements/types.ts';
import { dayMs, perSec, topicOf, useCaseOf } from './use-cases.ts';

function planOf(topic: TopicRequirement): Plan {
  return planUseCase(useCaseOf([topic]));
}

describe('the users sums', () => {
  const plan = planUseCase(
    useCaseOf([topicOf({ replicas: 2 })], {}, { storage: { buffer: { kind: 'bytes', bytes: 5_000_000_000 } } }),
  );

  it('200 B x 200/s x 5 days x 2 replicas is 34.56 GB', () => {
    expect(plan.topics[0]?.retainedBytes).toBe(34_560_000_000);
    expect(plan.storage.retainedBytes).toBe(34_560_000_000);
  });

  it('with a buffer of 5 GB it is 39.56 GB', () => {
    expect(plan.storage.requiredBytes).toBe(39_560_000_000);
  });

  it('1000/s at 100/s per consumer thread is 10 partitions', () => {
    expect(plan.topics[0]?.partitions).toBe(10);
  });
});

describe('planUseCase', () => {
  it('holds the keys of the contract', () => {
    const plan = planUseCase(useCaseOf());
    expect(Object.keys(plan)).toEqual(
      expect.arrayContaining([
        'schemaVersion',
        'useCase',
        'topics',
        'storage',
        'cluster',
        'cost',
        'growth',
        'warnings',
      ]),
    );
    expect(plan.topics[0]).toMatchObject({
      name: 'categoryChanged',
      channels: { out: 'out-categoryChanged', in: ['in-categoryChanged'] },
      groups: [{ name: 'CGR-lecture-categoryChanged', service: 'lecture', ratePerThread: 100, threads: 10 }],
      partitions: 10,
      replicationFactor: 3,
      minInsyncReplicas: 2,
      config: {
        'cleanup.policy': 'delete',
        'retention.ms': 432_000_000,
        'min.insync.replicas': 2,
        'unclean.leader.election.enable': false,
      },
      producer: { acks: 'all', 'enable.idempotence': true, 'max.in.flight.requests.per.connection': 5 },
    });
    expect(plan.cluster).toMatchObject({
      target: 'msk',
      brokers: 3,
      zones: 3,
      ingressBytesPerSec: 200_000,
      egressBytesPerSec: 200_000,
      replicationBytesPerSec: 400_000,
      degraded: { brokers: 2, zones: 3 },
    });
  });

  it.each([
    ['msk', 'us-east-1', []],
    ['msk', 'eu-central-1', ['cost.monthlyUsd', 'cost.pricesAsOf']],
    ['msk', null, ['cost.monthlyUsd', 'cost.pricesAsOf', 'cost.region']],
    ['msk-express', 'us-east-1', ['storage.provisionedBytesPerBroker']],
    [
      'msk-serverless',
      'us-east-1',
      ['cluster.degraded.instanceType', 'cluster.instanceType', 'storage.provisionedBytesPerBroker'],
    ],
    [
      'existing',
      'us-east-1',
      [
        'cluster.bindingConstraint',
        'cluster.degraded.bindingConstraint',
        'cluster.degraded.headroom',
        'cluster.degraded.instanceType',
        'cluster.headroom',
        'cluster.instanceType',
        'cost.monthlyUsd',
        'cost.pricesAsOf',
        'storage.provisionedBytesPerBroker',
      ],
    ],
  ] as const)(
    'on %s in %s gives a reason for every figure that is null, and only for those',
    (target, region, paths) => {
      const plan = planUseCase(useCaseOf([topicOf()], { target, region }));
      const nulls: string[] = [];
      const walk = (value: unknown, path: string): void => {
        if (value === null) nulls.push(path);
        else if (typeof value === 'object')
          for (const [key, child] of Object.entries(value as object)) walk(child, `${path}.${key}`);
      };
      for (const part of ['cluster', 'storage', 'cost'] as const) walk(plan[part], part);
      // The reason itself is null when the cost is known.
      expect(nulls.filter((path) => path !== 'cost.reason').toSorted()).toEqual(paths);
      expect(Object.keys(plan.missing).toSorted()).toEqual(paths);
      expect(plan.cost.reason ?? undefined).toBe(plan.missing['cost.monthlyUsd']);
    },
  );

  it('survives a trip through JSON unchanged', () => {
    const plan = planUseCase(useCaseOf());
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('does not depend on the order of keys', () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, child]) => [key, reversed(child)]),
            )
          : value;
    const useCase = useCaseOf([topicOf({ reuse: ['replay'] }), topicOf({ name: 'order-PaymentApproved' })]);
    expect(planUseCase(reversed(useCase) as Requirements)).toEqual(planUseCase(useCase));
  });

  it('keeps the warnings found while reading the file', () => {
    const warning = { code: 'NAME_WITHOUT_RULE', path: 'topics[0].name', message: 'm', remedy: 'r' };
    expect(planUseCase(useCaseOf([topicOf()], {}, { warnings: [warning] })).warnings).toContainEqual(warning);
  });

  it('lists every fault at once', () => {
    const useCase = useCaseOf(
      [
        topicOf({ replicas: 5 }),
        topicOf({ name: 'b', retention: { guaranteedMs: 9 * dayMs } }),
        topicOf({ name: 'c', message: { key: null }, retention: { cleanup: 'compact', keys: null } }),
      ],
      { brokers: 3 },
    );
    const error = caught(() => planUseCase(useCase));
    expect(error.code).toBe('PLAN_IMPOSSIBLE');
    expect(error.exitCode).toBe(64);
    expect(error.message.split('\n').map((line) => line.split(':')[0]?.trim())).toEqual([
      'course-events cannot be planned, 4 faults',
      'topics[0].replicas',
      'topics[1].retention.guaranteed',
      'topics[2].retention.keys',
      'topics[2].message.key',
    ]);
  });

  it.each([
    ['no topic', useCaseOf([]), 'topics: '],
    ['no broker', useCaseOf([topicOf({ replicas: 1 })], { target: 'ec2', brokers: 0 }), 'cluster.brokers'],
    [
      'a message that Serverless refuses',
      useCaseOf([topicOf({ message: { sizeBytes: 9_000_000 } })], { target: 'msk-serverless', brokers: null }),
      'topics[0].message.size',
    ],
    [
      'more bytes than can be counted',
      useCaseOf([topicOf({ message: { sizeBytes: 1_000_000 }, produce: { ratePerSec: perSec(1_000_000_000) } })]),
      'storage: ',
    ],
    [
      'more partitions than Kafka can count',
      useCaseOf([topicOf({ consumers: [{ service: 'a', ratePerSec: rational(1, 10_000_000), catchUp: null }] })]),
      'topics[0].consumers',
    ],
  ])('refuses %s', (_, useCase, text) => {
    expect(caught(() => planUseCase(useCase)).message).toContain(text);
  });
});

describe('asking for more', () => {
  const grown = fc.record({
    retention: fc.integer({ min: 1, max: 9 }),
    rate: fc.integer({ min: 1, max: 50 }),
    replicas: fc.constantFrom(1, 2, 3),
    groups: fc.integer({ min: 0, max: 4 }),
  });

  it('never needs less', () => {
    fc.assert(
      fc.property(grown, grown, (base, extra) => {
        const more = {
          retention: base.retention + extra.retention,
          rate: base.rate + extra.rate,
          replicas: Math.max(base.replicas, extra.replicas),
          groups: base.groups + extra.groups,
        };
        const few = needs(base);
        const many = needs(more);
        for (const [figure, value] of Object.entries(few)) {
          expect(many[figure as keyof typeof many], figure).toBeGreaterThanOrEqual(value);
        }
      }),
      { numRuns: 60 },
    );
  });

  function needs(size: { retention: number; rate: number; replicas: number; groups: number }) {
    const plan = planOf(
      topicOf({
        replicas: size.replicas,
        consumers: Array.from({ length: size.groups }, (_, index) => ({
          service: `s${index}`,
          ratePerSec: perSec(7 + index),
          catchUp: { outageMs: 3_600_000, withinMs: 1_800_000 },
        })),
        produce: { ratePerSec: perSec(size.rate), peakPerSec: perSec(2 * size.rate) },
        retention: { timeMs: size.retention * dayMs },
      }),
    );
    return {
      partitions: plan.topics[0]?.partitions ?? Number.NaN,
      requiredBytes: plan.storage.requiredBytes,
      onDiskBytes: plan.storage.onDiskBytes,
      internalBytes: plan.storage.internalBytes,
      ingress: plan.cluster.ingressBytesPerSec,
      egress: plan.cluster.egressBytesPerSec,
      replication: plan.cluster.replicationBytesPerSec,
      lastMonth: plan.growth.at(-1)?.requiredBytes ?? Number.NaN,
    };
  }
});

function caught(action: () => unknown): HeadroomError {
  try {
    action();
  } catch (error) {
    if (error instanceof HeadroomError) return error;
    throw error;
  }
  throw new Error('expected a HeadroomError');
}
