import { describe, expect, it } from 'vitest';
import { planUseCase } from '../../lib/plan/plan.ts';
import { renderPlan } from '../../lib/plan/text.ts';
import { rational } from '../../lib/rational.ts';
import { topicOf, useCaseOf } from './use-cases.ts';

const plan = planUseCase(
  useCaseOf(
    [topicOf({ produce: { growthPerMonth: rational(1, 20) } })],
    {},
    { storage: { buffer: { kind: 'bytes', bytes: 5_000_000_000 } } },
  ),
);

describe('renderPlan', () => {
  it('is compact by default', () => {
    expect(renderPlan(plan, { explain: false })).toMatchInlineSnapshot(`
      "course-events on msk: 3 brokers kafka.m7g.large in 3 zones, us-east-1

      topic            partitions x replicas  min.insync  producer             average  peak
      categoryChanged  10 x 3                 2           acks=all idempotent  200/s    1,000/s

      consumer group               threads  a thread  channel
      CGR-lecture-categoryChanged  10       100/s     in-categoryChanged

      all replicas, at most  users' formula        on disk   records   open segment  deletion, cleaning  indexes, files  B a record on disk
      categoryChanged        51.84 GB              77.24 GB  69.78 GB  6.98 GB       58.15 MB            421.92 MB       269.22 for 200
      __consumer_offsets                           320.07 MB
      buffer                 5 GB
      required, on disk      56.84 GB (52.94 GiB)  77.56 GB (72.23 GiB)

      storage      56.84 GB required = 51.84 GB retained + 5 GB buffer; up to 77.24 GB on disk and 320.07 MB of Kafka's own topics
      volume       44.02 GB (41 GiB) for each broker
      at peak      200 KB/s in, 200 KB/s out, 400 KB/s replication
      limit        volumeSize, headroom 30.9 %
      broker lost  2 brokers in 3 zones carry 200 KB/s in, 200 KB/s out, 200 KB/s replication
      limit then   volumeSize, headroom 30.9 %
      recovery     a broker away for 15 min is in sync again after 3.64 s; the data of one is copied anew in 6.55 min; readers up to 2.24 h behind read from memory; the quota of IAM lets all clients connect anew in 240 ms
      cost         462.57 USD a month, prices of 2026-06-23
      month 1      categoryChanged needs 11 partitions, planned 10: adding partitions moves keys
      month 2      57.15 GB retained exceed the 56.84 GB required in month 0
      month 8      volumeSize 38.15 GB of 37.42 GB (101.9 %): enlarge the volumes, which grow but never shrink

      2 warnings
        ORDER_BROKEN_BY_GROWTH  topics[0].produce.growth
          month 1 needs 11 partitions instead of 10: adding them moves keys, and order per key breaks across the change
          remedy: state the peak to come as produce.peak (58 partitions last for 36 months), or plan a pause in which the topic is drained
        DISK_EXCEEDS_REQUIRED  storage
          the disks will hold up to 77.24 GB (77239376642 bytes), the rule requires 56.84 GB (56840000000 bytes); a record of categoryChanged takes 269.22 B on disk for 200 B of message
          remedy: provide at least 77.24 GB, or batch more records together (longer linger, fewer producers, compression)

      formulas, inputs and sources: --explain
      "
    `);
  });

  it('shows every figure of `why` and every missing one when asked to explain', () => {
    const text = renderPlan(plan, { explain: true });
    const why = [...plan.topics.flatMap((topic) => topic.why), ...plan.storage.why, ...plan.cluster.why];
    for (const { figure, formula, source } of why) {
      expect(text).toContain(`  ${figure} = `);
      expect(text).toContain(`formula  ${formula}`);
      expect(text).toContain(`source   ${source}`);
    }
    for (const { config, producer, consumer, guarantee } of plan.topics) {
      for (const [name, value] of Object.entries({ ...config, ...producer, ...consumer }))
        expect(text).toContain(`${name}=${value}`);
      for (const [name, value] of Object.entries(guarantee)) expect(text).toContain(`${name} ${value}`);
    }
    expect(text).toContain('end to end p99 <= 200 ms, lag <= 5,000, cost not asked for');
    for (const [path, reason] of Object.entries(plan.missing)) expect(text).toContain(`${path}: ${reason}`);
  });
});
