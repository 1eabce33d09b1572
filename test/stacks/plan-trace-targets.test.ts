/** The figures of the plan on the other targets and in what watches a cluster; on MSK Standard: plan-trace.test.ts. */
import { describe, expect, it } from 'vitest';
import type { ResourceUse } from '../../lib/plan/capacity/resources.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { diffTemplates } from '../../lib/stacks/changes/template-diff.ts';
import { TemplateSet } from '../../lib/stacks/rules/rule.ts';
import { artifacts, ec2Plan, imageId } from './ec2-app.ts';
import { planOf, synthesise } from './synthesise.ts';

const plans = {
  ec2: ec2Plan(),
  express: planOf({ target: 'msk-express', brokers: null }),
  serverless: planOf({ target: 'msk-serverless', brokers: null }),
  msk: planOf(),
} as const;
type On = keyof typeof plans;

function templatesOf(on: On, plan: Plan): TemplateSet {
  const brokerHosts = Array.from({ length: plan.cluster.brokers }, (_, index) => `b-${index + 1}.example`);
  const props = on === 'ec2' ? { ec2: { imageId, artifacts } } : {};
  const monitoring = on === 'ec2' || on === 'serverless' ? {} : { brokerHosts };
  const stacks = synthesise(plan, { ...props, monitoring });
  return new TemplateSet(
    Object.entries(stacks).map(([templatePath, template]) => ({ templatePath, template: template.toJSON() })),
  );
}
const befores = Object.fromEntries(
  (Object.keys(plans) as On[]).map((on) => [on, templatesOf(on, plans[on])]),
) as Record<On, TemplateSet>;

/** `Type.path value` of all that another figure changes, and `+Type` of what it adds. */
function effectOf(on: On, change: (plan: Plan) => Plan): string {
  const { kept, added } = diffTemplates(befores[on], templatesOf(on, change(plans[on])));
  const changed = kept.flatMap(({ after, properties }) =>
    properties.map(({ path, after: value }) => `${after.type}.${path} ${JSON.stringify(value)}`),
  );
  return [...changed, ...added.map(({ type }) => `+${type}`)].join('\n');
}

const cluster =
  (change: Partial<Plan['cluster']>) =>
  (of: Plan): Plan => ({ ...of, cluster: { ...of.cluster, ...change } });
const storage =
  (change: Partial<Plan['storage']>) =>
  (of: Plan): Plan => ({ ...of, storage: { ...of.storage, ...change } });
const slo =
  (change: Partial<Plan['slo']>) =>
  (of: Plan): Plan => ({ ...of, slo: { ...of.slo, ...change } });
const topic =
  (change: Partial<Plan['topics'][number]>) =>
  (of: Plan): Plan => ({
    ...of,
    topics: of.topics.map((one) => ({ ...one, ...change })),
  });
const setting =
  (name: string, value: string | number) =>
  (of: Plan): Plan =>
    topic({ config: { ...of.topics[0]?.config, [name]: value } })(of);
const capacity =
  (name: ResourceUse['resource'], value: number) =>
  (of: Plan): Plan =>
    cluster({
      resources: of.cluster.resources.map((one) => (one.resource === name ? { ...one, capacity: value } : one)),
    })(of);

