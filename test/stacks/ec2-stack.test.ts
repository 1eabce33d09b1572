import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { HeadroomError } from '../../lib/errors.ts';
import type { Plan } from '../../lib/plan/types.ts';
import type { Ec2StackProps } from '../../lib/stacks/ec2-stack.ts';
import { artifacts, ec2Plan, ec2StackIn, ec2Template, imageId, userDataOf } from './ec2-app.ts';
import { newApp, planOf } from './synthesise.ts';

const plan = ec2Plan();
const usual = ec2Template(plan);
type Resource = { Properties: Record<string, unknown>; DeletionPolicy?: string; UpdateReplacePolicy?: string } & Record<
  string,
  unknown
>;
const resources = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.findResources(type) as Record<string, Resource>);

describe('the numbers of the plan in the template', () => {
  it('has one volume, interface, name and group for each broker and controller', () => {
    expect(plan.cluster.brokers).toBe(3);
    for (const type of ['AWS::EC2::Volume', 'AWS::EC2::NetworkInterface', 'AWS::Route53::RecordSet'])
      usual.resourceCountIs(type, 6);
    usual.allResourcesProperties('AWS::AutoScaling::AutoScalingGroup', { MinSize: '1', MaxSize: '1' });
    const more = ec2Template(ec2Plan({ brokers: 6 }), { controllers: 'combined' });
    more.resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 6);
  });

  it('gives brokers the instance type and the volume of the plan', () => {
    const bought: Plan = { ...plan, storage: { ...plan.storage, provisionedThroughputMiBps: 800 } };
    const template = ec2Template(bought);
    const broker = template.findResources('AWS::EC2::Volume', { Properties: { Throughput: 800 } });
    expect(Object.keys(broker)).toHaveLength(3);
    for (const { Properties } of Object.values(broker))
      expect(Properties).toMatchObject({
        Size: Math.ceil((plan.storage.provisionedBytesPerBroker ?? 0) / 2 ** 30),
        // 0.25 MiB/s for each: what gp3 includes is not enough.
        Iops: 3200,
        VolumeType: 'gp3',
        Encrypted: true,
      });
    const types = resources(template, 'AWS::EC2::LaunchTemplate').map(
      ([, one]) => (one.Properties.LaunchTemplateData as { InstanceType: string }).InstanceType,
    );
    expect(types.filter((type) => type === plan.cluster.instanceType)).toHaveLength(3);
  });

  it('has the controllers that the plan prices', () => {
    const [, controllers] = /^3 controllers (\S+)$/m.exec(plan.cost.items.map(({ item }) => item).join('\n')) ?? [];
    usual.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { InstanceType: controllers } });
    usual.hasResourceProperties('AWS::EC2::Volume', { Size: 60, Throughput: 125, Iops: 3000 });
  });

  it('spreads brokers and controllers over the zones, a volume in the zone of its group', () => {
    const zoneOf = (volume: Resource): unknown =>
      (volume.Properties.AvailabilityZone as Record<string, [number]>)['Fn::Select']?.[0];
    const zones = resources(usual, 'AWS::EC2::Volume').map(([id, volume]) => [
      /(Broker|Controller)\d+/.exec(id)?.[0],
      zoneOf(volume),
    ]);
    expect(zones).toEqual([
      ['Controller1001', 0],
      ['Controller1002', 1],
      ['Controller1003', 2],
      ['Broker1', 0],
      ['Broker2', 1],
      ['Broker3', 2],
    ]);
  });

  it('brings every topic with its partitions, replicas and settings, quoted for the shell', () => {
    const [topic] = plan.topics;
    usual.hasResourceProperties('AWS::SSM::Association', {
      WaitForSuccessTimeoutSeconds: 3600,
      Parameters: {
        commands: Match.arrayWith([
          Match.stringLikeRegexp(
            `administer.sh 'topic' '${topic?.name}' '${topic?.partitions}' '${topic?.replicationFactor}'.* 'min.insync.replicas=2'`,
          ),
        ]),
      },
    });
  });
});

