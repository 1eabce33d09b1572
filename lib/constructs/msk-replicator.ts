/**
 * Copies topics and the offsets of their groups from one MSK cluster to another: the way to a new `generation`, when a change
 * would replace a cluster. Names stay, so that clients only change where they connect. Never run on AWS by us.
 */
import * as iam from 'aws-cdk-lib/aws-iam';
import * as msk from 'aws-cdk-lib/aws-msk';
import { Construct } from 'constructs';
import { HeadroomError } from '../errors.ts';
import { mskReplicatorLimits } from '../plan/facts/msk-limits.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { type CopiedNames, grantMskCopy } from './msk-grants.ts';

export interface MskReplicatorProps extends CopiedNames {
  /** Both of MSK, in one region, open to clients that use IAM. */
  readonly from: KafkaCluster;
  readonly to: KafkaCluster;
  /**
   * Where copying begins.
   *
   * @default 'EARLIEST', everything that is retained
   */
  readonly startingPosition?: 'EARLIEST' | 'LATEST';
}

export class MskReplicator extends Construct {
  readonly role: iam.Role;

  /** Throws USAGE when a cluster has no ARN, is its own target, or when names are missing or too many. */
  constructor(scope: Construct, id: string, props: MskReplicatorProps) {
    super(scope, id);
    const { from, to, topics, groups } = props;
    const [source, target] = [requireArn('from', from), requireArn('to', to)];
    requireNames(props);
    this.role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('kafka.amazonaws.com') });
    const granted = [
      grantMskCopy(this.role, source, 'from', { topics, groups }),
      grantMskCopy(this.role, target, 'to', { topics, groups }),
    ];
    const replicator = new msk.CfnReplicator(this, 'Replicator', {
      replicatorName: `${from.clusterName}-to-${to.clusterName}`,
      serviceExecutionRoleArn: this.role.roleArn,
      kafkaClusters: [from, to].map((cluster) => ({
        amazonMskCluster: { mskClusterArn: cluster.clusterArn ?? '' },
        vpcConfig: {
          subnetIds: cluster.network.brokerSubnets.map(({ subnetId }) => subnetId),
          securityGroupIds: [cluster.clients.securityGroupId],
        },
      })),
      replicationInfoList: [
        {
          sourceKafkaClusterArn: source,
          targetKafkaClusterArn: target,
          targetCompressionType: 'NONE',
          topicReplication: {
            topicsToReplicate: topics.map(exactly),
            copyTopicConfigurations: true,
            detectAndCopyNewTopics: false,
            topicNameConfiguration: { type: 'IDENTICAL' },
            startingPosition: { type: props.startingPosition ?? 'EARLIEST' },
          },
          consumerGroupReplication: {
            consumerGroupsToReplicate: groups.map(exactly),
            detectAndCopyNewConsumerGroups: false,
            synchroniseConsumerGroupOffsets: true,
          },
        },
      ],
    });
    // MSK looks at the role while it makes the replicator.
    for (const grant of granted) grant.applyBefore(replicator);
  }
}

/** MSK takes patterns. */
function exactly(name: string): string {
  return name.replaceAll('.', '\\.');
}

function requireArn(side: 'from' | 'to', { clusterArn, kind }: KafkaCluster): string {
  if (clusterArn !== null) return clusterArn;
  throw new HeadroomError('USAGE', `${side}: a replicator copies between clusters of MSK, ${kind} has no ARN`, {
    hint: 'use MirrorMaker for clusters on EC2',
  });
}

function requireNames({ from, to, topics, groups }: MskReplicatorProps): void {
  const most = mskReplicatorLimits.topicsPerReplicator.value ?? Number.NaN;
  const faults = [
    ...(from.clusterName === to.clusterName ? [`to: the same cluster, ${to.clusterName}`] : []),
    ...(topics.length >= 1 && topics.length <= most ? [] : [`topics: 1 to ${most}, got ${topics.length}`]),
    ...(groups.length >= 1 ? [] : ['groups: at least one, got none']),
  ];
  if (faults.length > 0)
    throw new HeadroomError('USAGE', `the replicator cannot be made:\n${faults.map((one) => `  ${one}`).join('\n')}`, {
      hint: 'name the topics and groups of the plan',
    });
}