const template = 'AWS::EC2::LaunchTemplate.LaunchTemplateData.';
const alarm = 'AWS::CloudWatch::Alarm.Threshold ';
const rows: readonly (readonly [On, string, (plan: Plan) => Plan, readonly (string | RegExp)[]])[] = [
  ['ec2', 'cluster.instanceType', cluster({ instanceType: 'm7g.4xlarge' }), [`${template}InstanceType "m7g.4xlarge"`]],
  ['ec2', 'cluster.brokers', cluster({ brokers: 6 }), ['+AWS::EC2::Volume', '+AWS::AutoScaling::AutoScalingGroup']],
  [
    'ec2',
    'storage.provisionedBytesPerBroker',
    storage({ provisionedBytesPerBroker: 777 * 2 ** 30 }),
    ['AWS::EC2::Volume.Size 777'],
  ],
  [
    'ec2',
    'storage.provisionedThroughputMiBps',
    storage({ provisionedThroughputMiBps: 555 }),
    ['AWS::EC2::Volume.Throughput 555'],
  ],
  ['ec2', 'topics.name', topic({ name: 'other-Created' }), [/commands .*'topic' 'other-Created'/]],
  ['ec2', 'topics.partitions', topic({ partitions: 17 }), [/commands .*'categoryChanged' '17' '3'/]],
  ['ec2', 'topics.replicationFactor', topic({ replicationFactor: 2 }), [/commands .*'categoryChanged' '10' '2'/]],
  ['ec2', 'topics.config', setting('retention.ms', 7_777_777), [/commands .*'retention.ms=7777777'/]],
  [
    'express',
    'cluster.brokers',
    cluster({ brokers: 9 }),
    ['AWS::MSK::Cluster.NumberOfBrokerNodes 9', '+AWS::CloudWatch::Alarm'],
  ],
  [
    'express',
    'cluster.instanceType',
    cluster({ instanceType: 'express.m7g.16xlarge' }),
    ['AWS::MSK::Cluster.BrokerNodeGroupInfo.InstanceType "express.m7g.16xlarge"'],
  ],
  ['express', 'topics.partitions', topic({ partitions: 17 }), ['AWS::MSK::Topic.PartitionCount 17']],
  [
    'express',
    'topics.config',
    setting('retention.ms', 7_777_777),
    [
      `AWS::MSK::Topic.Configs "${Buffer.from(JSON.stringify(textsOf(plans.express, 'retention.ms', '7777777'))).toString('base64')}"`,
    ],
  ],
  [
    'serverless',
    'cluster.zones',
    cluster({ zones: 2 }),
    [/ServerlessCluster.VpcConfigs \[\{.*"SubnetIds":\[\{[^}]*\},\{[^}]*\}\]/],
  ],
  ['msk', 'slo.lagMaxRecords', slo({ lagMaxRecords: 7_654_321 }), [`${alarm}7654321`, /Namespace.Data .*7654321/]],
  ['msk', 'slo.publishP99Ms', slo({ publishP99Ms: 7_654 }), [/Namespace.Data .*7\.654/]],
  ['msk', 'slo.endToEndP99Ms', slo({ endToEndP99Ms: 7_655 }), [/Namespace.Data .*7\.655/]],
  ['msk', 'cluster.ingressBytesPerSec', cluster({ ingressBytesPerSec: 7_654_321 }), [/Namespace.Data .*7654321/]],
  ['msk', 'cluster.egressBytesPerSec', cluster({ egressBytesPerSec: 7_654_321 }), [/Namespace.Data .*7654321/]],
  ['msk', 'storage.requiredBytes', storage({ requiredBytes: 7_654_321 }), [/Namespace.Data .*7654321/]],
  ['msk', 'storage.onDiskBytes', storage({ onDiskBytes: 7_654_321 }), [/Namespace.Data .*7654321/]],
  [
    'msk',
    'cluster.brokers',
    cluster({ brokers: 6 }),
    [/Namespace.Data .*headroom_plan_brokers.*vector\(6\)/, '+AWS::CloudWatch::Alarm'],
  ],
  ['msk', 'cluster.resources: partitions', capacity('partitions', 7_654), [/Namespace.Data .*7654/]],
  [
    'msk',
    'cluster.resources: connections',
    capacity('connections', 7_654),
    [`${alarm}6123.2`, /Namespace.Data .*7654/],
  ],
  [
    'msk',
    'cluster.resources: volumeThroughput',
    capacity('volumeThroughput', 7_654_321),
    [alarm, /Namespace.Data .*7654321/],
  ],
  [
    'msk',
    'topics.load.peakPerSec',
    topic({ load: { ...plans.msk.topics[0]?.load, peakPerSec: 7_654 } as Plan['topics'][number]['load'] }),
    [/Namespace.Data .*7654/],
  ],
  ['express', 'storage.onDiskBytes', storage({ onDiskBytes: 1_000_000 }), [`${alarm}1500000`]],
];

function textsOf(plan: Plan, name: string, value: string): Record<string, string> {
  const texts = Object.entries(plan.topics[0]?.config ?? {}).map(([key, one]) => [key, String(one)]);
  return { ...Object.fromEntries(texts), [name]: value };
}

describe('a figure of the plan is in the templates, and they follow it', () => {
  it.each(rows)('on %s: %s', (on, _, change, places) => {
    const effect = effectOf(on, change);
    // A text is to be contained, a pattern matched; toMatch does both.
    for (const place of places) expect(effect).toMatch(place);
  });
});
