/** An MSK cluster of Standard or Express brokers in KRaft mode. */
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as msk from 'aws-cdk-lib/aws-msk';
import { RemovalPolicy, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ClusterPlan } from '../plan/types.ts';
import { expressProperties, standardProperties } from './msk-configuration.ts';
import { MskKafka, type MskKafkaProps, scramListenerPort } from './msk-kafka.ts';
import { MskScramUsers } from './msk-scram.ts';

/** Disks of Standard brokers; Express has none to choose. */
export interface StandardStorage {
  /** Disk of one broker, 1 to 16384 GiB. */
  readonly volumeGiB: number;
  /** Throughput bought for each volume beyond what the type gives; 0 buys none. */
  readonly throughputMiBps: number;
  /** Older segments move to cheaper storage. */
  readonly tiered: boolean;
}

export interface MskClusterProps extends MskKafkaProps {
  readonly plan: Pick<ClusterPlan, 'brokers'>;
  /** Such as `kafka.m7g.large`, or `express.m7g.large` for Express brokers. */
  readonly instanceType: string;
  /** Null for Express brokers, and only for them. */
  readonly storage: StandardStorage | null;
  /** MSK's name of the version, such as `4.1.x.kraft`. */
  readonly kafkaVersion: string;
  /**
   * Names of users who log in by password (SASL/SCRAM) beside the clients that use IAM.
   *
   * @default - none, IAM only
   */
  readonly scramUsers?: readonly string[];
  /**
   * Key that encrypts the disks.
   *
   * @default - the account's own key of MSK, which AWS manages
   */
  readonly encryptionKey?: kms.IKey;
  /**
   * Which metrics go to CloudWatch: alarms per broker need PER_BROKER; PER_TOPIC_PER_BROKER and PER_TOPIC_PER_PARTITION
   * cost more with each topic.
   *
   * @default 'PER_BROKER'
   */
  readonly monitoringLevel?: MonitoringLevel;
}

export const monitoringLevels = ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'] as const;
export type MonitoringLevel = (typeof monitoringLevels)[number];

export class MskCluster extends MskKafka {
  readonly kind: 'msk' | 'msk-express';
  readonly clusterArn: string;
  readonly exporterPorts = { jmx: 11001, node: 11002 };
  protected readonly configurationArn: string;
  /** Where the brokers write their logs. */
  readonly brokerLogs: logs.LogGroup;

  constructor(scope: Construct, id: string, props: MskClusterProps) {
    const { scramUsers = [] } = props;
    super(scope, id, props, scramUsers.length > 0 ? [scramListenerPort] : []);
    this.kind = props.storage === null ? 'msk-express' : 'msk';
    this.brokerLogs = new logs.LogGroup(this, 'BrokerLogs', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const configuration = this.createConfiguration(props);
    this.configurationArn = configuration.attrArn;
    const cluster = new msk.CfnCluster(this, 'Cluster', {
      clusterName: props.clusterName,
      kafkaVersion: props.kafkaVersion,
      // The total over the zones, not the number in each.
      numberOfBrokerNodes: props.plan.brokers,
      brokerNodeGroupInfo: this.nodes(props),
      configurationInfo: {
        arn: configuration.attrArn,
        revision: Token.asNumber(configuration.getAtt('LatestRevision.Revision')),
      },
      clientAuthentication: {
        sasl: { iam: { enabled: true }, ...(scramUsers.length > 0 ? { scram: { enabled: true } } : {}) },
        unauthenticated: { enabled: false },
      },
      ...security(props),
      ...this.observation(props),
      ...storageMode(props),
    });
    cluster.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.clusterArn = cluster.attrArn;
    if (scramUsers.length > 0) new MskScramUsers(this, 'Scram', { ...props, clusterArn: cluster.attrArn, scramUsers });
  }

  private nodes({ instanceType, network, storage }: MskClusterProps): msk.CfnCluster.BrokerNodeGroupInfoProperty {
    return {
      brokerAzDistribution: 'DEFAULT',
      clientSubnets: network.brokerSubnets.map(({ subnetId }) => subnetId),
      instanceType,
      securityGroups: this.connections.securityGroups.map(({ securityGroupId }) => securityGroupId),
      ...(storage === null ? {} : { storageInfo: { ebsStorageInfo: volume(storage) } }),
    };
  }

  private createConfiguration(props: MskClusterProps): msk.CfnConfiguration {
    const { clusterName, storage } = props;
    // For every version: a list of versions is create-only, and an upgrade would have to replace what the cluster still uses.
    return new msk.CfnConfiguration(this, 'Configuration', {
      name: clusterName,
      serverProperties: storage === null ? expressProperties() : standardProperties({ ...props, ...storage }),
    });
  }

  private observation({ monitoringLevel = 'PER_BROKER' }: MskClusterProps): Observation {
    return {
      enhancedMonitoring: monitoringLevel,
      openMonitoring: {
        prometheus: { jmxExporter: { enabledInBroker: true }, nodeExporter: { enabledInBroker: true } },
      },
      loggingInfo: { brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: this.brokerLogs.logGroupName } } },
    };
  }
}

type Observation = Pick<msk.CfnClusterProps, 'enhancedMonitoring' | 'openMonitoring' | 'loggingInfo'>;

/** Express spreads partitions by itself when told to; Standard brokers know no such setting, and neither the other's modes. */
function storageMode({ storage }: MskClusterProps): Pick<msk.CfnClusterProps, 'rebalancing' | 'storageMode'> {
  if (storage === null) return { rebalancing: { status: 'ACTIVE' } };
  return storage.tiered ? { storageMode: 'TIERED' } : {};
}

function security({ encryptionKey }: MskClusterProps): Pick<msk.CfnClusterProps, 'encryptionInfo'> {
  return {
    encryptionInfo: {
      encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
      ...(encryptionKey === undefined ? {} : { encryptionAtRest: { dataVolumeKmsKeyId: encryptionKey.keyArn } }),
    },
  };
}

function volume({ volumeGiB, throughputMiBps }: StandardStorage): msk.CfnCluster.EBSStorageInfoProperty {
  if (throughputMiBps === 0) return { volumeSize: volumeGiB };
  return { volumeSize: volumeGiB, provisionedThroughput: { enabled: true, volumeThroughput: throughputMiBps } };
}
