/** What the clusters of MSK have in common: IAM over TLS on one port, grants by ARN, bootstrap brokers on request. */
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { BrokerAccess } from './broker-access.ts';
import type { BrokerNetwork } from './broker-network.ts';
import type { ExporterPorts, KafkaCluster, KafkaClusterKind } from './kafka-cluster.ts';
import { grantMskConsume, grantMskDescribe, grantMskProduce, grantMskTest } from './msk-grants.ts';

/** Listeners inside the network, by Amazon MSK developer guide, port information. */
export const iamListenerPort = 9098;
export const scramListenerPort = 9096;

export interface MskKafkaProps {
  readonly network: BrokerNetwork;
  /** Unique in the account and region; create-only, so a change that replaces the cluster needs another one. */
  readonly clusterName: string;
}

export abstract class MskKafka extends Construct implements KafkaCluster {
  abstract readonly kind: KafkaClusterKind;
  abstract readonly clusterArn: string;
  /** Of the broker settings; null where AWS keeps them. */
  protected abstract readonly configurationArn: string | null;
  abstract readonly exporterPorts: ExporterPorts | null;
  readonly watchedNodes = null;
  readonly clusterName: string;
  readonly network: BrokerNetwork;
  readonly connections: ec2.Connections;
  readonly clients: ec2.ISecurityGroup;
  readonly clientPort = iamListenerPort;
  readonly bootstrapServers = null;

  constructor(scope: Construct, id: string, { network, clusterName }: MskKafkaProps, morePorts: readonly number[]) {
    super(scope, id);
    this.network = network;
    this.clusterName = clusterName;
    const access = new BrokerAccess(this, 'Access', { network, clientPorts: [iamListenerPort, ...morePorts] });
    this.clients = access.clients;
    this.connections = access.connections;
  }

  grantDescribe(grantee: iam.IGrantable): iam.Grant {
    return grantMskDescribe(grantee, this.clusterArn, this.configurationArn);
  }

  grantProduce(grantee: iam.IGrantable, topicName: string): iam.Grant {
    return grantMskProduce(grantee, this.clusterArn, topicName);
  }

  grantConsume(grantee: iam.IGrantable, topicName: string, groupName: string): iam.Grant {
    return grantMskConsume(grantee, this.clusterArn, { topic: topicName, group: groupName });
  }

  grantTest(grantee: iam.IGrantable, prefix: string): iam.Grant {
    return grantMskTest(grantee, this.clusterArn, prefix);
  }
}
