/** Why a plan or a prop cannot become a cluster on EC2: every fault, in words. */
import { artifactFaults } from '../constructs/ec2-artifacts.ts';
import { hostOf } from '../constructs/ec2-settings.ts';
import { ec2Instances } from '../plan/facts/ec2-instances.ts';
import type { Ec2StackProps } from './ec2-stack.ts';

/** A certificate's common name, which is the principal in Kafka, takes no more. */
const commonNameMaxLength = 64;

export function ec2StackFaults(props: Ec2StackProps, clusterName: string): readonly string[] {
  const { plan, imageId, artifacts, generation } = props;
  const { target, zones, survive } = plan.cluster;
  if (target !== 'ec2') return [`cluster.target: this stack is for ec2, the plan is for ${target}`];
  const faults: string[] = [...instanceFaults(props), ...artifactFaults(artifacts), ...volumeFaults(props)];
  // Of three voters in two zones, one zone holds two: its loss stops the cluster.
  if (survive === 'zone' && zones < 3)
    faults.push(`cluster.survive: a quorum survives the loss of a zone from 3 zones on, the plan has ${zones}`);
  if (!/^ami-[0-9a-f]{8,17}$/.test(imageId))
    faults.push(`imageId: expected an image such as ami-0a1b2c3d4e5f60718, got "${imageId}"`);
  if (generation !== undefined && !isGeneration(generation))
    faults.push(`generation: expected a whole number from 1, got ${generation}`);
  const host = hostOf(clusterName, 1001);
  if (host.length > commonNameMaxLength)
    faults.push(
      `useCase: names of nodes such as ${host} may have ${commonNameMaxLength} characters, this one has ${host.length}`,
    );
  return faults;
}

function instanceFaults({ plan }: Ec2StackProps): readonly string[] {
  const { instanceType } = plan.cluster;
  if (instanceType === null)
    return [`cluster.instanceType: the plan chose none, ${plan.missing['cluster.instanceType'] ?? 'without a reason'}`];
  const known = ec2Instances.rows.find(({ type }) => type === instanceType);
  if (known === undefined) return [`cluster.instanceType: no facts about ${instanceType} are known`];
  if (known.localDiskGB !== null)
    return [`cluster.instanceType: ${instanceType} keeps data on disks that end with it; plan for gp3 volumes`];
  if (plan.storage.provisionedBytesPerBroker === null)
    return ['storage.provisionedBytesPerBroker: the plan sizes no volume'];
  return [];
}

function volumeFaults({ plan, volumeGenerations = {}, controllers }: Ec2StackProps): readonly string[] {
  const isNode = (id: number): boolean =>
    (id >= 1 && id <= plan.cluster.brokers) || (controllers !== 'combined' && id >= 1001 && id <= 1003);
  return Object.entries(volumeGenerations).flatMap(([id, generation]) => [
    ...(isNode(Number(id)) ? [] : [`volumeGenerations: there is no node ${id}`]),
    ...(isGeneration(generation) ? [] : [`volumeGenerations.${id}: expected a whole number from 1, got ${generation}`]),
  ]);
}

const isGeneration = (value: number): boolean => Number.isInteger(value) && value >= 1;
