/** A CloudWatch dashboard of a cluster: what is in alarm, then every alarm's own metric with its threshold. */
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmDefinition } from '../metrics/cloudwatch-alarms.ts';
import { type Alarms, metricOf } from './alarms.ts';

export interface AlarmDashboardProps {
  readonly clusterName: string;
  readonly definitions: readonly AlarmDefinition[];
  readonly alarms: Alarms;
}

const half = 12;
const full = 24;

export class AlarmDashboard extends Construct {
  constructor(scope: Construct, id: string, { clusterName, definitions, alarms }: AlarmDashboardProps) {
    super(scope, id);
    const board = new cloudwatch.Dashboard(this, 'Board', { dashboardName: `headroom-${clusterName}` });
    board.addWidgets(
      new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms.byId.values()], width: full, height: 6 }),
    );
    const ids = [...new Set(definitions.map(({ alert }) => alert))];
    board.addWidgets(...ids.map((alert) => graphOf(definitions.filter((each) => each.alert === alert))));
  }
}

/** One graph an alert: a line for each broker or group, and the threshold they are held to. */
function graphOf(definitions: readonly AlarmDefinition[]): cloudwatch.GraphWidget {
  const [first] = definitions;
  return new cloudwatch.GraphWidget({
    title: first?.alert ?? '',
    left: definitions.map(metricOf),
    leftAnnotations:
      first === undefined ? [] : [{ value: first.threshold, label: `alarm ${first.comparison} ${first.threshold}` }],
    width: half,
  });
}
