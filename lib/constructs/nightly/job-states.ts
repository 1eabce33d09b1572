/**
 * One Batch job: submit, then look until it ends or its time is over. Looking instead of `.sync` keeps the job's name in our
 * hands, so that teardown can end a job that nobody waits for any more, even one that never found a machine.
 */
import { call, choose, filled, put, quoted, type States, task } from './asl.ts';

export interface JobStatesProps {
  /** Of the states: `Step` gives SubmitStep, WaitForStep, ... */
  readonly name: string;
  /** Intrinsic or path that gives the part of the job's name after the run's. */
  readonly suffix: string;
  /** Arguments of `headroom`: literals, or paths and intrinsics after `=`. */
  readonly command: readonly string[];
  /** Containers at once; 1: no array. */
  readonly workers: number;
  readonly pollSeconds: number;
  /** Looks before the job counts as hanging. */
  readonly mostPolls: number;
  /** After the job has ended, however it ended. */
  readonly next: string;
  readonly onError: { readonly resultPath: string; readonly next: string };
}

/** Expects `$.run.name`; uses `$.job`, `$.polls` and `$.look`. */
export function jobStates(props: JobStatesProps): States {
  const { name, next, onError } = props;
  return {
    [`Submit${name}`]: task({
      api: 'batch:submitJob',
      parameters: {
        'JobName.$': call('Format', quoted('{}-{}'), '$.run.name', props.suffix),
        JobQueue: filled.jobQueueArn,
        JobDefinition: filled.jobDefinitionArn,
        ...(props.workers > 1 ? { ArrayProperties: { Size: props.workers } } : {}),
        ContainerOverrides: { 'Command.$': call('Array', ...props.command.map(argument)) },
      },
      resultPath: '$.job',
      next: `Start${name}`,
      onError,
    }),
    [`Start${name}`]: put('$.polls', { count: 0 }, `WaitFor${name}`),
    [`WaitFor${name}`]: { Type: 'Wait', Seconds: props.pollSeconds, Next: `LookAt${name}` },
    [`LookAt${name}`]: task({
      api: 'batch:describeJobs',
      parameters: { 'Jobs.$': call('Array', '$.job.JobId') },
      select: { 'job.$': call('ArrayGetItem', '$.Jobs', '0') },
      resultPath: '$.look',
      next: `Count${name}`,
      onError,
    }),
    [`Count${name}`]: put('$.polls', { 'count.$': call('MathAdd', '$.polls.count', '1') }, `Has${name}Ended`),
    [`Has${name}Ended`]: choose(
      [
        ...['SUCCEEDED', 'FAILED'].map((status) => ({
          Variable: '$.look.job.Status',
          StringEquals: status,
          Next: next,
        })),
        { Variable: '$.polls.count', NumericGreaterThanEquals: props.mostPolls, Next: `${name}Hangs` },
      ],
      `WaitFor${name}`,
    ),
    [`${name}Hangs`]: put(
      onError.resultPath,
      { Error: 'Headroom.Hangs', Cause: `the job did not end within ${props.mostPolls * props.pollSeconds} s` },
      onError.next,
    ),
  };
}

function argument(text: string): string {
  return text.startsWith('=') ? text.slice(1) : quoted(text);
}
