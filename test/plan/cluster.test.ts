import { describe, expect, it } from 'vitest';
import { planUseCase } from '../../lib/plan/plan.ts';
import { rational } from '../../lib/rational.ts';
import type { ClusterRequirement } from '../../lib/requirements/types.ts';
import { perSec, topicOf, useCaseOf } from './use-cases.ts';

function clusterOf(change: Partial<ClusterRequirement>, topic = topicOf()) {
  return planUseCase(useCaseOf([topic], { brokers: null, ...change })).cluster;
}

describe('brokers', () => {
  it.each([
    ['msk', 3, 3, 3],
    ['msk', 2, 3, 4],
    ['msk', 3, 5, 6],
    ['msk', 3, 1, 3],
    ['ec2', 3, 5, 6],
    ['ec2', 4, 3, 4],
    ['existing', 1, 1, 3],
    ['msk-express', 3, 1, 3],
    ['msk-serverless', 3, 1, 3],
  ] as const)('%s over %d zones with %d replicas: %d', (target, zones, replicas, brokers) => {
    expect(clusterOf({ target, zones }, topicOf({ replicas })).brokers).toBe(brokers);
  });

  it.each([
    ['none', 6, 3],
    ['broker', 5, 3],
    ['zone', 4, 2],
  ] as const)('losing %s of 6 over 3 zones leaves %d in %d zones', (survive, brokers, zones) => {
    expect(clusterOf({ brokers: 6, survive }).degraded).toMatchObject({ brokers, zones });
  });
});

describe('traffic at peak', () => {
  it('counts compressed bytes, a reader for every group and one for the reuse', () => {
    const topic = topicOf({
      message: { compression: 'lz4', ratio: rational(1, 3) },
      reuse: ['replay', 'newConsumers'],
      consumers: ['a', 'b'].map((service) => ({ service, ratePerSec: perSec(100), catchUp: null })),
    });
    // 1000/s x 200 B / 3, rounded up once at the end
    expect(clusterOf({}, topic)).toMatchObject({
      ingressBytesPerSec: 66_667,
      egressBytesPerSec: 200_000,
      replicationBytesPerSec: 133_334,
    });
  });

  it('keeps no more copies than brokers are left', () => {
    expect(clusterOf({ survive: 'broker' }).degraded.replicationBytesPerSec).toBe(200_000);
  });

  it('names the limit of Serverless that binds', () => {
    const topic = topicOf({
      message: { sizeBytes: 1000, key: null },
      produce: { peakPerSec: perSec(100_000), producers: 4 },
      consumers: [{ service: 'lecture', ratePerSec: perSec(4000), catchUp: null }],
    });
    const cluster = clusterOf({ target: 'msk-serverless' }, topic);
    // 100 MB/s of payload in 25 partitions, each of which takes 5 MB/s, and 0.8 % of headers.
    expect(cluster.bindingConstraint).toBe('partitionIngress');
    expect(cluster.headroom).toBeCloseTo(0.2, 1);
    expect(cluster.resources.find(({ resource }) => resource === 'ingress')?.utilisation).toBeCloseTo(0.5, 1);
  });
});

describe('growth', () => {
  const useCase = useCaseOf([topicOf({ produce: { growthPerMonth: rational(1, 20) } })]);
  const { growth } = planUseCase(useCase);

  it('compounds monthly over 36 months', () => {
    expect(growth.map(({ month }) => month)).toEqual(Array.from({ length: 37 }, (_, month) => month));
    expect(growth[12]?.ingressBytesPerSec).toBe(Math.ceil(200_000 * 1.05 ** 12));
    expect(growth[36]?.retainedBytes).toBe(Math.ceil(51_840_000_000 * 1.05 ** 36));
  });

  it('names each limit once, in the month that reaches it', () => {
    expect(growth[1]?.limitsReached).toEqual([
      'categoryChanged needs 11 partitions, planned 10: adding partitions moves keys',
    ]);
    const reached = growth.flatMap(({ limitsReached }) => limitsReached);
    expect(reached).toHaveLength(3);
    // The volumes are filled to 60 % at first, AWS alarms at 85 %: 0.6 x 1.05^m > 0.85 - the constant buffer's share.
    expect(reached).toContainEqual(expect.stringContaining('enlarge the volumes'));
    // 51.84 GB x 1.05^m > 101.84 GB first at m = 14
    expect(growth[14]?.limitsReached[0]).toContain('101.84 GB required');
  });

  it('lets a buffer given as a share grow along', () => {
    const shared = planUseCase({ ...useCase, storage: { buffer: { kind: 'ratio', ratio: rational(1, 5) } } });
    expect(shared.storage.bufferBytes).toBe(10_368_000_000);
    expect(shared.growth[1]?.requiredBytes).toBe(Math.ceil(51_840_000_000 * 1.05 * 1.2));
  });
});
