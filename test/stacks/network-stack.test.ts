import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { ExistingVpc } from '../../lib/constructs/broker-network.ts';
import { HeadroomError } from '../../lib/errors.ts';
import { NetworkStack } from '../../lib/stacks/network-stack.ts';
import { newApp, planOf, synthesise } from './synthesise.ts';

function network(props: Partial<ConstructorParameters<typeof NetworkStack>[2]> = {}): Template {
  return Template.fromStack(new NetworkStack(newApp(), 'network', { zones: 3, ...props }));
}

function subnets(template: Template, kind: string) {
  return Object.entries(template.findResources('AWS::EC2::Subnet')).filter(([id]) => id.includes(kind));
}

const usual = network();

describe('a network of its own', () => {
  it('has one isolated subnet in each of as many different zones', () => {
    const zones = subnets(usual, 'Brokers').map(([, { Properties }]) => Properties.AvailabilityZone['Fn::Select'][0]);
    expect(zones).toEqual([0, 1, 2]);
    usual.resourceCountIs('AWS::EC2::Subnet', 3);
    usual.resourceCountIs('AWS::EC2::NatGateway', 0);
    usual.resourceCountIs('AWS::EC2::InternetGateway', 0);
  });

  it('takes the zones that are named', () => {
    const availabilityZones = ['us-east-1a', 'us-east-1b', 'us-east-1d'];
    const named = subnets(network({ availabilityZones }), 'Brokers');
    expect(named.map(([, { Properties }]) => Properties.AvailabilityZone)).toEqual(availabilityZones);
  });

  it('keeps the subnets of the brokers where they are when a way out is added', () => {
    const open = network({ outbound: true });
    expect(subnets(open, 'Brokers')).toEqual(subnets(usual, 'Brokers'));
    open.resourceCountIs('AWS::EC2::NatGateway', 1);
    open.resourceCountIs('AWS::EC2::Subnet', 9);
  });

  it('records what was refused', () => {
    usual.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'REJECT' });
  });
});

const existing: ExistingVpc = {
  vpcId: 'vpc-0a1b2c3d',
  availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  brokerSubnetIds: ['subnet-0000000a', 'subnet-0000000b', 'subnet-0000000c'],
};

describe('a network that is there', () => {
  it('is used by its ids alone, without a lookup', () => {
    const { cluster, network: stack } = synthesise(planOf(), { existingVpc: existing });
    cluster?.hasResourceProperties('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { ClientSubnets: ['subnet-0000000a', 'subnet-0000000b', 'subnet-0000000c'] },
    });
    cluster?.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: 'vpc-0a1b2c3d' });
    expect(stack).toBeUndefined();
  });

  it.each<[string, Partial<ExistingVpc>, string]>([
    ['two zones for three', { availabilityZones: ['a', 'b'] }, 'the plan has 3 zones, 2 are named: a, b'],
    ['a zone twice', { availabilityZones: ['a', 'b', 'b'] }, 'each zone once, got a, b, b'],
    [
      'subnets in two zones only',
      { brokerSubnetIds: ['subnet-0000000a', 'subnet-0000000b'] },
      'one a zone, got 2 for 3 zones',
    ],
    [
      'a subnet twice',
      { brokerSubnetIds: ['subnet-0000000a', 'subnet-0000000b', 'subnet-0000000b'] },
      'each subnet once',
    ],
    ['a name for an id', { vpcId: 'default' }, 'vpcId: expected an id such as vpc-0a1b2c3d, got "default"'],
    ['no subnet ids', { brokerSubnetIds: ['a', 'b', 'c'] }, 'such as subnet-0a1b2c3d, got "a"'],
    ['clients in one zone', { clientSubnetIds: ['subnet-0000000d'] }, 'clientSubnetIds: one a zone, got 1 for 3 zones'],
  ])('is refused with %s', (_, change, text) => {
    const synth = () => synthesise(planOf(), { existingVpc: { ...existing, ...change } });
    expect(synth).toThrowError(HeadroomError);
    expect(synth).toThrowError(text);
  });

  it('is refused with all faults at once', () => {
    expect(() => synthesise(planOf(), { existingVpc: { ...existing, vpcId: 'x', clientSubnetIds: [] } })).toThrowError(
      /vpcId.*clientSubnetIds/s,
    );
  });
});
