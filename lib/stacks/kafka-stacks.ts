/** All stacks of a plan: the network unless it is there, the cluster in it, what watches it, and what proves it every night. */
import type { StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { BrokerNetwork, ExistingVpc } from '../constructs/broker-network.ts';
import type { KafkaCluster } from '../constructs/kafka-cluster.ts';
import { HeadroomError } from '../errors.ts';
import type { Plan } from '../plan/types.ts';
import { BenchStack, type BenchStackProps } from './bench-stack.ts';
import { Ec2Stack, type Ec2StackProps } from './ec2-stack.ts';
import { MonitoringStack, type MonitoringStackProps } from './monitoring-stack.ts';
import type { MskStackProps } from './msk-props.ts';
import { MskStack } from './msk-stack.ts';
import { NetworkStack } from './network-stack.ts';

export interface KafkaStacksProps {
  readonly plan: Plan;
  /**
   * Account and region.
   *
   * @default - those of the deployment
   */
  readonly env?: NonNullable<StackProps['env']>;
  /**
   * Names of the zones, as many as the plan spreads over.
   *
   * @default - the first ones of the region
   */
  readonly availabilityZones?: readonly string[];
  /**
   * The VPC to use.
   *
   * @default - one of its own
   */
  readonly existingVpc?: ExistingVpc;
  /**
   * How to make a cluster of MSK.
   *
   * @default - as the plan says
   */
  readonly msk?: Omit<MskStackProps, 'plan' | 'network'>;
  /**
   * What a cluster on EC2 needs beside the plan: the image and the software of its nodes.
   *
   * @default - none, and a plan for EC2 is refused
   */
  readonly ec2?: Omit<Ec2StackProps, 'plan' | 'network'>;
  /**
   * Whom alarms tell, and where their runbooks are.
   *
   * @default - topics that nobody is subscribed to yet
   */
  readonly monitoring?: Omit<MonitoringStackProps, 'plan' | 'cluster'>;
  /**
   * The nightly bench of the cluster; a network of ours gets a way out for it.
   *
   * @default - none
   */
  readonly bench?: Omit<BenchStackProps, 'plan' | 'cluster'>;
}

export interface KafkaStacks {
  readonly cluster: KafkaCluster;
}

/** Throws USAGE, with what to change, when the plan cannot become stacks. */
export function addKafkaStacks(scope: Construct, props: KafkaStacksProps): KafkaStacks {
  const { plan, availabilityZones } = props;
  const name = `headroom-${plan.useCase}`;
  const common: StackProps = props.env === undefined ? {} : { env: props.env };
  const network =
    props.existingVpc ??
    new NetworkStack(scope, `${name}-network`, {
      ...common,
      zones: plan.cluster.zones,
      ...(availabilityZones === undefined ? {} : { availabilityZones }),
      outbound: props.bench !== undefined,
    }).network;
  const { cluster } = clusterStack(scope, `${name}-cluster`, { ...props, network, common });
  new MonitoringStack(scope, `${name}-monitoring`, { ...common, ...props.monitoring, plan, cluster });
  if (props.bench !== undefined) new BenchStack(scope, `${name}-bench`, { ...common, ...props.bench, plan, cluster });
  return { cluster };
}

interface Parts extends KafkaStacksProps {
  readonly network: BrokerNetwork | ExistingVpc;
  readonly common: StackProps;
}

function clusterStack(scope: Construct, id: string, { plan, network, common, msk, ec2 }: Parts): KafkaStacks {
  const { target } = plan.cluster;
  if (target === 'existing')
    throw new HeadroomError('USAGE', 'cluster.target: existing has no stack, because its cluster is already there', {
      hint: 'choose a target to build: -c target=msk, msk-express, msk-serverless or ec2',
    });
  if (target !== 'ec2') return new MskStack(scope, id, { ...common, ...msk, plan, network });
  if (ec2 === undefined)
    throw new HeadroomError(
      'USAGE',
      'cluster.target: ec2 needs the image and the software of its nodes, none is named',
      {
        hint: 'name them with -c imageId=ami-... -c artifacts=FILE, as docs/deploy.md shows',
      },
    );
  return new Ec2Stack(scope, id, { ...common, ...ec2, plan, network });
}
