/** The network of a cluster in a stack of its own: it outlives clusters, and several of them may share it. */
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { BrokerNetwork, type BrokerNetworkProps } from '../constructs/broker-network.ts';

/** A VPC that is there needs no stack: name it where a cluster asks for its network. */
export interface NetworkStackProps extends StackProps, Omit<BrokerNetworkProps, 'existing'> {}

export class NetworkStack extends Stack {
  readonly network: BrokerNetwork;

  /** Throws USAGE, with every fault, when zones do not match. */
  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, { description: 'Network of a Kafka cluster', terminationProtection: true, ...props });
    this.network = new BrokerNetwork(this, 'Network', props);
  }
}
