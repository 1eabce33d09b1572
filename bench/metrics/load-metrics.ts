/** The load as Prometheus metrics: what every record did, under the names of the signal table. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Slo } from '../../lib/requirements/types.ts';
import type { LoadObserver } from '../load/observer.ts';
import { latencyEdges } from './buckets.ts';
import { metricOf } from './metric-of.ts';

type RecordEvents = Omit<LoadObserver, 'opened' | 'closed'>;

/** Registers the metrics and gives what feeds them. Without an objective nothing is counted against one. */
export function loadMetrics(registry: Registry, slo: Slo): RecordEvents {
  const row = (id: string) => metricOf(registry, id);
  const topic = ['topic'] as const;
  const topicAndGroup = ['topic', 'consumergroup'] as const;
  const buckets = latencyEdges([seconds(slo.publishP99Ms), seconds(slo.endToEndP99Ms)]);
  const publish = new Histogram({ ...row('publishTime'), labelNames: topic, buckets });
  const endToEnd = new Histogram({ ...row('endToEndTime'), labelNames: topicAndGroup, buckets });
  const slip = new Histogram({ ...row('slip'), labelNames: topic, buckets });
  const sent = new Counter({ ...row('recordsSent'), labelNames: topic });
  const acknowledged = new Counter({ ...row('recordsAcknowledged'), labelNames: topic });
  const received = new Counter({ ...row('recordsReceived'), labelNames: topicAndGroup });
  const failed = new Counter({ ...row('recordsFailed'), labelNames: topic });
  const judged = new Counter({ ...row('sloRecords'), labelNames: ['topic', 'outcome'] });
  const lost = new Gauge({ ...row('recordsLost'), labelNames: topic });
  const duplicated = new Gauge({ ...row('recordsDuplicated'), labelNames: topic });
  const target = new Gauge({ ...row('targetRate'), labelNames: topic });
  const phase = new Gauge({ ...row('benchPhase'), labelNames: ['phase'] });
  const judge = (name: string, afterMs: number): void => {
    if (slo.publishP99Ms === null) return;
    judged.inc({ topic: name, outcome: afterMs <= slo.publishP99Ms ? 'good' : 'bad' });
  };
  return {
    phase: (name) => {
      phase.reset();
      phase.set({ phase: name }, 1);
    },
    targetRate: (name, perSec) => {
      target.set({ topic: name }, perSec);
      // Rates need a first value, and a counter that is not there yet looks like one that nobody feeds.
      for (const counter of [sent, acknowledged, failed]) counter.inc({ topic: name }, 0);
      if (slo.publishP99Ms !== null) {
        for (const outcome of ['good', 'bad']) judged.inc({ topic: name, outcome }, 0);
      }
    },
    sent: (name, slipMs) => {
      sent.inc({ topic: name });
      slip.observe({ topic: name }, Math.max(0, slipMs) / 1000);
    },
    acknowledged: (name, publishMs) => {
      acknowledged.inc({ topic: name });
      publish.observe({ topic: name }, publishMs / 1000);
      judge(name, publishMs);
    },
    failed: (name, afterMs) => {
      failed.inc({ topic: name });
      publish.observe({ topic: name }, afterMs / 1000);
      if (slo.publishP99Ms !== null) judged.inc({ topic: name, outcome: 'bad' });
    },
    received: (name, group, endToEndMs) => {
      received.inc({ topic: name, consumergroup: group });
      endToEnd.observe({ topic: name, consumergroup: group }, endToEndMs / 1000);
    },
    integrity: (topics) => {
      for (const { topic: name, groups } of topics) {
        lost.set({ topic: name }, sum(groups.map((group) => group.lost)));
        duplicated.set({ topic: name }, Math.max(0, ...groups.map(({ duplicates }) => duplicates)));
      }
    },
  };
}

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / 1000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
