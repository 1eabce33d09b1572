/** The network of a cluster: one isolated subnet a zone, in a VPC of its own or in one that exists already. */
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Annotations, Fn, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { HeadroomError } from '../errors.ts';

/** A VPC named by ids alone, because looking it up would need an account at synth. */
export interface ExistingVpc {
  readonly vpcId: string;
  /** Names of the zones, one for each of `brokerSubnetIds`, in the same order. */
  readonly availabilityZones: readonly string[];
  /** Subnets of the brokers, one a zone. */
  readonly brokerSubnetIds: readonly string[];
  /**
   * Subnets for clients that need the AWS APIs or the internet, one a zone.
   *
   * @default - the subnets of the brokers
   */
  readonly clientSubnetIds?: readonly string[];
}

export interface BrokerNetworkProps {
  /** Number of zones the brokers spread over. */
  readonly zones: number;
  /**
   * Names of the zones, as many as `zones`, such as `us-east-1a`; not with `existing`, which names its own.
   *
   * @default - the first zones that `Fn::GetAZs` gives in the region of the deployment
   */
  readonly availabilityZones?: readonly string[];
  /**
   * The VPC to use.
   *
   * @default - a VPC of its own
   */
  readonly existing?: ExistingVpc;
  /**
   * Adds subnets with a way out (one NAT gateway) for clients such as the nightly bench; brokers stay isolated.
   *
   * @default false
   */
  readonly outbound?: boolean;
}

export class BrokerNetwork extends Construct {
  readonly vpc: ec2.IVpc;
  /** One a zone, in the order of the zones. */
  readonly brokerSubnets: readonly ec2.ISubnet[];
  /** Where clients run: with a way out when `outbound`, otherwise the brokers' subnets. */
  readonly clientSubnets: readonly ec2.ISubnet[];
  /** Names of the zones, in the order of `brokerSubnets`; tokens where the region decides. */
  readonly availabilityZones: readonly string[];

  /** Throws USAGE, with every fault, when zones and subnets do not match. */
  constructor(scope: Construct, id: string, props: BrokerNetworkProps) {
    super(scope, id);
    refuseFaults(networkFaults(props));
    const { existing, zones } = props;
    this.availabilityZones = existing?.availabilityZones ?? props.availabilityZones ?? firstZones(zones);
    this.vpc = existing === undefined ? this.createVpc(props.outbound ?? false) : this.importVpc(existing);
    this.brokerSubnets = this.vpc.isolatedSubnets;
    this.clientSubnets = this.vpc.privateSubnets.length > 0 ? this.vpc.privateSubnets : this.brokerSubnets;
  }

  private createVpc(outbound: boolean): ec2.IVpc {
    const vpc = new ec2.Vpc(this, 'Vpc', {
      // Without explicit zones, CDK sees only two of them in a stack that knows no account.
      availabilityZones: [...this.availabilityZones],
      natGateways: outbound ? 1 : 0,
      // Brokers come first: what is added later must not move their addresses, because MSK cannot change its subnets.
      subnetConfiguration: [
        { name: 'Brokers', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
        ...(outbound ? outboundSubnets : []),
      ],
      // Nothing uses the default group; restricting it would bring a Lambda into the stack.
      restrictDefaultSecurityGroup: false,
    });
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    const rejected = new logs.LogGroup(this, 'RejectedTraffic', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Only what was refused: enough to see why a client cannot connect, and cheap.
    vpc.addFlowLog('Rejected', {
      destination: ec2.FlowLogDestination.toCloudWatchLogs(rejected),
      trafficType: ec2.FlowLogTrafficType.REJECT,
    });
    // Vpc declares an optional member that may be undefined, which IVpc forbids under exactOptionalPropertyTypes.
    return vpc as ec2.IVpc;
  }

  private importVpc({ vpcId, availabilityZones, brokerSubnetIds, clientSubnetIds }: ExistingVpc): ec2.IVpc {
    Annotations.of(this).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', 'no route is added to them');
    return ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId,
      availabilityZones: [...availabilityZones],
      isolatedSubnetIds: [...brokerSubnetIds],
      ...(clientSubnetIds === undefined ? {} : { privateSubnetIds: [...clientSubnetIds] }),
    });
  }
}

/** The network given, or the one that is there, taken into this scope because a stack of imports alone is no stack. */
export function networkIn(scope: Construct, network: BrokerNetwork | ExistingVpc, zones: number): BrokerNetwork {
  return network instanceof BrokerNetwork ? network : new BrokerNetwork(scope, 'Network', { zones, existing: network });
}

const outboundSubnets: readonly ec2.SubnetConfiguration[] = [
  { name: 'Clients', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
  { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 28 },
];

function firstZones(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => Fn.select(index, Fn.getAzs()));
}

/** What is wrong with the zones, subnets and ids, each in words. */
export function networkFaults({ zones, availabilityZones, existing }: BrokerNetworkProps): readonly string[] {
  const faults: string[] = [];
  const named = existing?.availabilityZones ?? availabilityZones;
  if (named !== undefined && named.length !== zones)
    faults.push(`availabilityZones: the plan has ${zones} zones, ${named.length} are named: ${named.join(', ')}`);
  if (named !== undefined && new Set(named).size !== named.length)
    faults.push(`availabilityZones: each zone once, got ${named.join(', ')}`);
  if (existing === undefined) return faults;
  if (!/^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(existing.vpcId))
    faults.push(`vpcId: expected an id such as vpc-0a1b2c3d, got "${existing.vpcId}"`);
  for (const key of ['brokerSubnetIds', 'clientSubnetIds'] as const) {
    const ids = existing[key];
    if (ids === undefined) continue;
    if (ids.length !== existing.availabilityZones.length)
      faults.push(`${key}: one a zone, got ${ids.length} for ${existing.availabilityZones.length} zones`);
    if (new Set(ids).size !== ids.length) faults.push(`${key}: each subnet once, got ${ids.join(', ')}`);
    for (const subnetId of ids.filter((one) => !/^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(one)))
      faults.push(`${key}: expected ids such as subnet-0a1b2c3d, got "${subnetId}"`);
  }
  return faults;
}

function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0)
    throw new HeadroomError('USAGE', `the network cannot be made:\n${faults.map((fault) => `  ${fault}`).join('\n')}`, {
      hint: 'name one zone and one subnet for each zone of the plan, or change cluster.zones in the use case',
    });
}
