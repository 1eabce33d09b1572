/** A self-managed Kafka cluster on EC2, from a plan. */

import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnOutput, Lazy, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type BrokerNetwork, type ExistingVpc, networkIn } from '../constructs/broker-network.ts';
import type { Ec2Artifacts } from '../constructs/ec2-artifacts.ts';
import { Ec2Cluster } from '../constructs/ec2-cluster.ts';
import { type ControllerLayout, planNodes } from '../constructs/ec2-nodes.ts';
import { HeadroomError } from '../errors.ts';
import type { Plan } from '../plan/types.ts';
import { ec2StackFaults } from './ec2-faults.ts';

export interface Ec2StackProps extends StackProps {
  /** A plan with target `ec2` and gp3 volumes. */
  readonly plan: Plan;
  /** Of its own, or the ids of what is there. */
  readonly network: BrokerNetwork | ExistingVpc;
  /**
   * Amazon Linux 2023 image for the processor of the plan's instances, such as `ami-0a1b2c3d`. Named and never looked up:
   * a newer image replaces every node, which is to happen on purpose.
   */
  readonly imageId: string;
  readonly artifacts: Ec2Artifacts;
  /**
   * Where the quorum lives.
   *
   * @default 'dedicated', as the plan prices it
   */
  readonly controllers?: ControllerLayout;
  /**
   * Raised by one for a new cluster beside an old one of the same use case: ids, names and secrets are made of it.
   *
   * @default 1
   */
  readonly generation?: number;
  /**
   * Node id -> generation of its volume. Raised by one for a node whose volume is lost: it gets an empty one and fills it
   * from the other replicas.
   *
   * @default - 1 for every node
   */
  readonly volumeGenerations?: Readonly<Record<number, number>>;
  /**
   * Whether to make VPC endpoints for the AWS APIs that nodes need.
   *
   * @default - true in a VPC of our own, false in one that exists
   */
  readonly endpoints?: boolean;
}

export class Ec2Stack extends Stack {
  readonly cluster: Ec2Cluster;

  /** Throws USAGE, with every fault, when the plan or a prop cannot become a cluster on EC2. */
  constructor(scope: Construct, id: string, props: Ec2StackProps) {
    const { plan, imageId, artifacts } = props;
    const clusterName = `${plan.useCase}-${props.generation ?? 1}`;
    refuseFaults(ec2StackFaults(props, clusterName));
    super(scope, id, { description: plan.description.slice(0, 250), terminationProtection: true, ...props });
    const network = networkIn(this, props.network, plan.cluster.zones);
    const nodes = planNodes(plan, {
      controllers: props.controllers ?? 'dedicated',
      volumeGenerations: props.volumeGenerations ?? {},
    });
    this.cluster = new Ec2Cluster(this, 'Kafka', {
      plan,
      nodes,
      network,
      clusterName,
      imageId,
      artifacts,
      endpoints: props.endpoints ?? network.vpc instanceof ec2.Vpc,
    });
    new CfnOutput(this, 'BootstrapServers', { value: this.cluster.bootstrapServers });
    new CfnOutput(this, 'ClientSecurityGroupId', { value: this.cluster.clients.securityGroupId });
    new CfnOutput(this, 'CertificateSecrets', {
      description: 'Must hold certificates before the first deployment; scripts/make-certificates.sh makes them',
      // Grants may follow the stack.
      value: Lazy.string({ produce: () => this.cluster.certificateSecrets.join(' ') }),
    });
  }
}

function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0)
    throw new HeadroomError('USAGE', `the stack cannot be made:\n${faults.map((fault) => `  ${fault}`).join('\n')}`, {
      hint: 'change the use case file or what the app is told, as docs/deploy.md shows for EC2',
    });
}
