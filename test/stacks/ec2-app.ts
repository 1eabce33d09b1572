/** Synthesises the EC2 stack of a small use case, and renders a node's user data as CloudFormation would. */
import { Template } from 'aws-cdk-lib/assertions';
import type { App } from 'aws-cdk-lib/core';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Plan } from '../../lib/plan/types.ts';
import type { ClusterRequirement } from '../../lib/requirements/types.ts';
import { Ec2Stack, type Ec2StackProps } from '../../lib/stacks/ec2-stack.ts';
import { NetworkStack } from '../../lib/stacks/network-stack.ts';
import { topicOf, useCaseOf } from '../plan/use-cases.ts';
import { newApp } from './synthesise.ts';

export const artifacts = {
  bucketName: 'kafka-software',
  kafka: { key: 'kafka_2.13-4.3.1.tgz', sha512: 'a'.repeat(128) },
  jmxExporter: { key: 'jmx_prometheus_javaagent-1.0.1.jar', sha512: 'b'.repeat(128) },
  nodeExporter: { key: 'node_exporter.tar.gz', sha512: 'c'.repeat(128) },
} as const;

export const imageId = 'ami-0a1b2c3d4e5f60718';

export function ec2Plan(cluster: Partial<ClusterRequirement> = {}, topics = [topicOf()]): Plan {
  return planUseCase(useCaseOf(topics, { target: 'ec2', ...cluster }));
}

/** The stack and its network in an app of the caller's, to be synthesised there. */
export function ec2StackIn(app: App, plan: Plan, props: Partial<Ec2StackProps> = {}): Ec2Stack {
  const { network } = new NetworkStack(app, 'network', { zones: plan.cluster.zones });
  return new Ec2Stack(app, 'headroom', { plan, network, imageId, artifacts, ...props });
}

export function ec2Stack(plan: Plan = ec2Plan(), props: Partial<Ec2StackProps> = {}): Ec2Stack {
  return ec2StackIn(newApp(), plan, props);
}

export function ec2Template(plan?: Plan, props?: Partial<Ec2StackProps>): Template {
  return Template.fromStack(ec2Stack(plan, props));
}

/** Logical id of a resource -> what its Ref gives; what is not named gives the logical id itself. */
export type References = Readonly<Record<string, string>>;

/** The text of user data, with references resolved and Fn::Join and Fn::Sub carried out. */
export function userDataOf(template: Template, node: string, references: References = {}): string {
  const found = Object.entries(template.findResources('AWS::EC2::LaunchTemplate')).filter(([id]) =>
    new RegExp(`${node}Template`).test(id),
  );
  const [resource] = found.map(([, one]) => one);
  if (resource === undefined || found.length > 1) throw new Error(`${found.length} launch templates of ${node}`);
  return text(resource.Properties.LaunchTemplateData.UserData['Fn::Base64'], references);
}

function text(value: unknown, references: References): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = ['', null]] = Object.entries(value as Record<string, unknown>);
  if (name === 'Ref') return references[argument as string] ?? String(argument);
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map((part) => text(part, references)).join(separator);
  }
  if (name === 'Fn::Sub')
    return (argument as string).replaceAll(/\$\{([^}]+)\}/g, (_, id: string) => references[id] ?? id);
  throw new Error(`user data uses ${name}, which this rendering does not know`);
}
