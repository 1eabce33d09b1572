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

      topic            partitions x replicas  min.insync  producer             average  peak     retained  on disk
      categoryChanged  10 x 3                 2           acks=all idempotent  200/s    1,000/s  51.84 GB  77.2 GB

      consumer group               threads  a thread  channel
      CGR-lecture-categoryChanged  10       100/s     in-categoryChanged

      storage      56.84 GB required = 51.84 GB retained + 5 GB buffer; up to 77.2 GB on disk
      volume       42.95 GB for each broker
      at peak      200 KB/s in, 200 KB/s out, 400 KB/s replication
      limit        volumeSize, headroom 29.5 %
      broker lost  2 brokers in 3 zones carry 200 KB/s in, 200 KB/s out, 200 KB/s replication
      limit then   volumeSize, headroom 29.5 %
      cost         462.27 USD a month, prices of 2026-06-23
      month 1      categoryChanged needs 11 partitions, planned 10: adding partitions moves keys
      month 2      57.15 GB retained exceed the 56.84 GB required in month 0
      month 8      volumeSize 38.02 GB of 36.51 GB (104.1 %): enlarge the volumes, which grow but never shrink

      2 warnings
        ORDER_BROKEN_BY_GROWTH  topics[0].produce.growth
          month 1 needs 11 partitions instead of 10: adding them moves keys, and order per key breaks across the change
          remedy: state the peak to come as produce.peak (58 partitions last for 36 months), or plan a pause in which the topic is drained
        DISK_EXCEEDS_REQUIRED  storage
          the disks will hold up to 77.2 GB (77203794871 bytes), the rule requires 56.84 GB (56840000000 bytes); a record of categoryChanged takes 269.22 B on disk for 200 B of message
          remedy: provide at least 77.2 GB, or batch more records together (longer linger, fewer producers, compression)

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
