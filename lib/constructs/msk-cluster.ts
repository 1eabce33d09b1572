/** An MSK cluster of Standard brokers in KRaft mode: broker count and zones from the plan, sizes from the user. */
import * as logs from 'aws-cdk-lib/aws-logs';
import * as msk from 'aws-cdk-lib/aws-msk';
import { RemovalPolicy, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ClusterPlan } from '../plan/types.ts';
import type { BrokerNetwork } from './broker-network.ts';

export interface MskClusterProps {
  readonly plan: ClusterPlan;
  readonly network: BrokerNetwork;
  /** Unique in the account and region; create-only, so a change that replaces the cluster needs another one. */
  readonly clusterName: string;
  /** Such as `kafka.m7g.large`. */
  readonly instanceType: string;
  /** Disk of one broker, 1 to 16384 GiB. */
  readonly volumeGiB: number;
  /** Throughput bought for each volume beyond what the type gives; 0 buys none. */
  readonly throughputMiBps: number;
  /** MSK's name of the version, such as `4.1.x.kraft`. */
  readonly kafkaVersion: string;
}

export class MskCluster extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: MskClusterProps) {
    super(scope, id);
    const configuration = new msk.CfnConfiguration(this, 'Configuration', {
      name: props.clusterName,
      kafkaVersionsList: [props.kafkaVersion],
      serverProperties: serverProperties(props.plan),
    });
    const brokerLogs = new logs.LogGroup(this, 'BrokerLogs', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const cluster = new msk.CfnCluster(this, 'Cluster', {
      clusterName: props.clusterName,
      kafkaVersion: props.kafkaVersion,
      // The total over the zones, not the number in each.
      numberOfBrokerNodes: props.plan.brokers,
      brokerNodeGroupInfo: {
        brokerAzDistribution: 'DEFAULT',
        clientSubnets: [...props.network.subnetIds],
        instanceType: props.instanceType,
        securityGroups: [props.network.brokers.securityGroupId],
        storageInfo: { ebsStorageInfo: { volumeSize: props.volumeGiB, ...provisionedThroughput(props) } },
      },
      configurationInfo: {
        arn: configuration.attrArn,
        revision: Token.asNumber(configuration.getAtt('LatestRevision.Revision')),
      },
      clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
      // At rest the disks are encrypted with the account's own MSK key, which MSK does by itself.
      encryptionInfo: { encryptionInTransit: { clientBroker: 'TLS', inCluster: true } },
      enhancedMonitoring: 'DEFAULT',
      loggingInfo: { brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: brokerLogs.logGroupName } } },
    });
    cluster.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.arn = cluster.attrArn;
  }
}

function provisionedThroughput({ throughputMiBps }: MskClusterProps): object {
  if (throughputMiBps === 0) return {};
  return { provisionedThroughput: { enabled: true, volumeThroughput: throughputMiBps } };
}

/**
 * Broker settings that a promise rests on, pinned against MSK's defaults: MSK elects unclean leaders unless told not to.
 * Topics of the plan state their own replication and min.insync.replicas; these hold for all others, such as internal ones.
 */
export function serverProperties(plan: ClusterPlan): string {
  const replicas = Math.min(3, plan.brokers);
  return [
    'auto.create.topics.enable=false',
    `default.replication.factor=${replicas}`,
    `min.insync.replicas=${Math.max(1, replicas - 1)}`,
    'unclean.leader.election.enable=false',
    '',
  ].join('\n');
}
