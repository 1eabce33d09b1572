/** The nightly proof of a cluster: a schedule, the state machine of a night, the runner, the bucket of its results, the topic of its alarms. */

import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { KafkaCluster } from '../kafka-cluster.ts';
import { BenchRunner } from './bench-runner.ts';
import { type Depletion, nightlyDefinition } from './nightly-definition.ts';
import { grantObserve } from './observe-grant.ts';

export interface NightlyBenchProps {
  readonly useCase: string;
  /** Text of the use case file, at most 8 KiB. */
  readonly useCaseText: string;
  readonly cluster: KafkaCluster;
  /** Of the cluster; the runner asks AWS for its brokers. */
  readonly clusterArn: string;
  readonly image: ecs.ContainerImage;
  readonly schedule: events.Schedule;
  readonly loadFactors: readonly number[];
  readonly workers: number;
  readonly vcpu: number;
  readonly memoryGiB: number;
  /** Measured window of each phase, such as `5min`. */
  readonly measure: string;
  readonly jobSeconds: number;
  readonly depletion: Depletion | null;
}

/** Names of topics and groups of every run begin so. */
const runPrefix = 'headroom-';
const pollSeconds = 30;
/** For a machine to be found and the image to be pulled, beyond the time of the job itself. */
const startSeconds = 1_200;

export class NightlyBench extends Construct {
  readonly results: s3.Bucket;
  /** Told unless the use case is met. */
  readonly alarms: sns.Topic;

  constructor(scope: Construct, id: string, props: NightlyBenchProps) {
    super(scope, id);
    this.results = this.createBucket();
    this.alarms = new sns.Topic(this, 'Alarms', { displayName: `Headroom ${props.useCase}`, enforceSSL: true });
    const runner = new BenchRunner(this, 'Runner', { ...props, environment: { HEADROOM_USE_CASE: props.useCaseText } });
    this.grantRun(runner.role, props);
    const night = this.createStateMachine(props, runner);
    new events.Rule(this, 'Nightly', { schedule: props.schedule, targets: [new targets.SfnStateMachine(night)] });
    this.tellOfLostNights(night);
    Validations.of(this.results).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason: 'results of load tests: their versions and the trail of the account tell who wrote what',
    });
  }

  private createBucket(): s3.Bucket {
    return new s3.Bucket(this, 'Results', {
      versioned: true,
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // Emptied by nobody on the way out: a bucket with results stays when the stack goes, and says so.
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [
        { expiration: Duration.days(400), noncurrentVersionExpiration: Duration.days(30) },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
  }

  private grantRun(role: iam.Role, { cluster, clusterArn, useCase }: NightlyBenchProps): void {
    cluster.grantDescribe(role);
    cluster.grantTest(role, runPrefix);
    grantObserve(role, clusterArn);
    // Action by action: the bucket's own grants allow whole families of them.
    const objects = this.results.arnForObjects(`runs/${useCase}/*`);
    role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [objects] }));
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [this.results.bucketArn],
        conditions: { StringLike: { 's3:prefix': `runs/${useCase}/*` } },
      }),
    );
  }

  private createStateMachine(props: NightlyBenchProps, { queue, job }: BenchRunner): sfn.StateMachine {
    const target = ['--cluster-arn', props.clusterArn];
    const definition = nightlyDefinition({
      ...props,
      clusterName: props.cluster.clusterName,
      pollSeconds,
      mostPolls: Math.ceil((props.jobSeconds + startSeconds) / pollSeconds),
      command: ({ load, folder }) => [
        ...['prove', 'use-case.yaml', '--nightly', ...target],
        ...['--measure', props.measure, '--load', load, '--upload', folder],
      ],
      cleanUpCommand: (folder) => ['prove', 'use-case.yaml', ...target, '--clean-up', folder],
    });
    const night = new sfn.StateMachine(this, 'Night', {
      definitionBody: sfn.DefinitionBody.fromString(JSON.stringify(definition)),
      definitionSubstitutions: {
        Partition: Stack.of(this).partition,
        JobQueueArn: queue.jobQueueArn,
        JobDefinitionArn: job.jobDefinitionArn,
        BucketName: this.results.bucketName,
        TopicArn: this.alarms.topicArn,
      },
      timeout: Duration.seconds(definition.TimeoutSeconds),
      tracingEnabled: true,
      logs: { destination: this.createLogs(), level: sfn.LogLevel.ALL, includeExecutionData: false },
    });
    this.grantNight(night, props, { queue: queue.jobQueueArn, job: job.jobDefinitionArn });
    return night;
  }

  private createLogs(): logs.LogGroup {
    return new logs.LogGroup(this, 'Logs', {
      // Step Functions must find it below this name.
      logGroupName: `/aws/vendedlogs/states/${Stack.of(this).stackName}`,
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private grantNight(
    night: sfn.StateMachine,
    { useCase, depletion }: NightlyBenchProps,
    arns: { readonly queue: string; readonly job: string },
  ): void {
    const allow = (actions: string[], resources: string[]): void =>
      night.addToRolePolicy(new iam.PolicyStatement({ actions, resources }));
    allow(['batch:SubmitJob'], [arns.queue, arns.job]);
    allow(['batch:TerminateJob'], [Stack.of(this).formatArn({ service: 'batch', resource: 'job', resourceName: '*' })]);
    // Neither of them, nor metrics, can be narrowed to a resource.
    allow(['batch:DescribeJobs', 'batch:ListJobs', ...(depletion === null ? [] : ['cloudwatch:GetMetricData'])], ['*']);
    allow(['s3:GetObject'], [this.results.arnForObjects(`runs/${useCase}/*/outcome.json`)]);
    allow(['sns:Publish'], [this.alarms.topicArn]);
  }

  /** What cannot tell of itself: a night that somebody stopped, or that ran out of its time. */
  private tellOfLostNights(night: sfn.StateMachine): void {
    new events.Rule(this, 'LostNights', {
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [night.stateMachineArn], status: ['ABORTED', 'TIMED_OUT'] },
      },
      targets: [new targets.SnsTopic(this.alarms)],
    });
  }
}
