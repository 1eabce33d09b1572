import { describe, expect, it } from 'vitest';
import { planTopic } from '../../../lib/plan/topics.ts';
import { rational } from '../../../lib/rational.ts';
import type { Slo } from '../../../lib/requirements/types.ts';
import { perSec, type TopicChange, topicOf, useCaseOf } from '../use-cases.ts';

const mebibyte = 1_048_576;
const hourMs = 3_600_000;

function plan(topic: TopicChange = {}, slo: Partial<Slo> = {}) {
  const useCase = useCaseOf([topicOf(topic)]);
  return planTopic(topicOf(topic), { ...useCase, slo: { ...useCase.slo, ...slo } });
}

const group = (change: object = {}) => ({ service: 'lecture', ratePerSec: perSec(100), catchUp: null, ...change });
const busy: TopicChange = {
  message: { sizeBytes: 1000 },
  produce: { ratePerSec: perSec(100_000), peakPerSec: perSec(100_000) },
  consumers: [group({ ratePerSec: perSec(50_000) })],
};

describe('fetching', () => {
  it('waits for nothing where few records arrive in the time', () => {
    expect(plan().consumer).toMatchObject({ 'fetch.min.bytes': 1, 'fetch.max.wait.ms': 500 });
  });

  it('waits for what arrives in half of a tenth of the end to end p99, and no longer than that tenth', () => {
    const { consumer } = plan(busy, { endToEndP99Ms: 200 });
    // 2 partitions of 50,000/s x 1071 B with header and overhead: 10 ms of 53.5 MB/s.
    expect(Number(consumer['fetch.min.bytes'])).toBeGreaterThan(500_000);
    expect(Number(consumer['fetch.min.bytes'])).toBeLessThan(560_000);
    expect(consumer['fetch.max.wait.ms']).toBe(20);
  });

  it('takes at once what a partition gives while a cold fetch is under way', () => {
    const catchUp = { outageMs: hourMs, withinMs: hourMs / 4 };
    const { consumer, partitions } = plan({
      ...busy,
      consumers: [group({ ratePerSec: perSec(50_000), catchUp })],
    });
    // Five times the average rate over 10 partitions, 0.1 s of it, twice.
    expect(partitions).toBe(10);
    expect(consumer['max.partition.fetch.bytes']).toBe(Math.ceil((2 * 50_000 * 1073 * 0.1) / mebibyte) * mebibyte);
    expect(plan().consumer['max.partition.fetch.bytes']).toBe(mebibyte);
  });

  it('holds no more than the partitions of a thread can give', () => {
    expect(plan().consumer['fetch.max.bytes']).toBe(mebibyte);
    const slow = plan({ consumers: [group(), group({ service: 'audit', ratePerSec: perSec(500) })] });
    // 10 partitions on 2 threads of the faster service.
    expect(slow.consumer['fetch.max.bytes']).toBe(5 * mebibyte);
  });

  it('lets a message through that is larger than the defaults', () => {
    const { consumer } = plan({
      message: { sizeBytes: 3_000_000 },
      produce: { ratePerSec: perSec(1), peakPerSec: perSec(1) },
    });
    expect(consumer['max.partition.fetch.bytes']).toBe(3 * mebibyte);
  });
});

describe('polling', () => {
  it('takes what the slowest thread handles in a third of the interval', () => {
    expect(plan().consumer).toMatchObject({ 'max.poll.records': 500, 'max.poll.interval.ms': 300_000 });
    const slow = plan({ consumers: [group({ ratePerSec: rational(1, 2) })] });
    expect(slow.consumer).toMatchObject({ 'max.poll.records': 50, 'max.poll.interval.ms': 300_000 });
    const slowest = plan({
      consumers: [group({ ratePerSec: rational(1, 200) })],
      produce: { peakPerSec: perSec(200) },
    });
    expect(slowest.consumer).toMatchObject({ 'max.poll.records': 1, 'max.poll.interval.ms': 600_000 });
  });
});

describe('threads of a group', () => {
  it('reach the catch-up in the time asked for', () => {
    const catchUp = { outageMs: hourMs, withinMs: hourMs / 2 };
    // 200/s on average and twice as much again to catch up: 600/s.
    expect(plan({ produce: { peakPerSec: perSec(200) }, consumers: [group({ catchUp })] }).groups[0]?.threads).toBe(6);
  });

  it.each([
    [100, 10, 10],
    [143, 7, 10],
    [200, 5, 5],
    [400, 3, 3],
    [334, 3, 4],
    [1000, 1, 1],
  ])('at %d/s a thread: %d, and %d when partitions are dealt out whole', (rate, threads, evenThreads) => {
    const { groups } = plan({ consumers: [group(), group({ service: 'audit', ratePerSec: perSec(rate) })] });
    expect(groups[1]).toMatchObject({ threads, evenThreads, statedThreads: null });
  });

  it('are all needed for each setting to have a reason', () => {
    const topic = plan({ message: { sizeBytes: 2_000_000 } });
    const figures = topic.why.map(({ figure }) => figure);
    for (const setting of Object.keys(topic.consumer)) expect(figures).toContain(`consumer.${setting}`);
    for (const setting of Object.keys(topic.producer)) expect(figures).toContain(`producer.${setting}`);
  });
});