describe('what holds data', () => {
  it('is kept whatever happens to the stack', () => {
    for (const type of ['AWS::EC2::Volume', 'AWS::EC2::NetworkInterface'])
      for (const [id, one] of resources(usual, type))
        expect([id, one.DeletionPolicy, one.UpdateReplacePolicy]).toEqual([id, 'Retain', 'Retain']);
  });

  it('has logical ids that never change: another id is another, empty volume', () => {
    const ids = (type: string): string[] => resources(usual, type).map(([id]) => id);
    expect([...ids('AWS::EC2::Volume'), ...ids('AWS::EC2::NetworkInterface')].sort()).toMatchInlineSnapshot(`
      [
        "KafkaBroker1Interface3A1E2AFD",
        "KafkaBroker1Volume18A84FFD",
        "KafkaBroker2Interface217F8E16",
        "KafkaBroker2Volume45094FBD",
        "KafkaBroker3InterfaceEEBCDEFF",
        "KafkaBroker3Volume5D7E62E0",
        "KafkaController1001Interface69A0C29C",
        "KafkaController1001VolumeE57E27DE",
        "KafkaController1002InterfaceC8BE905D",
        "KafkaController1002VolumeF218DBB5",
        "KafkaController1003InterfaceD5F8532F",
        "KafkaController1003VolumeD3F2964A",
      ]
    `);
    const grown = resources(ec2Template(ec2Plan({ brokers: 6 })), 'AWS::EC2::Volume').map(([id]) => id);
    expect(grown).toEqual(expect.arrayContaining(ids('AWS::EC2::Volume')));
  });

  it('is replaced by an empty volume only where a generation says so', () => {
    const ids = (template: Template): string[] => resources(template, 'AWS::EC2::Volume').map(([id]) => id);
    const after = ids(ec2Template(plan, { volumeGenerations: { 1002: 2 } }));
    const before = ids(usual);
    expect(after.filter((id) => !before.includes(id))).toEqual([expect.stringContaining('Controller1002Volume2')]);
    expect(before.filter((id) => !after.includes(id))).toEqual([expect.stringMatching(/Controller1002Volume(?!2)/)]);
  });
});

describe('a change', () => {
  it('replaces one node at a time, the next one only after a signal', () => {
    const groups = resources(usual, 'AWS::AutoScaling::AutoScalingGroup');
    groups.forEach(([id, group], index) => {
      expect(group.UpdatePolicy, id).toMatchObject({
        AutoScalingRollingUpdate: { MinInstancesInService: 0, MaxBatchSize: 1, WaitOnResourceSignals: true },
      });
      expect(group.CreationPolicy, id).toEqual({ ResourceSignal: { Count: 1, Timeout: 'PT45M' } });
      if (index > 0) expect([group.DependsOn].flat(), id).toContain(groups[index - 1]?.[0]);
    });
    expect(groups[0]?.[0]).toContain('Controller1001');
    // The first node resolves the names of all.
    const names = resources(usual, 'AWS::Route53::RecordSet').map(([id]) => id);
    expect(groups[0]?.[1].DependsOn).toEqual(expect.arrayContaining(names));
  });

  it('of the number of brokers leaves the user data of the others as it is', () => {
    const grown = ec2Template(ec2Plan({ brokers: 6 }));
    for (const node of ['Controller1001', 'Broker1', 'Broker3'])
      expect(userDataOf(grown, node).replace(/HEAP_MIB='\d+'/, '')).toBe(
        userDataOf(usual, node).replace(/HEAP_MIB='\d+'/, ''),
      );
  });
});

