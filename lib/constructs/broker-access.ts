/** Who may reach the brokers on which port: the brokers among themselves, and whoever carries the clients' group. */
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { BrokerNetwork } from './broker-network.ts';

export interface BrokerAccessProps {
  readonly network: BrokerNetwork;
  /** Ports of the listeners for clients; the first is the default port of `connections`. */
  readonly clientPorts: readonly [number, ...number[]];
}

export class BrokerAccess extends Construct {
  readonly brokers: ec2.SecurityGroup;
  readonly clients: ec2.SecurityGroup;
  /** Of the brokers, with the first client port as default. */
  readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, { network, clientPorts }: BrokerAccessProps) {
    super(scope, id);
    const { vpc } = network;
    this.brokers = new ec2.SecurityGroup(this, 'Brokers', { vpc, description: 'Kafka brokers' });
    this.clients = new ec2.SecurityGroup(this, 'Clients', { vpc, description: 'Kafka clients' });
    this.brokers.addIngressRule(this.brokers, ec2.Port.allTraffic(), 'between brokers');
    for (const port of clientPorts)
      this.brokers.addIngressRule(this.clients, ec2.Port.tcp(port), `clients on listener ${port}`);
    this.connections = new ec2.Connections({
      securityGroups: [this.brokers],
      defaultPort: ec2.Port.tcp(clientPorts[0]),
    });
  }
}
