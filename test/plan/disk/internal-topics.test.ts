import { describe, expect, it } from 'vitest';
import { planUseCase } from '../../../lib/plan/plan.ts';
import { perSec, type TopicChange, topicOf, useCaseOf } from '../use-cases.ts';

const segmentBytes = 104_857_600;

function internalTopics(change: TopicChange, cluster = {}) {
  const { storage } = planUseCase(useCaseOf([topicOf(change)], cluster));
  expect(storage.internalBytes).toBe(storage.internalTopics.reduce((sum, { onDiskBytes }) => sum + onDiskBytes, 0));
  return storage.internalTopics;
}

describe("Kafka's own topics", () => {
  it('hold one open segment for a group that commits often, in every replica', () => {
    const [offsets, ...others] = internalTopics({});
    expect(others).toEqual([]);
    expect(offsets).toMatchObject({ name: '__consumer_offsets', partitions: 50, replicationFactor: 3 });
    expect(offsets?.onDiskBytes).toBeGreaterThan(3 * segmentBytes);
    expect(offsets?.onDiskBytes).toBeLessThan(3 * 1.1 * segmentBytes);
    // 20 MiB of index files for each partition replica, as far as their length goes.
    expect(offsets?.preallocatedIndexBytes).toBe(50 * 3 * 20 * 1_048_576);
  });

  it('hold less for a group that commits rarely, and nothing without groups', () => {
    const [rare] = internalTopics({ produce: { ratePerSec: perSec(1), peakPerSec: perSec(1) } });
    // A commit takes about 140 bytes: seven days of one a second.
    expect(rare?.onDiskBytes).toBeGreaterThan(3 * 604_800 * 100);
    expect(rare?.onDiskBytes).toBeLessThan(3 * 604_800 * 250);
    expect(internalTopics({ consumers: [] })).toEqual([]);
  });

  it('never take more partitions than there are, however many groups', () => {
    const consumers = Array.from({ length: 120 }, (_, index) => ({
      service: `s${index}`,
      ratePerSec: perSec(1000),
      catchUp: null,
    }));
    const [offsets] = internalTopics({ consumers });
    expect(offsets?.onDiskBytes).toBeLessThan(50 * 3 * 1.1 * segmentBytes);
    expect(offsets?.onDiskBytes).toBeGreaterThan(50 * 3 * segmentBytes);
  });

  it('count transactions where duplicates are never allowed', () => {
    const [, transactions] = internalTopics({ guarantee: { duplicates: 'never' } });
    expect(transactions).toMatchObject({ name: '__transaction_state', partitions: 50 });
    // Four producers, each with a partition of its own.
    expect(transactions?.onDiskBytes).toBeGreaterThan(4 * 3 * segmentBytes);
  });

  it('have no more replicas than there are brokers, and are not counted where the target hides its disks', () => {
    const [offsets] = internalTopics({ replicas: 1 }, { brokers: 1, survive: 'none', target: 'ec2' });
    expect(offsets?.replicationFactor).toBe(1);
    expect(internalTopics({}, { target: 'msk-express' })).toEqual([]);
  });

  it('are part of what the volumes are sized for', () => {
    const without = planUseCase(useCaseOf([topicOf({ consumers: [] })], {}, noBuffer));
    const withGroups = planUseCase(useCaseOf([topicOf({ consumers: readers(30) })], {}, noBuffer));
    expect(withGroups.storage.onDiskBytes).toBeGreaterThan(0);
    expect(withGroups.storage.provisionedBytesPerBroker).toBeGreaterThan(
      without.storage.provisionedBytesPerBroker ?? 0,
    );
  });
});

const noBuffer = { storage: { buffer: { kind: 'bytes', bytes: 0 } } } as const;

function readers(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    service: `reader${index}`,
    ratePerSec: perSec(1000),
    catchUp: null,
  }));
}
