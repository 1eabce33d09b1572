/** The alarms of the signal table on one MSK cluster, and whom they tell. */
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AlarmDefinition, AlarmMetric } from '../metrics/cloudwatch-alarms.ts';

export interface AlarmsProps {
  readonly definitions: readonly AlarmDefinition[];
  /** In front of each alarm's name, which is unique in account and region. */
  readonly clusterName: string;
  /** Told of alarms that want a person now. */
  readonly pages: sns.ITopic;
  /** Told of alarms for a working day. */
  readonly tickets: sns.ITopic;
}

const comparisons = {
  '>': cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  '>=': cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  '<': cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
} as const;
const missing = {
  breaching: cloudwatch.TreatMissingData.BREACHING,
  notBreaching: cloudwatch.TreatMissingData.NOT_BREACHING,
  ignore: cloudwatch.TreatMissingData.IGNORE,
  missing: cloudwatch.TreatMissingData.MISSING,
} as const;

export class Alarms extends Construct {
  /** By the id of the definition. */
  readonly byId: ReadonlyMap<string, cloudwatch.Alarm>;

  constructor(scope: Construct, id: string, { definitions, clusterName, pages, tickets }: AlarmsProps) {
    super(scope, id);
    const made = definitions.map((definition) => {
      const alarm = new cloudwatch.Alarm(this, definition.id, {
        alarmName: `${clusterName}-${definition.id}`,
        alarmDescription: definition.description,
        metric: metricOf(definition),
        comparisonOperator: comparisons[definition.comparison],
        threshold: definition.threshold,
        evaluationPeriods: definition.of,
        datapointsToAlarm: definition.breaching,
        treatMissingData: missing[definition.missing],
      });
      const action = new SnsAction(definition.severity === 'page' ? pages : tickets);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return [definition.id, alarm] as const;
    });
    this.byId = new Map(made);
  }
}

/** What an alarm watches, and what the dashboard draws beside its threshold: the same object, so they cannot differ. */
export function metricOf(definition: AlarmDefinition): cloudwatch.IMetric {
  const metrics = Object.fromEntries(
    definition.metrics.map((each) => [each.id, plainMetric(each, definition.periodSec)]),
  );
  const [only] = Object.values(metrics);
  if (definition.expression === null && only !== undefined) return only;
  return new cloudwatch.MathExpression({
    expression: definition.expression ?? '',
    usingMetrics: metrics,
    label: definition.id,
    period: Duration.seconds(definition.periodSec),
  });
}

function plainMetric({ metric, statistic, dimensions }: AlarmMetric, periodSec: number): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/Kafka',
    metricName: metric,
    statistic,
    dimensionsMap: { ...dimensions },
    period: Duration.seconds(periodSec),
  });
}