describe('least privilege', () => {
  const statementsOf = (template: Template): { Action: string | string[]; Resource: unknown; Condition?: unknown }[] =>
    resources(template, 'AWS::IAM::Role').flatMap(([, role]) =>
      ((role.Properties.Policies ?? []) as { PolicyDocument: { Statement: [] } }[]).flatMap(
        ({ PolicyDocument }) => PolicyDocument.Statement,
      ),
    );

  it('lets a node attach its own volume and interface to its own instance, and read its own secret', () => {
    const statements = statementsOf(usual);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
    const open = statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);
    expect(open.filter((action) => !/^(ssm|ssmmessages|ec2messages):|^ec2:Describe/.test(action))).toEqual([]);
    const attaching = statements.filter(({ Condition }) => Condition !== undefined);
    expect(attaching).toHaveLength(6);
    expect(attaching.at(3)?.Condition).toEqual({
      StringEquals: { 'aws:ResourceTag/headroom:node': 'course-events-1/1' },
    });
    const secrets = statements.filter(({ Action }) => Action === 'secretsmanager:GetSecretValue');
    expect(JSON.stringify(secrets.at(3)?.Resource)).toContain('secret:headroom/course-events-1/node-1-??????');
    expect(JSON.stringify(secrets.at(3)?.Resource)).not.toContain('node-2');
  });

  it('lets a client read its own certificate, which may use one topic and one group', () => {
    const app = newApp();
    const stack = ec2StackIn(app, plan);
    const application = new Stack(app, 'application');
    const reader = new iam.Role(application, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
    stack.cluster.grantConsume(reader, 'categoryChanged', 'CGR-lecture-categoryChanged');
    const assembly = app.synth();
    const policy = JSON.stringify(assembly.getStackByName('application').template);
    expect(policy).toContain('secret:headroom/course-events-1/client-application-Reader-57E80CAB-??????');
    expect(policy).toContain('"Action":"secretsmanager:GetSecretValue"');
    expect(policy).not.toMatch(/node-|"Resource":"\*"/);
    const commands = JSON.stringify(assembly.getStackByName('headroom').template);
    expect(commands).toContain(
      "'access' 'application-Reader-57E80CAB' 'Read,Describe' 'topic' 'literal' 'categoryChanged'",
    );
    expect(commands).toContain(
      "'access' 'application-Reader-57E80CAB' 'Read' 'group' 'literal' 'CGR-lecture-categoryChanged'",
    );
    expect(commands).toContain('/node-3 headroom/course-events-1/client-application-Reader-57E80CAB"');
    expect(() => stack.cluster.grantProduce(reader, 'category*')).toThrow('names the topic "category*"');
    expect(() => stack.cluster.grantTest(reader, 'a')).toThrow('names the prefix "a"');
    expect(() => stack.cluster.grantProduce(new iam.AccountRootPrincipal(), 'x')).toThrow('no construct of this app');
  });
});

describe('bad input', () => {
  const faultsOf = (wrong: Plan, props: Partial<Ec2StackProps> = {}): string => {
    try {
      ec2Template(wrong, props);
    } catch (error) {
      if (error instanceof HeadroomError && error.code === 'USAGE') return error.message;
      throw error;
    }
    return 'none';
  };

  it('is refused with every fault at once', () => {
    const text = faultsOf(plan, {
      imageId: 'latest',
      generation: 0,
      volumeGenerations: { 7: 2, 1: 1.5 },
      artifacts: { ...artifacts, bucketName: 'No', kafka: { key: "a'b", sha512: 'abc' } },
    });
    for (const part of [
      'imageId: expected an image such as ami-0a1b2c3d4e5f60718, got "latest"',
      'generation: expected a whole number from 1, got 0',
      'there is no node 7',
      'volumeGenerations.1: expected a whole number from 1, got 1.5',
      'bucketName: expected the name of an S3 bucket, got "No"',
      'artifacts.kafka.key',
      'artifacts.kafka.sha512: expected 128 hexadecimal digits, got "abc"',
    ])
      expect(text).toContain(part);
  });

  it.each([
    ['a plan for another target', planOf(), 'this stack is for ec2, the plan is for msk'],
    ['a quorum in two zones', ec2Plan({ zones: 2, brokers: 4, survive: 'zone' }), 'survives the loss of a zone from 3'],
    ['disks that end with the instance', withType('i3en.large'), 'keeps data on disks that end with it'],
    ['a type without facts', withType('x9.large'), 'no facts about x9.large'],
    ['a name too long', { ...plan, useCase: 'u'.repeat(50) }, 'may have 64 characters'],
  ])('refuses %s', (_, wrong, text) => {
    expect(faultsOf(wrong)).toContain(text);
  });

  function withType(instanceType: string): Plan {
    return { ...plan, cluster: { ...plan.cluster, instanceType } };
  }
});

describe('in a VPC that exists', () => {
  it('makes no endpoints of its own', () => {
    usual.resourceCountIs('AWS::EC2::VPCEndpoint', 6);
    const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
    const network = {
      vpcId: 'vpc-0000000a',
      availabilityZones: zones,
      brokerSubnetIds: ['subnet-0000000a', 'subnet-0000000b', 'subnet-0000000c'],
    };
    const template = ec2Template(plan, { network });
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
    template.hasResourceProperties('AWS::EC2::Volume', { AvailabilityZone: 'us-east-1c' });
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { ImageId: imageId } });
  });
});
