/** Rules on CloudWatch alarms: each metric exists on the kind of cluster it watches, means something, and reaches somebody. */

import { type CloudWatchLevel, type CloudWatchSource, isAvailable, type MskKind } from '../../metrics/types.ts';
import { signals } from '../../metrics.ts';
import { isExpress } from './msk-cluster-rules.ts';
import { findingIf, isObject, listAt, type Properties, type Rule, type TemplateSet, textAt } from './rule.ts';

const alarm = ['AWS::CloudWatch::Alarm'];
const levels: readonly CloudWatchLevel[] = ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'];
const sources = signals.flatMap(({ sources: { cloudWatch } }) => (isAvailable(cloudWatch) ? [cloudWatch] : []));

/** A metric of MSK that an alarm reads. */
interface Watched {
  readonly name: string;
  readonly statistic: string | null;
  readonly dimensions: ReadonlyMap<string, unknown>;
  /** Rows of the signal table with this name; empty: the table has none. */
  readonly rows: readonly CloudWatchSource[];
}

export const alarmRules: readonly Rule[] = [
  {
    id: 'ALARM-SIGNAL',
    types: alarm,
    must: 'an alarm on a cluster of MSK watches a row of the signal table, by its dimensions',
    fix: 'add the metric to lib/metrics, which alarms and dashboards are made from',
    check: ({ properties }) =>
      watchedBy(properties).flatMap(({ name, dimensions, rows }) => {
        const given = [...dimensions.keys()].toSorted().join(', ');
        const known = rows.some((row) => row.dimensions.toSorted().join(', ') === given);
        return findingIf(!known, 'MetricName', `${name} by ${given}`);
      }),
  },
  {
    id: 'ALARM-KIND',
    types: alarm,
    must: 'the kind of cluster reports the metric, or the alarm stays silent for ever',
    fix: 'leave the alarm out on this kind; Express and Serverless report fewer metrics',
    check: ({ properties }, all) =>
      watchedBy(properties).flatMap(({ name, dimensions, rows }) => {
        const kind = kindOf(dimensions.get('Cluster Name'), all);
        const silent = kind !== null && rows.length > 0 && !rows.some(({ kinds }) => kinds.includes(kind));
        return findingIf(silent, 'MetricName', `${name} on ${kind}`);
      }),
  },
  {
    id: 'ALARM-LEVEL',
    types: alarm,
    must: 'the cluster sends the metric to CloudWatch at its level of monitoring',
    fix: 'raise monitoringLevel, or leave the alarm out',
    check: ({ properties }, all) =>
      watchedBy(properties).flatMap(({ name, dimensions, rows }) => {
        const level = levelOf(dimensions.get('Cluster Name'), all);
        const needed = Math.min(...rows.map((row) => levels.indexOf(row.level)));
        return findingIf(
          level !== null && rows.length > 0 && needed > level,
          'MetricName',
          `${name} needs ${levels[needed]}, the cluster has ${levels[level ?? 0]}`,
        );
      }),
  },
  {
    id: 'ALARM-STATISTIC',
    types: alarm,
    must: 'the statistic means something for the metric: idle controllers report 0, so an average of them lies',
    fix: 'take the statistic of the signal table',
    check: ({ properties }) =>
      watchedBy(properties).flatMap(({ name, statistic, rows }) =>
        findingIf(
          rows.length > 0 && statistic !== null && !rows.some((row) => row.statistic === statistic),
          'Statistic',
          `${statistic} of ${name}`,
        ),
      ),
  },
  {
    id: 'ALARM-ACTION',
    types: alarm,
    must: 'an alarm tells somebody',
    fix: 'add the topic of the alarms to AlarmActions',
    check: ({ properties }) => findingIf(listAt(properties, 'AlarmActions').length === 0, 'AlarmActions', 'none'),
  },
];

/** Metrics of the namespace AWS/Kafka, of the alarm itself and of its expression. */
function watchedBy(properties: Properties): readonly Watched[] {
  const parts = listAt(properties, 'Metrics').filter(isObject);
  const stats = parts.flatMap((part) => (isObject(part.MetricStat) ? [part.MetricStat] : []));
  const metrics = stats.flatMap((stat) => (isObject(stat.Metric) ? [{ ...stat.Metric, Statistic: stat.Stat }] : []));
  return [properties, ...metrics]
    .filter((metric) => textAt(metric, 'Namespace') === 'AWS/Kafka')
    .map((metric) => {
      const name = textAt(metric, 'MetricName') ?? '';
      return {
        name,
        statistic: textAt(metric, 'Statistic'),
        dimensions: new Map(
          listAt(metric, 'Dimensions')
            .filter(isObject)
            .map(({ Name: key, Value: value }) => [String(key), value]),
        ),
        rows: sources.filter((row) => row.metric === name),
      };
    });
}

/** Null when the cluster stands in no template. */
function kindOf(clusterName: unknown, all: TemplateSet): MskKind | null {
  const named = (type: string) => all.ofType(type).find(({ properties }) => properties.ClusterName === clusterName);
  if (named('AWS::MSK::ServerlessCluster') !== undefined) return 'msk-serverless';
  const cluster = named('AWS::MSK::Cluster');
  if (cluster === undefined) return null;
  return isExpress(cluster) ? 'msk-express' : 'msk';
}

/** Place of the cluster's level among `levels`; null when the cluster stands in no template, or its level is none. */
function levelOf(clusterName: unknown, all: TemplateSet): number | null {
  const cluster = all.ofType('AWS::MSK::Cluster').find(({ properties }) => properties.ClusterName === clusterName);
  if (cluster === undefined) return null;
  const place = levels.findIndex((level) => level === (textAt(cluster.properties, 'EnhancedMonitoring') ?? 'DEFAULT'));
  return place < 0 ? null : place;
}
