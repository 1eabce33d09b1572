/** All stacks of a plan: the network unless it is there, then the cluster in it. */
import type { StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ExistingVpc } from '../constructs/broker-network.ts';
import type { KafkaCluster } from '../constructs/kafka-cluster.ts';
import { HeadroomError } from '../errors.ts';
import type { Plan } from '../plan/types.ts';
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
}

export interface KafkaStacks {
  readonly cluster: KafkaCluster;
}

/** Throws USAGE, with what to change, when the plan cannot become stacks. */
export function addKafkaStacks(scope: Construct, props: KafkaStacksProps): KafkaStacks {
  const { plan, env, availabilityZones, existingVpc } = props;
  const name = `headroom-${plan.useCase}`;
  const common: StackProps = env === undefined ? {} : { env };
  const network =
    existingVpc ??
    new NetworkStack(scope, `${name}-network`, {
      ...common,
      zones: plan.cluster.zones,
      ...(availabilityZones === undefined ? {} : { availabilityZones }),
    }).network;
  return clusterStack(scope, `${name}-cluster`, { ...common, ...props.msk, plan, network });
}

function clusterStack(scope: Construct, id: string, props: MskStackProps): KafkaStacks {
  const { target } = props.plan.cluster;
  if (target === 'existing')
    throw new HeadroomError('USAGE', 'cluster.target: existing has no stack, because its cluster is already there', {
      hint: 'choose a target to build: -c target=msk, msk-express, msk-serverless or ec2',
    });
  return new MskStack(scope, id, props);
}
