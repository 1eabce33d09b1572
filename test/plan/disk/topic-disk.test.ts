import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTopic } from '../../../lib/plan/topics.ts';
import type { TopicPlan } from '../../../lib/plan/types.ts';
import { dayMs, perSec, type TopicChange, topicOf, useCaseOf } from '../use-cases.ts';

const hourMs = 3_600_000;
const mebibyte = 1_048_576;

function plan(topic: TopicChange = {}, target: 'msk' | 'msk-serverless' = 'msk'): TopicPlan {
  return planTopic(topicOf(topic), useCaseOf([topicOf(topic)], { target }));
}

const compact = (keys: number): TopicChange => ({ retention: { cleanup: 'compact', timeMs: null, keys } });
const partOf = ({ disk }: TopicPlan, name: string): number =>
  disk.parts.find(({ part }) => part === name)?.bytes ?? Number.NaN;

describe('bytes on disk', () => {
  it.each([
    ['delete', plan()],
    ['compact', plan(compact(100_000))],
  ])('are the sum of their parts: %s', (_, topic) => {
    expect(topic.disk.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(topic.onDiskBytes);
    for (const { bytes } of topic.disk.parts) expect(bytes).toBeGreaterThanOrEqual(0);
    expect(topic.disk.logBytes).toBeLessThan(topic.onDiskBytes);
  });

  it('hold the users sum with what Kafka adds: 269.22 B on disk for a record of 200 B', () => {
    const topic = plan();
    expect(topic.disk.bytesPerRecord).toBeCloseTo(269.22, 2);
    expect(partOf(topic, 'records')).toBe(Math.ceil((topic.retainedBytes / 200) * topic.disk.bytesPerRecord));
  });

  it('stay within the stated bound: the open segment is at most a tenth of what is asked for, or ten minutes of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 10, max: 100_000 }),
        (rate, retentionMinutes) => {
          const topic = plan({
            produce: { ratePerSec: perSec(rate), peakPerSec: perSec(2 * rate) },
            retention: { timeMs: retentionMinutes * 60_000 },
          });
          const shareOfRetention = Math.max(0.1, 10 / retentionMinutes);
          expect(partOf(topic, 'open segment')).toBeLessThanOrEqual(partOf(topic, 'records') * shareOfRetention + 1);
        },
      ),
    );
  });

  it('show the low-rate trap: an hour asked for, seven days kept with default segments', () => {
    const slow = plan({ produce: { ratePerSec: perSec(1) }, retention: { timeMs: hourMs } });
    expect(slow.config['segment.ms']).toBe(600_000);
    expect(slow.disk.defaultSegmentsBytes).toBeGreaterThan(100 * partOf(slow, 'records'));
    expect(partOf(slow, 'open segment')).toBeLessThanOrEqual(partOf(slow, 'records') / 5);
    const serverless = plan({ produce: { ratePerSec: perSec(1) }, retention: { timeMs: hourMs } }, 'msk-serverless');
    expect(serverless.config).not.toHaveProperty('segment.ms');
    expect(serverless.onDiskBytes).toBe(serverless.disk.defaultSegmentsBytes);
  });

  it('of a compacted topic have segments small beside what lives, down to the least that Kafka takes', () => {
    expect(plan(compact(1000)).config['segment.bytes']).toBe(mebibyte);
    const large = plan(compact(10_000_000));
    expect(Number(large.config['segment.bytes']) % mebibyte).toBe(0);
    // 10 partitions x 3 replicas: a tenth of what lives, rounded up to a MiB each.
    expect(partOf(large, 'open segment')).toBeLessThanOrEqual(partOf(large, 'records') / 10 + 30 * mebibyte);
    expect(plan(compact(10_000_000_000)).config).not.toHaveProperty('segment.bytes');
  });

  it('count 1 KB as 1000 B and 1 KiB as 1024 B', () => {
    const [kb, kib] = [1000, 1024].map((sizeBytes) => plan({ message: { sizeBytes } }).retainedBytes);
    expect((kib ?? 0) * 1000).toBe((kb ?? 0) * 1024);
  });

  it('say what retention.bytes would have to be for one partition', () => {
    const topic = plan();
    const why = topic.why.find(({ figure }) => figure === 'config.retention.bytes');
    expect(why?.inputs.leastBytesPerPartition).toBe(Math.ceil(topic.disk.logBytes / 30));
    expect(topic.config).not.toHaveProperty('retention.bytes');
  });
});

describe('asking for more', () => {
  const size = fc.record({
    retention: fc.integer({ min: 1, max: 60 }),
    rate: fc.integer({ min: 1, max: 5000 }),
    replicas: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 0, max: 4 }),
    producers: fc.integer({ min: 1, max: 20 }),
    sizeBytes: fc.integer({ min: 20, max: 20_000 }),
  });

  it('never needs less of the disk', () => {
    fc.assert(
      fc.property(size, size, fc.constantFrom('delete' as const, 'compact' as const), (base, extra, cleanup) => {
        const onDisk = ({ retention, rate, replicas, groups, producers, sizeBytes }: typeof base): number =>
          plan({
            replicas,
            message: { sizeBytes },
            produce: { ratePerSec: perSec(rate), peakPerSec: perSec(3 * rate), producers },
            retention: { cleanup, timeMs: retention * dayMs, keys: cleanup === 'compact' ? retention * 10_000 : null },
            consumers: Array.from({ length: groups }, (_, index) => ({
              service: `s${index}`,
              ratePerSec: perSec(50 + index),
              catchUp: null,
            })),
          }).onDiskBytes;
        const more = Object.fromEntries(
          Object.entries(base).map(([key, value]) => [
            key,
            key === 'replicas' ? Math.max(value, extra.replicas) : value + extra[key as keyof typeof extra],
          ]),
        ) as typeof base;
        expect(onDisk(more)).toBeGreaterThanOrEqual(onDisk(base));
      }),
      { numRuns: 200 },
    );
  });
});
