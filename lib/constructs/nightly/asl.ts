/** The little of the Amazon States Language (JSONPath) that the nightly run is written in. */

/** What CloudFormation fills in. */
export const filled = {
  jobQueueArn: `\${JobQueueArn}`,
  jobDefinitionArn: `\${JobDefinitionArn}`,
  bucketName: `\${BucketName}`,
  topicArn: `\${TopicArn}`,
  partition: `\${Partition}`,
} as const;

export type State = Readonly<Record<string, unknown>>;
export type States = Readonly<Record<string, State>>;

/** One question to an AWS service takes seconds; a hanging one must not hold the night. */
const taskTimeoutSeconds = 60;

interface Catching {
  readonly resultPath: string;
  readonly next: string;
}

export interface TaskProps {
  /** `service:action` of the AWS SDK, such as `batch:submitJob`. */
  readonly api: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What of the answer is kept; all of it when left out. */
  readonly select?: Readonly<Record<string, string>>;
  readonly resultPath: string | null;
  readonly next: string;
  readonly onError: Catching;
}

/** A call that is tried again, is bounded in time, and whose failure leads to a state of ours: nothing ends the run halfway. */
export function task({ api, parameters, select, resultPath, next, onError }: TaskProps): State {
  return {
    Type: 'Task',
    Resource: `arn:${filled.partition}:states:::aws-sdk:${api}`,
    Parameters: parameters,
    ...(select === undefined ? {} : { ResultSelector: select }),
    ResultPath: resultPath,
    TimeoutSeconds: taskTimeoutSeconds,
    Retry: [
      { ErrorEquals: ['States.TaskFailed', 'States.Timeout'], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2 },
    ],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: onError.resultPath, Next: onError.next }],
    Next: next,
  };
}

/** Puts `value` at `path`; entries ending in `.$` are computed. */
export function put(path: string, value: Readonly<Record<string, unknown>>, next: string): State {
  return { Type: 'Pass', Parameters: value, ResultPath: path, Next: next };
}

export function choose(choices: readonly State[], otherwise: string): State {
  return { Type: 'Choice', Choices: choices, Default: otherwise };
}

/** An intrinsic call: `call('Format', "'a{}'", '$.b')`. */
export function call(name: string, ...args: readonly string[]): string {
  return `States.${name}(${args.join(', ')})`;
}

/** A literal inside an intrinsic call. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
