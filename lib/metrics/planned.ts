/** The plan's numbers as rules, boards and alarms need them: one place that knows where in a plan each stands. */
import { stringify } from 'yaml';
import { signalOf } from '../metrics.ts';
import type { ResourceUse } from '../plan/capacity/resources.ts';
import type { Plan } from '../plan/types.ts';
import { plannedId } from './signals/harness.ts';
import { isAvailable, type PlannedFigure, type Threshold } from './types.ts';

/** Every figure; null where the plan has none, such as the limits of a cluster that exists already. */
export function plannedFigures({ cluster, storage, slo }: Plan): Readonly<Record<PlannedFigure, number | null>> {
  const capacity = (...resources: readonly ResourceUse['resource'][]): number | null =>
    cluster.resources.find(({ resource }) => resources.includes(resource))?.capacity ?? null;
  return {
    brokers: cluster.brokers,
    ingressBytesPerSec: cluster.ingressBytesPerSec,
    egressBytesPerSec: cluster.egressBytesPerSec,
    brokerIngressLimitBytesPerSec: capacity('ingress', 'safeIngress'),
    brokerEgressLimitBytesPerSec: capacity('egress', 'networkOut'),
    brokerPartitionLimit: capacity('partitions'),
    brokerConnectionLimit: capacity('connections'),
    provisionedBytesPerBroker: storage.provisionedBytesPerBroker,
    volumeBytesPerSec: capacity('volumeThroughput'),
    requiredBytes: storage.requiredBytes,
    onDiskBytes: storage.onDiskBytes,
    publishP99Sec: secondsOf(slo.publishP99Ms),
    endToEndP99Sec: secondsOf(slo.endToEndP99Ms),
    lagMaxRecords: slo.lagMaxRecords,
  };
}

/** The number an alarm compares with; null where the plan does not have it, so that no alarm is made. */
export function thresholdOf(
  threshold: Threshold,
  figures: Readonly<Record<PlannedFigure, number | null>>,
): number | null {
  if (typeof threshold === 'number') return threshold;
  const figure = figures[threshold.planned];
  return figure === null ? null : figure * threshold.factor;
}

interface RecordRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Prometheus rules that record the plan's numbers under `headroom_plan_...`, so that boards draw them and alerts compare
 * with them. `cluster` is the value of the label `cluster` on everything that is scraped from it.
 */
export function planRecords(
  figures: Readonly<Partial<Record<PlannedFigure, number | null>>>,
  cluster: string,
  plan?: Plan,
): string {
  const rules: RecordRule[] = Object.entries(figures).flatMap(([figure, value]) =>
    value === null || value === undefined ? [] : [record(plannedId(figure), value, { cluster })],
  );
  for (const topic of plan?.topics ?? []) {
    rules.push(record('plannedTopicRate', topic.load.peakPerSec, { cluster, topic: topic.name }));
    const retentionMs = topic.config['retention.ms'];
    if (typeof retentionMs === 'number')
      rules.push(record('plannedRetention', retentionMs / 1000, { cluster, topic: topic.name }));
  }
  return stringify({ groups: [{ name: 'headroom-plan', rules }] }, { lineWidth: 0 });
}

function record(id: string, value: number, labels: Readonly<Record<string, string>>): RecordRule {
  const source = signalOf(id).sources.selfManaged;
  return { record: isAvailable(source) ? source.metric : id, expr: `vector(${value})`, labels };
}

function secondsOf(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / 1000;
}
