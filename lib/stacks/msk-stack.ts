/** One stack a cluster: network, MSK cluster of Standard brokers and topics, all from a plan. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { BrokerNetwork } from '../constructs/broker-network.ts';
import { MskCluster } from '../constructs/msk-cluster.ts';
import { MskTopics } from '../constructs/msk-topics.ts';
import { HeadroomError } from '../errors.ts';
import type { Plan } from '../plan/types.ts';

export interface MskStackProps extends StackProps {
  /** A plan with target `msk`. */
  readonly plan: Plan;
  /**
   * Of every broker, such as `kafka.m7g.large`.
   *
   * @default - the plan's choice; where it made none, the stack is refused with the plan's reason
   */
  readonly instanceType?: string;
  /**
   * Disk of one broker in GiB, 1 to 16384.
   *
   * @default - the plan's provisionedBytesPerBroker, rounded up; where it is null,
   * max(requiredBytes, onDiskBytes) shared evenly by the brokers
   */
  readonly volumeGiB?: number;
  /**
   * MSK's name of the Kafka version; 3.6 or newer, for the topics.
   *
   * @default '4.1.x.kraft'
   */
  readonly kafkaVersion?: string;
  /**
   * Names of the zones, as many as the plan spreads over.
   *
   * @default - the first zones that `Fn::GetAZs` gives in the region of the deployment
   */
  readonly availabilityZones?: readonly string[];
  /**
   * Raised by one when a change must replace the cluster: names are create-only, and a replacement cannot take the old one.
   *
   * @default 1
   */
  readonly generation?: number;
}

const bytesPerGiB = 2 ** 30;
const mostGiB = 16_384;

export class MskStack extends Stack {
  /** Throws USAGE, with every fault, when the plan or a prop cannot become an MSK cluster. */
  constructor(scope: Construct, id: string, props: MskStackProps) {
    const volumeGiB = props.volumeGiB ?? plannedVolumeGiB(props.plan);
    const instanceType = props.instanceType ?? props.plan.cluster.instanceType ?? '';
    const clusterName = `${props.plan.useCase}-${props.generation ?? 1}`;
    refuseFaults(stackFaults(props, instanceType, volumeGiB, clusterName));
    // CloudFormation takes 1024 bytes of description.
    super(scope, id, { description: props.plan.description.slice(0, 250), terminationProtection: true, ...props });
    const { plan } = props;
    const network = new BrokerNetwork(this, 'Network', {
      zones: plan.cluster.zones,
      ...(props.availabilityZones === undefined ? {} : { availabilityZones: props.availabilityZones }),
    });
    const cluster = new MskCluster(this, 'Kafka', {
      plan: plan.cluster,
      network,
      clusterName,
      instanceType,
      volumeGiB,
      throughputMiBps: plan.storage.provisionedThroughputMiBps,
      kafkaVersion: props.kafkaVersion ?? '4.1.x.kraft',
    });
    new MskTopics(this, 'Topics', { clusterArn: cluster.arn, topics: plan.topics });
    new CfnOutput(this, 'ClusterArn', { value: cluster.arn });
    new CfnOutput(this, 'ClientSecurityGroupId', { value: network.clients.securityGroupId });
  }
}

/** GiB of one broker that hold what the plan requires and what the disks will really hold. */
export function plannedVolumeGiB({ storage, cluster }: Plan): number {
  const needed = Math.max(storage.requiredBytes, storage.onDiskBytes) / cluster.brokers;
  return Math.max(1, Math.ceil((storage.provisionedBytesPerBroker ?? needed) / bytesPerGiB));
}

/** Why the plan names no type, for the user who named none either. */
function noChoice({ instanceType, plan }: MskStackProps): string {
  const reason = plan.missing['cluster.instanceType'];
  return instanceType === undefined && reason !== undefined ? `: the plan chose none, ${reason}` : '';
}

function stackFaults(
  props: MskStackProps,
  instanceType: string,
  volumeGiB: number,
  clusterName: string,
): readonly string[] {
  const { target, zones, brokers } = props.plan.cluster;
  const faults: string[] = [];
  if (target !== 'msk') faults.push(`cluster.target: only msk has a stack in this version, the plan is for ${target}`);
  // Amazon MSK developer guide, best practices for Standard brokers.
  if (zones !== 2 && zones !== 3) faults.push(`cluster.zones: an MSK cluster spans 2 or 3 zones, not ${zones}`);
  if (brokers % zones !== 0)
    faults.push(`cluster.brokers: MSK needs a multiple of the ${zones} zones, not ${brokers} brokers`);
  if (!/^kafka\.[a-z0-9]+\.[a-z0-9]+$/.test(instanceType))
    faults.push(`instanceType: expected a type such as kafka.m7g.large, got "${instanceType}"${noChoice(props)}`);
  if (!Number.isInteger(volumeGiB) || volumeGiB < 1 || volumeGiB > mostGiB)
    faults.push(`volumeGiB: a broker takes 1 to ${mostGiB} GiB, not ${volumeGiB}`);
  if (props.generation !== undefined && (!Number.isInteger(props.generation) || props.generation < 1))
    faults.push(`generation: expected a whole number from 1, got ${props.generation}`);
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/i.test(clusterName))
    faults.push(`useCase: MSK takes cluster names of 1 to 64 letters, digits and "-", not "${clusterName}"`);
  if (props.availabilityZones !== undefined && props.availabilityZones.length !== zones)
    faults.push(`availabilityZones: the plan has ${zones} zones, ${props.availabilityZones.length} are named`);
  return faults;
}

function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0)
    throw new HeadroomError('USAGE', `the stack cannot be made:\n${faults.map((fault) => `  ${fault}`).join('\n')}`, {
      hint: 'change the use case file, or state values with -c, such as -c instanceType=kafka.m7g.large -c volumeGiB=100',
    });
}
