/** The network of a cluster: one isolated subnet a zone, and who may reach the brokers on which port. */
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** Listener of MSK for clients that authenticate with IAM, inside the network. */
export const iamListenerPort = 9098;

export interface BrokerNetworkProps {
  /** Number of zones the brokers spread over. */
  readonly zones: number;
  /**
   * Names of the zones, as many as `zones`, such as `us-east-1a`.
   *
   * @default - the first zones that `Fn::GetAZs` gives in the region of the deployment
   */
  readonly availabilityZones?: readonly string[];
}

export class BrokerNetwork extends Construct {
  readonly vpc: ec2.Vpc;
  /** One a zone, in the order of the zones. */
  readonly subnetIds: readonly string[];
  readonly brokers: ec2.SecurityGroup;
  /** Whoever carries this group may reach the brokers. */
  readonly clients: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, props: BrokerNetworkProps) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      // Without explicit zones, CDK sees only two of them in a stack that knows no account.
      availabilityZones: [...(props.availabilityZones ?? firstZones(props.zones))],
      natGateways: 0,
      subnetConfiguration: [{ name: 'Brokers', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      // Nothing uses the default group; restricting it would bring a Lambda into the stack.
      restrictDefaultSecurityGroup: false,
    });
    this.subnetIds = this.vpc.isolatedSubnets.map((subnet) => subnet.subnetId);
    // Vpc declares an optional member that may be undefined, which IVpc forbids under exactOptionalPropertyTypes.
    const vpc = this.vpc as ec2.IVpc;
    this.brokers = new ec2.SecurityGroup(this, 'Brokers', { vpc, description: 'Kafka brokers' });
    this.clients = new ec2.SecurityGroup(this, 'Clients', { vpc, description: 'Kafka clients' });
    this.brokers.addIngressRule(this.brokers, ec2.Port.allTraffic(), 'between brokers');
    this.brokers.addIngressRule(this.clients, ec2.Port.tcp(iamListenerPort), 'clients with IAM over TLS');
  }
}

function firstZones(count: number): string[] {
  return Array.from({ length: count }, (_, index) => Fn.select(index, Fn.getAzs()));
}
