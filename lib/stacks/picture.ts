/**
 * The stacks as a picture, drawn from their templates and not from what somebody remembers of them: a box a kind of
 * resource, an arrow where one names another. Mermaid, which GitHub draws; the same templates give the same text.
 */
import { counted } from '../units.ts';
import { exportsOf, type NamedTemplate, referencesIn } from './references.ts';
import { numberAt, type Properties, type TemplateResource, TemplateSet, textAt } from './rules/rule.ts';

/** What is worth a box, by type: how many of it in words, from the properties of the first. The rest only carries arrows. */
const drawn: Readonly<Record<string, (count: number, properties: Properties) => string>> = {
  'AWS::EC2::VPC': () => 'VPC',
  'AWS::EC2::Subnet': (n) => `${n} subnets`,
  'AWS::EC2::NatGateway': () => 'NAT gateway',
  'AWS::MSK::Cluster': (_, properties) =>
    `MSK cluster<br>${numberAt(properties, 'NumberOfBrokerNodes')} x ${textAt(properties, 'BrokerNodeGroupInfo.InstanceType')}<br>Kafka ${textAt(properties, 'KafkaVersion')}`,
  'AWS::MSK::ServerlessCluster': () => 'MSK Serverless cluster',
  'AWS::MSK::Configuration': () => 'broker settings',
  'AWS::MSK::Topic': (n) => counted(n, 'topic'),
  'AWS::AutoScaling::AutoScalingGroup': (n) => `${n} nodes,<br>a group of one each`,
  'AWS::EC2::Volume': (n) => counted(n, 'retained volume'),
  'AWS::EC2::NetworkInterface': (n) => `${n} fixed addresses`,
  'AWS::Route53::HostedZone': () => 'private DNS',
  'AWS::SSM::Association': () => 'topics and access rules',
  'AWS::CloudWatch::Alarm': (n) => counted(n, 'alarm'),
  'AWS::CloudWatch::Dashboard': () => 'dashboard',
  'AWS::SNS::Topic': (n) => counted(n, 'SNS topic'),
  'AWS::APS::Workspace': () => 'managed Prometheus',
  'AWS::APS::Scraper': () => 'scraper',
  'AWS::Events::Rule': (n) => counted(n, 'event rule'),
  'AWS::StepFunctions::StateMachine': () => 'state machine',
  'AWS::Batch::JobQueue': () => 'Batch queue',
  'AWS::Batch::JobDefinition': () => 'job: headroom prove',
  'AWS::S3::Bucket': () => 'results, versioned',
};
const order = ['network', 'cluster', 'monitoring', 'bench'];

/** A Mermaid flowchart, without the fence around it. */
export function pictureOf(templates: readonly NamedTemplate[]): string {
  const { resources } = new TemplateSet(templates);
  const stacks = [...new Set(resources.map(({ templatePath }) => templatePath))].toSorted(
    (one, other) => place(one) - place(other),
  );
  return [
    'flowchart LR',
    ...stacks.flatMap((stack) => [
      `  subgraph ${shortName(stack)}`,
      ...boxes(resources.filter(({ templatePath }) => templatePath === stack)),
      '  end',
    ]),
    ...arrows(resources, exportsOf(templates)),
    '',
  ].join('\n');
}

function boxes(resources: readonly TemplateResource[]): readonly string[] {
  return Object.entries(drawn).flatMap(([type, label]) => {
    const alike = resources.filter((resource) => resource.type === type);
    const [first] = alike;
    return first === undefined ? [] : [`    ${boxOf(first)}["${label(alike.length, first.properties)}"]`];
  });
}

/** From each box to those that its resources name, also by way of resources without a box, such as roles. */
function arrows(resources: readonly TemplateResource[], exports: ReadonlyMap<string, string>): readonly string[] {
  const clusters = new Map(
    resources.map((resource) => [textAt(resource.properties, 'ClusterName') ?? '', keyOf(resource)]),
  );
  const byKey = new Map(resources.map((resource) => [keyOf(resource), resource]));
  const named = (resource: TemplateResource): readonly TemplateResource[] =>
    [...referencesIn(resource.properties), ...watchedBy(resource)].flatMap((name) => {
      const found = byKey.get(exports.get(name) ?? clusters.get(name) ?? `${resource.templatePath} ${name}`);
      return found === undefined || found === resource ? [] : [found];
    });
  const reached = (resource: TemplateResource, seen: Set<TemplateResource>): readonly TemplateResource[] =>
    named(resource).flatMap((next) => {
      if (seen.has(next)) return [];
      seen.add(next);
      return next.type in drawn ? [next] : reached(next, seen);
    });
  const lines = resources
    .filter(({ type }) => type in drawn)
    .flatMap((from) =>
      reached(from, new Set([from]))
        .filter((to) => boxOf(to) !== boxOf(from))
        .map((to) => `  ${boxOf(from)} --> ${boxOf(to)}`),
    );
  return [...new Set(lines)].toSorted();
}

/** An alarm names its cluster by the text of a dimension, which is no reference. */
function watchedBy({ type, properties }: TemplateResource): readonly string[] {
  if (type !== 'AWS::CloudWatch::Alarm') return [];
  const texts = [...JSON.stringify(properties).matchAll(/"Name":"Cluster Name","Value":"([^"]+)"/g)];
  return texts.map(([, name]) => name ?? '');
}

function boxOf({ templatePath, type }: TemplateResource): string {
  return `${shortName(templatePath)}_${type.split('::').slice(1).join('_')}`;
}

function shortName(stack: string): string {
  return stack.split('-').at(-1) ?? stack;
}

function place(stack: string): number {
  return order.indexOf(shortName(stack));
}

function keyOf({ templatePath, logicalId }: TemplateResource): string {
  return `${templatePath} ${logicalId}`;
}
