import { describe, expect, it } from 'vitest';
import { planUseCase } from '../../lib/plan/plan.ts';
import { rational } from '../../lib/rational.ts';
import type { ClusterRequirement, Requirements } from '../../lib/requirements/types.ts';
import { dayMs, perSec, type TopicChange, topicOf, useCaseOf } from './use-cases.ts';

function codes(topic: TopicChange = {}, cluster: Partial<ClusterRequirement> = {}, rest: Partial<Requirements> = {}) {
  return planUseCase(useCaseOf([topicOf(topic)], cluster, rest)).warnings.map(({ code }) => code);
}

const reader = { service: 'lecture', ratePerSec: perSec(100), catchUp: null };
const free = { brokers: null, target: 'ec2' } as const;

describe('warnings', () => {
  it('stay away from a sound use case', () => {
    expect(codes()).toEqual([]);
  });

  it.each<[string, TopicChange, Partial<ClusterRequirement>]>([
    ['WRITES_STOP_ON_BROKER_LOSS', { replicas: 2 }, { survive: 'none' }],
    ['SURVIVE_CONFLICT', { replicas: 2 }, { survive: 'zone' }],
    ['SURVIVE_CONFLICT', { replicas: 3 }, { ...free, survive: 'zone', zones: 2 }],
    ['SURVIVE_WITHOUT_COPY', { replicas: 1 }, { survive: 'broker' }],
    ['SURVIVE_WITHOUT_COPY', { replicas: 3 }, { ...free, survive: 'zone', zones: 1 }],
    ['SURVIVE_WITHOUT_BROKER', { replicas: 1 }, { ...free, brokers: 1, zones: 1 }],
    ['LOSS_NEVER_SINGLE_REPLICA', { replicas: 1 }, { survive: 'none' }],
    ['ACKS_ALL_MIN_INSYNC_ONE', { guarantee: { loss: 'allowed' } }, {}],
    ['ACKS_ZERO_MAY_LOSE', { guarantee: { loss: 'allowed', order: 'none' } }, {}],
    ['FIXED_REPLICATION_FACTOR', { replicas: 2 }, { target: 'msk-express' }],
    ['FIXED_REPLICATION_FACTOR', { replicas: 1 }, { target: 'msk-serverless', brokers: null }],
    ['BROKERS_IGNORED', {}, { target: 'msk-serverless' }],
    ['BROKERS_UNEVEN_ZONES', {}, { target: 'ec2', brokers: 4 }],
    ['BROKERS_UNEVEN_ZONES', { replicas: 1 }, { brokers: 1, survive: 'none' }],
    ['TARGET_ZONES', {}, { zones: 1 }],
    ['TARGET_ZONES', {}, { target: 'msk-express', zones: 2, brokers: 4 }],
    ['ORDER_WITHOUT_KEY', { message: { key: null } }, {}],
    ['ORDER_BROKEN_BY_GROWTH', { produce: { growthPerMonth: rational(1, 20) } }, {}],
    ['RATIO_WITHOUT_COMPRESSION', { message: { ratio: rational(1, 2) } }, {}],
    ['COMPACT_TIME_IGNORED', { retention: { cleanup: 'compact', keys: 1000 } }, {}],
    ['LOW_RATE_SEGMENTS', { produce: { ratePerSec: perSec(1) }, retention: { timeMs: dayMs / 24 } }, {}],
    [
      'LOW_RATE_SEGMENTS',
      { produce: { ratePerSec: perSec(1) }, retention: { timeMs: dayMs / 24 } },
      { target: 'msk-serverless', brokers: null },
    ],
    ['COMPACTION_IN_PASSES', { retention: { cleanup: 'compact', timeMs: null, keys: 60_000_000 } }, {}],
    ['RATIO_WITHOUT_BATCHES', { message: { compression: 'lz4', ratio: rational(1, 2) } }, {}],
    ['IDLE_CONSUMERS', { consumers: [{ ...reader, threads: 11 }] }, {}],
    ['CONSUMERS_TOO_FEW', { consumers: [{ ...reader, threads: 9 }] }, {}],
    [
      'CONSUMERS_TOO_FEW',
      { consumers: [reader, { ...reader, service: 'b', ratePerSec: perSec(143), threads: 7 }] },
      {},
    ],
    [
      'OUTAGE_BEYOND_RETENTION',
      {
        retention: { timeMs: dayMs },
        consumers: [{ ...reader, catchUp: { outageMs: dayMs + 1, withinMs: dayMs } }],
      },
      {},
    ],
    [
      'TARGET_LIMIT_EXCEEDED',
      { message: { sizeBytes: 1000 }, produce: { peakPerSec: perSec(300_000) }, consumers: [] },
      { target: 'msk-serverless', brokers: null },
    ],
  ])('%s when it is due', (code, topic, cluster) => {
    expect(codes(topic, cluster)).toContain(code);
  });

  it('leave threads alone that are as many as needed, and segments that fill in time', () => {
    expect(codes({ consumers: [{ ...reader, threads: 10 }] })).toEqual([]);
    expect(codes({ retention: { timeMs: dayMs } })).toEqual([]);
    expect(
      codes({
        message: { compression: 'lz4', ratio: rational(1, 2) },
        produce: { producers: 1, ratePerSec: perSec(1000) },
      }),
    ).not.toContain('IDLE_CONSUMERS');
  });

  it('leave an outage alone that ends before the first unread record is deleted', () => {
    const catchUp = { outageMs: dayMs, withinMs: dayMs };
    expect(codes({ retention: { timeMs: dayMs }, consumers: [{ ...reader, catchUp }] })).toEqual([]);
    const kept = { cleanup: 'compact', timeMs: null, keys: 1000 } as const;
    expect(
      codes({ retention: kept, consumers: [{ ...reader, catchUp: { ...catchUp, outageMs: 9 * dayMs } }] }),
    ).toEqual([]);
  });

  it('name the idle consumers: 3 partitions and 4 consumers leave 1 idle', () => {
    const change = { produce: { peakPerSec: perSec(300) }, consumers: [{ ...reader, threads: 4 }] };
    const { warnings } = planUseCase(useCaseOf([topicOf(change)]));
    expect(warnings.find(({ code }) => code === 'IDLE_CONSUMERS')?.message).toMatch(
      /^4 threads .* 3 partitions: 1 stay/,
    );
  });

  it('name both numbers when the disks will hold more than is required', () => {
    const plan = planUseCase(
      useCaseOf([topicOf()], {}, { storage: { buffer: { kind: 'bytes', bytes: 5_000_000_000 } } }),
    );
    const [warning] = plan.warnings;
    expect(warning?.code).toBe('DISK_EXCEEDS_REQUIRED');
    expect(warning?.message).toContain(`${plan.storage.onDiskBytes} bytes`);
    expect(warning?.message).toContain(`${plan.storage.requiredBytes} bytes`);
    expect(plan.storage.requiredBytes).toBe(56_840_000_000);
  });

  it('tell a guarantee of retention that the disks left cannot keep', () => {
    const six = { brokers: 6, survive: 'zone' } as const;
    const buffer = { storage: { buffer: { kind: 'bytes', bytes: 0 } } } as const;
    // Left: 3 x 5 d x 4/6 = 10 d of one copy; asked for: 3 copies of it.
    expect(codes({ retention: { guaranteedMs: 4 * dayMs } }, six, buffer)).toContain('GUARANTEED_RETENTION_CONFLICT');
    expect(codes({ retention: { guaranteedMs: 3 * dayMs } }, six, buffer)).not.toContain(
      'GUARANTEED_RETENTION_CONFLICT',
    );
  });

  it('do not blame a fixed replication that the file states or leaves out', () => {
    for (const replicas of [3, null])
      expect(codes({ replicas }, { target: 'msk-express' })).not.toContain('FIXED_REPLICATION_FACTOR');
  });

  it('have a path, a message and a remedy in words', () => {
    const { warnings } = planUseCase(
      useCaseOf([topicOf({ replicas: 2, guarantee: { duplicates: 'never' } })], { survive: 'zone' }),
    );
    expect(warnings.length).toBeGreaterThan(1);
    for (const { code, path, message, remedy } of warnings) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(path).toMatch(/^(topics\[0\]|cluster|storage)/);
      expect(message.length).toBeGreaterThan(20);
      expect(remedy.length).toBeGreaterThan(10);
    }
  });
});
