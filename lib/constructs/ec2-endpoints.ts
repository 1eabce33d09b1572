/** Ways from subnets without the internet to the APIs that a node needs: to boot, to signal, to be administered. */
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { BrokerNetwork } from './broker-network.ts';

const services = {
  Ec2: ec2.InterfaceVpcEndpointAwsService.EC2,
  SecretsManager: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  CloudFormation: ec2.InterfaceVpcEndpointAwsService.CLOUDFORMATION,
  Ssm: ec2.InterfaceVpcEndpointAwsService.SSM,
  SsmMessages: ec2.InterfaceVpcEndpointAwsService.SSM_MESSAGES,
  Ec2Messages: ec2.InterfaceVpcEndpointAwsService.EC2_MESSAGES,
} as const;

export interface Ec2EndpointsProps {
  readonly network: BrokerNetwork;
  /** Who may use them. */
  readonly nodes: ec2.ISecurityGroup;
}

export class Ec2Endpoints extends Construct {
  constructor(scope: Construct, id: string, { network, nodes }: Ec2EndpointsProps) {
    super(scope, id);
    const { vpc } = network;
    const group = new ec2.SecurityGroup(this, 'Group', {
      vpc,
      description: 'AWS APIs for Kafka nodes',
      allowAllOutbound: false,
    });
    group.addIngressRule(nodes, ec2.Port.tcp(443), 'Kafka nodes');
    for (const [name, service] of Object.entries(services))
      new ec2.InterfaceVpcEndpoint(this, name, {
        vpc,
        service,
        subnets: { subnets: [...network.brokerSubnets] },
        securityGroups: [group],
        open: false,
      });
  }
}
