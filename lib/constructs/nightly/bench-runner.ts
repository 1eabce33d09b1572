/** Where the load comes from: AWS Batch on Fargate, so that nothing runs and nothing is paid between the nights. */
import * as batch from 'aws-cdk-lib/aws-batch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { LogDriver } from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { KafkaCluster } from '../kafka-cluster.ts';

export interface BenchRunnerProps {
  readonly cluster: KafkaCluster;
  readonly image: ecs.ContainerImage;
  /** Containers at once. */
  readonly workers: number;
  readonly vcpu: number;
  readonly memoryGiB: number;
  /** AWS Batch ends a container after this, whatever it does. */
  readonly jobSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** Longer than an image takes to be pulled; a job without a machine by then is cancelled by AWS Batch itself. */
const waitForMachine = Duration.minutes(15);

export class BenchRunner extends Construct {
  readonly queue: batch.JobQueue;
  readonly job: batch.EcsJobDefinition;
  /** What the container may do is granted to it. */
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: BenchRunnerProps) {
    super(scope, id);
    const { cluster, workers, vcpu } = props;
    const environment = new batch.FargateComputeEnvironment(this, 'Machines', {
      vpc: cluster.network.vpc,
      vpcSubnets: { subnets: [...cluster.network.clientSubnets] },
      securityGroups: [cluster.clients],
      // The second bound on what can run at once, and so on the cost; the clean-up runs when the load is over.
      maxvCpus: Math.ceil(workers * vcpu),
    });
    this.queue = new batch.JobQueue(this, 'Queue', {
      computeEnvironments: [{ computeEnvironment: environment, order: 1 }],
      jobStateTimeLimitActions: [
        batch.JobStateTimeLimitActionsReason.INSUFFICIENT_INSTANCE_CAPACITY,
        batch.JobStateTimeLimitActionsReason.COMPUTE_ENVIRONMENT_MAX_RESOURCE,
        batch.JobStateTimeLimitActionsReason.JOB_RESOURCE_REQUIREMENT,
      ].map((reason) => ({
        reason,
        maxTime: waitForMachine,
        state: batch.JobStateTimeLimitActionsState.RUNNABLE,
        action: batch.JobStateTimeLimitActionsAction.CANCEL,
      })),
    });
    this.role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    this.job = new batch.EcsJobDefinition(this, 'Job', {
      container: new batch.EcsFargateContainerDefinition(this, 'Container', {
        image: props.image,
        cpu: vcpu,
        memory: Size.gibibytes(props.memoryGiB),
        jobRole: this.role,
        environment: { ...props.environment, HEADROOM_WORKERS: String(workers) },
        logging: LogDriver.awsLogs({ streamPrefix: 'headroom', logGroup: this.logGroup() }),
      }),
      // A second attempt would load the cluster twice; the state machine decides.
      retryAttempts: 1,
      timeout: Duration.seconds(props.jobSeconds),
    });
  }

  private logGroup(): logs.LogGroup {
    return new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}

/** Subnets without a way out cannot pull an image nor ask AWS where the brokers are. */
export function hasWayOut(cluster: KafkaCluster): boolean {
  return cluster.network.clientSubnets.some((subnet) => !cluster.network.brokerSubnets.includes(subnet));
}
