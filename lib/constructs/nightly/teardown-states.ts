/**
 * What happens at the end of every night, whatever happened in it: jobs that still run or wait are ended, what they left on
 * the cluster is deleted by their manifests, and a night without a met use case is told to somebody.
 */
import { call, choose, filled, put, quoted, type State, type States, task } from './asl.ts';
import { jobStates } from './job-states.ts';
import type { NightlyDefinitionProps } from './nightly-definition.ts';

/** Teardown itself may fail: then what is left is told, and the night ends as failed. */
const onError = { resultPath: '$.leftError', next: 'TellLeft' } as const;
/** SNS allows 100 characters. */
const subjectLength = 100;

export function teardownStates(props: NightlyDefinitionProps): States {
  return { ...endJobs(), ...cleanUp(props), ...tell(props) };
}

/** By name and not by id: a submission whose answer was lost is found too. */
function endJobs(): States {
  return {
    // A run that ended by itself has cleaned up; it says so, or names what it had to leave.
    IsAnythingLeft: choose([{ Variable: '$.outcome.value.isClean', BooleanEquals: true, Next: 'Judge' }], 'FindJobs'),
    FindJobs: task({
      api: 'batch:listJobs',
      parameters: {
        JobQueue: filled.jobQueueArn,
        Filters: [{ Name: 'JOB_NAME', 'Values.$': call('Array', call('Format', quoted('{}-*'), '$.run.name')) }],
      },
      resultPath: '$.jobs',
      next: 'EndJobs',
      onError,
    }),
    EndJobs: {
      Type: 'Map',
      ItemsPath: '$.jobs.JobSummaryList',
      MaxConcurrency: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'EndJob',
        States: { EndJob: endJob },
      },
      ResultPath: null,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: onError.resultPath, Next: onError.next }],
      Next: 'SubmitCleanUp',
    },
  };
}

/** Ending a job that has ended already changes nothing. The runner gets SIGTERM and half a minute to clean up itself. */
const {
  Next: _,
  Catch: __,
  ...endJobTask
} = task({
  api: 'batch:terminateJob',
  parameters: { 'JobId.$': '$.JobId', Reason: 'the nightly run is over' },
  resultPath: null,
  next: '',
  onError,
});
const endJob: State = { ...endJobTask, End: true };

function cleanUp(props: NightlyDefinitionProps): States {
  return {
    ...jobStates({
      name: 'CleanUp',
      suffix: quoted('clean-up'),
      command: props.cleanUpCommand(`=${call('Format', quoted(`s3://${filled.bucketName}/{}`), '$.run.prefix')}`),
      workers: 1,
      pollSeconds: props.pollSeconds,
      mostPolls: props.mostPolls,
      next: 'IsCleanedUp',
      onError,
    }),
    IsCleanedUp: choose([{ Variable: '$.look.job.Status', StringEquals: 'SUCCEEDED', Next: 'Judge' }], 'CleanUpFailed'),
    CleanUpFailed: put(
      onError.resultPath,
      { Error: 'Headroom.Left', Cause: 'the clean-up job failed; its log says what is left' },
      onError.next,
    ),
  };
}

function tell({ useCase }: NightlyDefinitionProps): States {
  const subject = (what: string): string => `Headroom ${useCase}: ${what}`.slice(0, subjectLength);
  const where = call('Format', quoted(`s3://${filled.bucketName}/{}`), '$.run.prefix');
  const failure = (what: string, path: string): string =>
    call('Format', quoted(`${what}: {}: {} - results so far: {}`), `${path}.Error`, `${path}.Cause`, where);
  return {
    Judge: choose(
      [
        { Variable: '$.error', IsPresent: true, Next: 'TellFailure' },
        { Variable: '$.verdict', IsPresent: true, Next: 'TellVerdict' },
      ],
      'Met',
    ),
    TellVerdict: publish(
      { 'Subject.$': call('Format', quoted(subject('{}')), '$.verdict.outcome'), 'Message.$': '$.verdict.summary' },
      'NotMet',
    ),
    TellFailure: publish(
      {
        Subject: subject('broke off'),
        'Message.$': failure(`the nightly run of ${useCase} broke off`, '$.error'),
      },
      'NoVerdict',
    ),
    TellLeft: publish(
      {
        Subject: subject('something is left on the cluster'),
        'Message.$': failure(`teardown of the nightly run of ${useCase} failed`, '$.leftError'),
      },
      'Left',
    ),
    Met: { Type: 'Succeed' },
    NotMet: {
      Type: 'Fail',
      Error: 'Headroom.NotMet',
      Cause: 'the use case is not met or inconclusive: see the message',
    },
    NoVerdict: { Type: 'Fail', Error: 'Headroom.NoVerdict', Cause: 'the run ended without a verdict: see the message' },
    Left: { Type: 'Fail', Error: 'Headroom.Left', Cause: 'teardown failed: see the message' },
  };
}

/** When telling fails too, the failed execution itself is what an operator sees. */
function publish(message: Readonly<Record<string, string>>, next: string): State {
  return task({
    api: 'sns:publish',
    parameters: { TopicArn: filled.topicArn, ...message },
    resultPath: null,
    next,
    onError: { resultPath: null as unknown as string, next },
  });
}
