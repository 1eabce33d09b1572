/** The network of a cluster in a stack of its own: it outlives clusters, and several of them may share it. */
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { BrokerNetwork, type BrokerNetworkProps } from '../constructs/broker-network.ts';

export interface NetworkStackProps extends StackProps, BrokerNetworkProps {}

export class NetworkStack extends Stack {
  readonly network: BrokerNetwork;

  /** Throws USAGE, with every fault, when zones and subnets do not match. */
  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, { description: 'Network of a Kafka cluster', terminationProtection: true, ...props });
    this.network = new BrokerNetwork(this, 'Network', props);
  }
}
