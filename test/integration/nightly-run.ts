/** A night on moto's Step Functions interpreter: its Batch is doubled here, S3 and SNS are moto's. */

import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import type { StateMachineDefinition } from '../../lib/constructs/nightly/nightly-definition.ts';
import { type Moto, startMoto } from '../doubles/moto.ts';

const bucket = 'headroom-results';
const executionWithinMs = 90_000;

/** What becomes of a job: how it ends, and the outcome that its container writes before; null writes none. */
export interface JobEnd {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'RUNNABLE';
  readonly outcome?: { readonly outcome: string; readonly summary: string; readonly isClean: boolean } | null;
  /** The API refuses to take the job. */
  readonly isRefused?: boolean;
}

export interface SubmittedJob {
  readonly id: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly arraySize: number | null;
  isTerminated: boolean;
}

export interface Night {
  readonly status: string;
  readonly error: string | undefined;
  readonly jobs: readonly SubmittedJob[];
  readonly messages: readonly { readonly subject: string; readonly text: string }[];
  /** Names of the states entered, in order. */
  readonly states: readonly string[];
}

export interface NightRunner {
  /** `endOf` is asked for each job by the part of its name after the run's, such as `step-0`. */
  run(definition: StateMachineDefinition, endOf: (job: string) => JobEnd): Promise<Night>;
  stop(): Promise<void>;
}

export async function startNightRunner(): Promise<NightRunner> {
  const jobs = new Map<string, SubmittedJob & { readonly end: JobEnd }>();
  const messages: { subject: string; text: string }[] = [];
  const ends = new Map<string, (job: string) => JobEnd>();
  let nights = 0;
  const batch = (path: string, body: string): Promise<unknown> | null => {
    if (body.includes('Action=Publish&')) {
      const form = new URLSearchParams(body);
      messages.push({ subject: form.get('Subject') ?? '', text: form.get('Message') ?? '' });
    }
    return path.startsWith('/v1/') ? answerBatch(path, JSON.parse(body) as Record<string, unknown>) : null;
  };
  const moto: Moto = await startMoto(batch);
  const settings = {
    region: 'us-east-1',
    endpoint: moto.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const sfn = new SFNClient(settings);
  const sns = new SNSClient(settings);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'nightly' }));

  async function answerBatch(path: string, body: Record<string, unknown>): Promise<unknown> {
    if (path === '/v1/submitjob') return await submit(body);
    if (path === '/v1/describejobs') {
      const [id = ''] = body.jobs as string[];
      return { jobs: [{ jobId: id, jobName: jobs.get(id)?.name, status: jobs.get(id)?.end.status }] };
    }
    if (path === '/v1/listjobs') {
      const [filter] = body.filters as { name: string; values: string[] }[];
      const prefix = filter?.values[0]?.replace(/\*$/, '') ?? '';
      const found = [...jobs.values()].filter(({ name }) => name.startsWith(prefix));
      return { jobSummaryList: found.map(({ id, name }) => ({ jobId: id, jobName: name })) };
    }
    if (path === '/v1/terminatejob') {
      const job = jobs.get(body.jobId as string);
      if (job !== undefined) job.isTerminated = true;
      return {};
    }
    throw new Error(`Batch has no ${path} here`);
  }

  async function submit(body: Record<string, unknown>): Promise<unknown> {
    const name = body.jobName as string;
    const [, night = '', part = ''] = /^(night-\d+)-(.*)$/.exec(name) ?? [];
    const end = ends.get(night)?.(part) ?? { status: 'FAILED' };
    if (end.isRefused === true) throw new Error('Batch refuses');
    const command = (body.containerOverrides as { command: string[] }).command;
    const arraySize = (body.arrayProperties as { size: number } | undefined)?.size ?? null;
    const id = `job-${jobs.size}`;
    jobs.set(id, { id, name, command, arraySize, end, isTerminated: false });
    const folder = command.find((argument) => argument.startsWith('s3://'))?.replace(`s3://${bucket}/`, '');
    if (end.outcome !== undefined && end.outcome !== null) {
      const Body = JSON.stringify(end.outcome);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${folder}/outcome.json`, Body }));
    }
    return { jobId: id, jobName: name };
  }

  async function run(definition: StateMachineDefinition, endOf: (job: string) => JobEnd): Promise<Night> {
    const name = `night-${nights++}`;
    ends.set(name, endOf);
    const text = filledIn(definition, TopicArn);
    const roleArn = 'arn:aws:iam::123456789012:role/nightly';
    const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name, definition: text, roleArn }));
    const before = messages.length;
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: '{}' }));
    const deadline = performance.now() + executionWithinMs;
    for (;;) {
      const { status, error } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (status !== 'RUNNING' || performance.now() > deadline) {
        const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
        const states = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
        const own = [...jobs.values()].filter((job) => job.name.startsWith(`${name}-`));
        return { status: status ?? '', error, jobs: own, messages: messages.slice(before), states };
      }
      await sleep(50);
    }
  }

  return {
    run,
    stop: async () => {
      for (const client of [s3, sfn, sns]) client.destroy();
      await moto.stop();
    },
  };
}

/** As CloudFormation fills it in; retries wait a second, once. */
export function filledIn(definition: StateMachineDefinition, topicArn: string): string {
  const values: Readonly<Record<string, string>> = {
    Partition: 'aws',
    BucketName: bucket,
    TopicArn: topicArn,
    JobQueueArn: 'arn:aws:batch:us-east-1:123456789012:job-queue/nightly',
    JobDefinitionArn: 'arn:aws:batch:us-east-1:123456789012:job-definition/nightly:1',
  };
  return JSON.stringify(definition, (key, value: unknown) => (key === 'Retry' ? quickRetry : value)).replace(
    /\$\{(\w+)\}/g,
    (_, name: string) => values[name] ?? `unknown ${name}`,
  );
}

const quickRetry = [{ ErrorEquals: ['States.TaskFailed', 'States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }];
