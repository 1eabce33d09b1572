/** An MSK Serverless cluster: nothing to size, IAM only, no broker to observe. */
import * as msk from 'aws-cdk-lib/aws-msk';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { MskKafka, type MskKafkaProps } from './msk-kafka.ts';

export class MskServerless extends MskKafka {
  readonly kind = 'msk-serverless';
  readonly clusterArn: string;
  readonly exporterPorts = null;
  protected readonly configurationArn = null;

  constructor(scope: Construct, id: string, props: MskKafkaProps) {
    super(scope, id, props, []);
    const cluster = new msk.CfnServerlessCluster(this, 'Cluster', {
      clusterName: props.clusterName,
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      vpcConfigs: [
        {
          subnetIds: props.network.brokerSubnets.map(({ subnetId }) => subnetId),
          securityGroups: this.connections.securityGroups.map(({ securityGroupId }) => securityGroupId),
        },
      ],
    });
    cluster.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.clusterArn = cluster.attrArn;
  }
}
