import { describe, expect, it } from 'vitest';
import { predictScaled, scaleRetention } from '../../../bench/prove/retention-scale.ts';
import { exampleTopic } from '../example-plan.ts';

const topic = exampleTopic();

describe('scaleRetention', () => {
  it('shows five days in seconds and says so', () => {
    const scale = scaleRetention(topic, 500);
    expect(scale.scaling).toBe(
      'retention 432000000 ms shown as 2600 ms (1:166154), segments rolled by time every 900 ms, ' +
        '6 of 10 partitions at 300 records/s; size, replicas and batching as planned',
    );
    expect(scale.segmentBytes).toBeGreaterThanOrEqual(1_048_576);
  });

  it('samples whole segment spans, after the oldest data is as old as it gets, and lets two segments go', () => {
    const scale = scaleRetention(topic, 500);
    expect(scale.sampleMs % scale.segmentMs).toBe(0);
    expect(scale.fillMs).toBeGreaterThan(scale.retentionMs + scale.segmentMs + scale.retentionCheckIntervalMs);
    expect(scale.sampleMs / scale.segmentMs).toBeGreaterThanOrEqual(2);
  });

  it('keeps segment rolls out of step with the checks of a local broker', () => {
    const { segmentMs } = scaleRetention(topic, 500);
    expect(segmentMs % 500).not.toBe(0);
  });

  it('slows down for large messages and never asks for more partitions than it can fill or the plan has', () => {
    const large = scaleRetention({ ...topic, load: { ...topic.load, messageSizeBytes: 1_000_000 } }, 500);
    expect(large).toMatchObject({ ratePerSec: 4, partitions: 1 });
    expect(scaleRetention({ ...topic, partitions: 2 }, 500).partitions).toBe(2);
  });
});

describe('predictScaled', () => {
  it('multiplies rate, bytes on disk, mean age and replicas', () => {
    const scale = scaleRetention(topic, 500);
    const { meanLogBytes, bytesPerRecord } = predictScaled(topic, scale);
    const meanAgeSec = (scale.retentionMs + scale.segmentMs / 2 + 500 / 2) / 1000;
    expect(meanLogBytes).toBe(Math.ceil(scale.ratePerSec * bytesPerRecord * meanAgeSec * topic.replicationFactor));
    // 200 bytes of key and value, and the overhead of a record that is nearly alone in its batch.
    expect(bytesPerRecord).toBeGreaterThan(200 + 60);
    expect(bytesPerRecord).toBeLessThan(200 + 61 + 12);
  });
});
