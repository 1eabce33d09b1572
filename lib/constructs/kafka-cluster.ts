/**
 * What every cluster of ours offers, whichever target it runs on: who may reach it, who may use which topic, where it is
 * observed. Monitoring, the nightly bench and applications know a cluster by this alone.
 */
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { ClusterPlan } from '../plan/types.ts';
import type { BrokerNetwork } from './broker-network.ts';

/** Targets that have a stack; a cluster that exists already has none. */
export type KafkaClusterKind = Exclude<ClusterPlan['target'], 'existing'>;

/** Ports where Prometheus reads a broker. */
export interface ExporterPorts {
  readonly jmx: number;
  readonly node: number;
}

/** A node whose exporters Prometheus reads, by Kafka's id. */
export interface WatchedNode {
  readonly id: number;
  readonly host: string;
}

export interface KafkaCluster extends ec2.IConnectable {
  readonly kind: KafkaClusterKind;
  /** Value of the CloudWatch dimension `Cluster Name`; unique in account and region. */
  readonly clusterName: string;
  /** Of the MSK cluster; null on EC2, which has none. */
  readonly clusterArn: string | null;
  readonly network: BrokerNetwork;
  /** The brokers' security groups; the default port is `clientPort`. */
  readonly connections: ec2.Connections;
  /** Whoever carries this group may reach the brokers on `clientPort`. */
  readonly clients: ec2.ISecurityGroup;
  /** Port of the listener for clients inside the network. */
  readonly clientPort: number;
  /** `host:port,...`; null where MSK gives it only when asked (GetBootstrapBrokers): `grantDescribe` allows that. */
  readonly bootstrapServers: string | null;
  /** Null where there is nothing to read, as on Serverless. */
  readonly exporterPorts: ExporterPorts | null;
  /** Every node to read, controllers too: without them nobody would see the quorum. Null where MSK names brokers only when asked. */
  readonly watchedNodes: readonly WatchedNode[] | null;
  /** Lets the grantee ask where the brokers are and how they are set, nothing about data. */
  grantDescribe(grantee: iam.IGrantable): iam.Grant;
  /**
   * Lets the grantee write this one topic, idempotently too.
   * On EC2, where Kafka and not IAM authorises, it lets the grantee read the client's credentials.
   */
  grantProduce(grantee: iam.IGrantable, topicName: string): iam.Grant;
  /** Lets the grantee read this one topic as this one group, and commit; on EC2 as `grantProduce`. */
  grantConsume(grantee: iam.IGrantable, topicName: string, groupName: string): iam.Grant;
  /**
   * Lets the grantee create, use and delete topics and groups whose names start with the prefix, and nothing else:
   * what a load test of `headroom prove` needs. `prefix` has at least three characters.
   */
  grantTest(grantee: iam.IGrantable, prefix: string): iam.Grant;
}
