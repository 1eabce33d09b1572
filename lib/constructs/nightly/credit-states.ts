/**
 * Burst credits first: a short run on full credits shows a capacity that lasts for minutes. The balance is read; while it is
 * above the floor, the highest load runs and it is read again, a bounded number of times. Where AWS has no such metric
 * (larger instances and volumes do not burst) there is nothing to use up, and no load runs.
 */
import { call, choose, filled, put, quoted, type States, task } from './asl.ts';
import { jobStates } from './job-states.ts';
import type { NightlyDefinitionProps } from './nightly-definition.ts';

export interface CreditStatesProps extends NightlyDefinitionProps {
  readonly onError: { readonly resultPath: string; readonly next: string };
}

/** MSK gives its values once a minute; before some are in, nothing could be told from a metric that does not exist. */
const periodSeconds = 60;

export function creditStates(props: CreditStatesProps, next: string): States {
  const { depletion, clusterName, onError } = props;
  if (depletion === null) return {};
  const search = `SEARCH('{AWS/Kafka,"Broker ID","Cluster Name"} MetricName="${depletion.metric}" "Cluster Name"="${clusterName}"', 'Minimum', ${periodSeconds})`;
  return {
    WaitForMetrics: { Type: 'Wait', Seconds: depletion.settleSeconds, Next: 'ReadCredits' },
    ReadCredits: task({
      api: 'cloudwatch:getMetricData',
      parameters: {
        'StartTime.$': '$$.Execution.StartTime',
        'EndTime.$': '$$.State.EnteredTime',
        ScanBy: 'TimestampDescending',
        MetricDataQueries: [{ Id: 'lowest', Expression: `MIN(${search})`, ReturnData: true }],
      },
      select: { 'found.$': call('ArrayGetItem', '$.MetricDataResults', '0') },
      resultPath: '$.credits',
      next: 'CountCredits',
      onError,
    }),
    CountCredits: put('$.balance', { 'count.$': call('ArrayLength', '$.credits.found.Values') }, 'AreThereCredits'),
    AreThereCredits: choose([{ Variable: '$.balance.count', NumericGreaterThan: 0, Next: 'TakeNewest' }], next),
    TakeNewest: put(
      '$.balance',
      { 'newest.$': call('ArrayGetItem', '$.credits.found.Values', '0') },
      'AreCreditsUsedUp',
    ),
    AreCreditsUsedUp: choose(
      [
        { Variable: '$.balance.newest', NumericLessThanEquals: depletion.floor, Next: next },
        { Variable: '$.depletions.count', NumericGreaterThanEquals: depletion.attempts, Next: next },
      ],
      'OneMoreDepletion',
    ),
    OneMoreDepletion: put('$.depletions', { 'count.$': call('MathAdd', '$.depletions.count', '1') }, 'SubmitDepletion'),
    ...jobStates({
      name: 'Depletion',
      suffix: call('Format', quoted('depletion-{}'), '$.depletions.count'),
      command: props.command({
        load: `=${quoted(`x${Math.max(...props.loadFactors)}`)}`,
        folder: `=${call('Format', quoted(`s3://${filled.bucketName}/{}/depletion-{}`), '$.run.prefix', '$.depletions.count')}`,
      }),
      workers: props.workers,
      pollSeconds: props.pollSeconds,
      mostPolls: props.mostPolls,
      next: 'ReadCredits',
      onError,
    }),
  };
}
