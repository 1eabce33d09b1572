/** Probes as a run gives them, with what a test changes. */
import { createLatencyRecorder } from '../../../lib/measurement/latency.ts';
import type { LimitProbe } from '../../../lib/measurement/limit/types.ts';
import type { GeneratorHealth, GroupMeasurement, Latency, TopicMeasurement } from '../../../lib/measurement/types.ts';

export function latencyOf(milliseconds: number, count = 1_000): Latency {
  const recorder = createLatencyRecorder();
  for (let sample = 0; sample < count; sample += 1) recorder.recordMs(milliseconds);
  return recorder.toLatency();
}

export const healthy: GeneratorHealth = {
  driver: 'engine',
  driverVersion: '1',
  cpuCores: 0.4,
  cpuMicrosPerRecord: 4,
  eventLoopDelayP99Ms: 1,
  slipP99Ms: 1,
  unsent: 0,
  wasTheLimit: false,
  reason: null,
};

export function groupOf(change: Partial<GroupMeasurement> = {}): GroupMeasurement {
  return {
    group: 'CGR-billing-orders',
    members: 2,
    received: 3_000,
    endToEnd: latencyOf(9),
    maxLag: 10,
    drainedMs: 5,
    ...change,
  };
}

export function topicOf(change: Partial<TopicMeasurement> = {}): TopicMeasurement {
  return {
    topic: 'orders',
    offeredPerSec: 1_000,
    scheduled: 3_000,
    acknowledged: 3_000,
    failed: 0,
    unsent: 0,
    achievedPerSec: 1_000,
    publish: latencyOf(5),
    service: latencyOf(4),
    slip: latencyOf(1),
    recordsPerBatch: 4,
    groups: [groupOf()],
    ...change,
  };
}

export function probeOf(change: Partial<LimitProbe> = {}): LimitProbe {
  return {
    purpose: 'ramp',
    ratePerSec: 1_000,
    startedAt: '2026-11-21T04:10:22.000Z',
    warmUpMs: 3_000,
    measuredMs: 3_000,
    cutShort: false,
    steady: true,
    topics: [topicOf()],
    generator: healthy,
    series: [],
    resources: {
      host: { busyCores: 0.8, ofCores: 2 },
      brokerCpu: [{ broker: 1, cores: 0.3, ofCores: 2 }],
      diskBusy: 0.1,
      networkUsed: null,
      unreplicatedRecords: 0,
      underReplicated: 0,
    },
    sustained: true,
    misses: [],
    ...change,
  };
}
