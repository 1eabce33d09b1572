/**
 * The alerts as CloudWatch alarms of one MSK cluster, as plain definitions: one for each broker, group or cluster, with the
 * numbers of the plan. What a kind of cluster or a monitoring level does not report is left out with the reason, because an
 * alarm over a metric that is not there says INSUFFICIENT_DATA for ever and looks like health.
 */
import { alerts, runbookPath, signalOf } from '../metrics.ts';
import type { Plan } from '../plan/types.ts';
import { plannedFigures, thresholdOf } from './planned.ts';
import {
  type Alert,
  type CloudWatchAlarm,
  type CloudWatchDimension,
  type CloudWatchLevel,
  type CloudWatchSource,
  isAvailable,
  type MskKind,
  type Severity,
} from './types.ts';

export type DimensionMap = Readonly<Partial<Record<CloudWatchDimension, string>>>;

export interface AlarmMetric {
  readonly id: string;
  readonly metric: string;
  readonly statistic: CloudWatchSource['statistic'];
  readonly dimensions: DimensionMap;
}

export interface AlarmDefinition {
  /** Unique and stable: the alert and what it is for, such as `KafkaDiskCritical-Broker2`. */
  readonly id: string;
  readonly alert: string;
  readonly severity: Severity;
  readonly description: string;
  readonly metrics: readonly AlarmMetric[];
  /** Over the ids of the metrics; null: the only metric itself. */
  readonly expression: string | null;
  readonly comparison: CloudWatchAlarm['comparison'];
  readonly threshold: number;
  readonly periodSec: number;
  readonly breaching: number;
  readonly of: number;
  readonly missing: CloudWatchAlarm['missing'];
}

export interface WatchedCluster {
  readonly plan: Plan;
  readonly kind: MskKind;
  /** Value of the dimension `Cluster Name`: the name, never the ARN. */
  readonly clusterName: string;
  readonly level: CloudWatchLevel;
  /** Address in front of `runbooks/<alert>.md` in the descriptions. */
  readonly runbookUrl: string;
}

export interface AlarmSet {
  readonly alarms: readonly AlarmDefinition[];
  readonly left: readonly { readonly alert: string; readonly reason: string }[];
}

const levels: readonly CloudWatchLevel[] = ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'];

/** Alarms in the order of the table; brokers count from 1, as MSK numbers them. */
export function alarmDefinitions(watched: WatchedCluster, all: readonly Alert[] = alerts): AlarmSet {
  const alarms: AlarmDefinition[] = [];
  const left: { alert: string; reason: string }[] = [];
  const figures = plannedFigures(watched.plan);
  for (const alert of all) {
    const { id, cloudWatch } = alert;
    if (!isAvailable(cloudWatch)) {
      left.push({ alert: id, reason: cloudWatch.notAvailable });
      continue;
    }
    const threshold = thresholdOf(cloudWatch.threshold, figures);
    const reason = threshold === null ? 'the plan has no such figure' : unfit(cloudWatch, watched);
    if (reason !== null || threshold === null) left.push({ alert: id, reason: reason ?? '' });
    else
      alarms.push(
        ...placesOf(cloudWatch, watched).map((place) => definition({ alert, cloudWatch, threshold, place, watched })),
      );
  }
  return { alarms, left };
}

/** Why a cluster cannot have the alarm; null when it can. */
function unfit(alarm: CloudWatchAlarm, { kind, level, plan }: WatchedCluster): string | null {
  if (alarm.kinds !== undefined && !alarm.kinds.includes(kind)) return `only for ${alarm.kinds.join(', ')}`;
  const { instanceType } = plan.cluster;
  if (alarm.instanceTypes !== undefined && instanceType?.startsWith(alarm.instanceTypes) !== true) {
    return `only for ${alarm.instanceTypes}`;
  }
  for (const source of sourcesOf(alarm)) {
    if (!source.kinds.includes(kind)) return `${kind} does not report ${source.metric}`;
    if (levels.indexOf(source.level) > levels.indexOf(level)) return `${source.metric} needs the level ${source.level}`;
  }
  return null;
}

function sourcesOf({ metrics }: CloudWatchAlarm): readonly CloudWatchSource[] {
  return Object.values(metrics)
    .map((id) => signalOf(id).sources.cloudWatch)
    .filter(isAvailable);
}

interface Place {
  readonly suffix: string;
  /** Of the places of one alert; 0 where there is only one. */
  readonly index: number;
  readonly dimensions: DimensionMap;
}

function placesOf({ per }: CloudWatchAlarm, { plan, clusterName }: WatchedCluster): readonly Place[] {
  const cluster = { 'Cluster Name': clusterName };
  if (per === 'cluster') return [{ suffix: '', index: 0, dimensions: cluster }];
  if (per === 'broker') {
    return Array.from({ length: plan.cluster.brokers }, (_, index) => ({
      suffix: `-Broker${index + 1}`,
      index: index + 1,
      dimensions: { ...cluster, 'Broker ID': String(index + 1) },
    }));
  }
  const groups = plan.topics.flatMap((topic) => topic.groups.map((group) => ({ topic, group })));
  return groups.map(({ topic, group }, index) => ({
    suffix: `-${group.name}`,
    index,
    dimensions: { ...cluster, 'Consumer Group': group.name, Topic: topic.name },
  }));
}

function definition(parts: {
  readonly alert: Alert;
  readonly cloudWatch: CloudWatchAlarm;
  readonly threshold: number;
  readonly place: Place;
  readonly watched: WatchedCluster;
}): AlarmDefinition {
  const { alert, cloudWatch, threshold, place, watched } = parts;
  const metrics = Object.entries(cloudWatch.metrics).flatMap(([id, signal]) => {
    const source = signalOf(signal).sources.cloudWatch;
    if (!isAvailable(source)) return [];
    return [
      { id: numbered(id, place), metric: source.metric, statistic: source.statistic, dimensions: place.dimensions },
    ];
  });
  const { comparison, periodSec, breaching, of, missing } = cloudWatch;
  return {
    id: `${alert.id}${place.suffix}`,
    alert: alert.id,
    severity: alert.severity,
    description: `${alert.meaning} Runbook: ${watched.runbookUrl}${runbookPath(alert)}`,
    metrics,
    // Ids must differ between the lines of one graph.
    expression:
      cloudWatch.expression?.replaceAll(/\b[a-z]\w*\b/g, (id) =>
        id in cloudWatch.metrics ? numbered(id, place) : id,
      ) ?? null,
    comparison,
    threshold,
    periodSec,
    breaching,
    of,
    missing,
  };
}

function numbered(id: string, { index }: Place): string {
  return `${id}${index}`;
}
