/**
 * The night as a state machine: use up burst credits, prove the use case, then more load step by step until a step is not
 * met (stop rule), clean up whatever happened, tell somebody unless the use case is met. Every wait is bounded.
 * A plain value: `${...}` is filled in by CloudFormation.
 */
import { call, choose, filled, put, quoted, type State, type States, task } from './asl.ts';
import { creditStates } from './credit-states.ts';
import { jobStates } from './job-states.ts';
import { teardownStates } from './teardown-states.ts';

export interface NightlyDefinitionProps {
  readonly useCase: string;
  /** Value of the CloudWatch dimension `Cluster Name`. */
  readonly clusterName: string;
  /** Rising, the first is 1: the use case as it is written. */
  readonly loadFactors: readonly number[];
  /** Containers that drive the load together. */
  readonly workers: number;
  readonly pollSeconds: number;
  /** Looks at one job before it counts as hanging. */
  readonly mostPolls: number;
  /** Null: the brokers have no credits that could flatter. */
  readonly depletion: Depletion | null;
  /** Arguments of `headroom`; `load` and `folder` are literals or intrinsics after `=`. */
  readonly command: (parts: { readonly load: string; readonly folder: string }) => readonly string[];
  /** Deletes what a run that was cut short left. */
  readonly cleanUpCommand: (folder: string) => readonly string[];
}

export interface Depletion {
  /** `BurstBalance` of volumes in per cent, or `CPUCreditBalance` of t3 brokers in credits. */
  readonly metric: 'BurstBalance' | 'CPUCreditBalance';
  readonly floor: number;
  /** Jobs of the highest load at most. */
  readonly attempts: number;
  readonly settleSeconds: number;
}

const onError = { resultPath: '$.error', next: 'FindJobs' } as const;

export interface StateMachineDefinition {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: States;
}

export function nightlyDefinition(props: NightlyDefinitionProps): StateMachineDefinition {
  const afterCredits = 'SubmitStep';
  return {
    Comment: `Headroom's nightly run of ${props.useCase}`,
    StartAt: 'Begin',
    TimeoutSeconds: longestSeconds(props),
    States: {
      Begin: {
        Type: 'Pass',
        Parameters: {
          run: {
            'name.$': '$$.Execution.Name',
            'prefix.$': call('Format', quoted(`runs/${props.useCase}/{}`), '$$.Execution.Name'),
          },
          step: { index: 0 },
          reached: { factor: 0 },
          depletions: { count: 0 },
          factors: props.loadFactors,
        },
        Next: props.depletion === null ? afterCredits : 'WaitForMetrics',
      },
      ...creditStates({ ...props, onError }, afterCredits),
      ...stepStates(props),
      ...teardownStates(props),
    },
  };
}

function stepStates(props: NightlyDefinitionProps): States {
  const folder = call('Format', quoted('{}/step-{}'), '$.run.prefix', '$.step.index');
  return {
    ...jobStates({
      name: 'Step',
      suffix: call('Format', quoted('step-{}'), '$.step.index'),
      command: props.command({
        load: `=${call('Format', quoted('x{}'), call('ArrayGetItem', '$.factors', '$.step.index'))}`,
        folder: `=${call('Format', quoted(`s3://${filled.bucketName}/{}/step-{}`), '$.run.prefix', '$.step.index')}`,
      }),
      workers: props.workers,
      pollSeconds: props.pollSeconds,
      mostPolls: props.mostPolls,
      next: 'ReadOutcome',
      onError,
    }),
    // A job that ended without an outcome (killed, out of memory, no image) has no such object: that is an error, never a pass.
    ReadOutcome: task({
      api: 's3:getObject',
      parameters: { Bucket: filled.bucketName, 'Key.$': call('Format', quoted('{}/outcome.json'), folder) },
      select: { 'value.$': call('StringToJson', '$.Body') },
      resultPath: '$.outcome',
      next: 'StopRule',
      onError,
    }),
    // No more load on a cluster that still holds what the last step left.
    StopRule: choose(
      [
        {
          And: [isMet, { Variable: '$.outcome.value.isClean', BooleanEquals: true }],
          Next: 'Reached',
        },
        { ...isMet, Next: 'ReachedLast' },
      ],
      'IsTheUseCaseJudged',
    ),
    Reached: reached('NextStep'),
    ReachedLast: reached('IsAnythingLeft'),
    NextStep: put('$.step', { 'index.$': call('MathAdd', '$.step.index', '1') }, 'AreThereMoreSteps'),
    AreThereMoreSteps: choose(
      [{ Variable: '$.step.index', NumericLessThan: props.loadFactors.length, Next: 'SubmitStep' }],
      'IsAnythingLeft',
    ),
    IsTheUseCaseJudged: choose([{ Variable: '$.step.index', NumericEquals: 0, Next: 'TakeVerdict' }], 'IsAnythingLeft'),
    TakeVerdict: {
      Type: 'Pass',
      InputPath: '$.outcome.value',
      ResultPath: '$.verdict',
      Next: 'IsAnythingLeft',
    } satisfies State,
  };
}

const isMet = { Variable: '$.outcome.value.outcome', StringEquals: 'met' } as const;

function reached(next: string): State {
  return put('$.reached', { 'factor.$': call('ArrayGetItem', '$.factors', '$.step.index') }, next);
}

/** Teardown and telling included; longer than all bounds together, so that it never cuts teardown off. */
export function longestSeconds({ loadFactors, depletion, pollSeconds, mostPolls }: NightlyDefinitionProps): number {
  const jobSeconds = mostPolls * (pollSeconds + marginSecondsPerPoll);
  const jobs = loadFactors.length + (depletion?.attempts ?? 0) + 1;
  return jobs * jobSeconds + (depletion?.settleSeconds ?? 0) + marginSeconds;
}

/** A look takes a second or two; retries of a throttled one more. */
const marginSecondsPerPoll = 15;
const marginSeconds = 1_800;
