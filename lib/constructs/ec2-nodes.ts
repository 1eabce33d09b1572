/** The nodes of a self-managed cluster, as numbers and names: which roles, where, how large. All of it comes from the plan. */
import { cheapestController } from '../plan/capacity/ec2.ts';
import { gp3 } from '../plan/facts/ebs-volumes.ts';
import { ec2Instances } from '../plan/facts/ec2-instances.ts';
import { kafkaFacts, selfManagedFacts } from '../plan/facts/kafka.ts';
import { priceTableOf } from '../plan/facts/prices/index.ts';
import type { Plan } from '../plan/types.ts';

/**
 * `dedicated`: three controllers beside the brokers, as the plan prices them and Kafka asks for in production.
 * `combined`: the first brokers are controllers too; cheaper than the plan's bill, for development.
 */
export type ControllerLayout = 'dedicated' | 'combined';

export type NodeRole = 'broker' | 'controller';

export interface Ec2NodePlan {
  /** `node.id`; brokers count from 1, dedicated controllers from 1001, so that either can grow without moving the other. */
  readonly id: number;
  /** Construct id, such as `Broker1`: the contract of every logical id below it. */
  readonly name: string;
  readonly roles: readonly NodeRole[];
  /** Index into the zones of the network. */
  readonly zone: number;
  readonly instanceType: string;
  readonly heapMiB: number;
  readonly volume: Ec2VolumePlan;
}

export interface Ec2VolumePlan {
  readonly sizeGiB: number;
  readonly throughputMiBps: number;
  readonly iops: number;
  /** Raised when a lost volume is replaced by an empty one: another resource, and another voter. */
  readonly generation: number;
}

export interface NodeOptions {
  readonly controllers: ControllerLayout;
  /** Node id -> generation of its volume, 1 where it is left out. */
  readonly volumeGenerations: Readonly<Record<number, number>>;
}

const gibibyte = 2 ** 30;
const firstControllerId = 1001;
const figure = (fact: { readonly value: number | null }): number => fact.value ?? Number.NaN;

/** Controllers first: brokers can do nothing before there is a quorum. */
export function planNodes(plan: Plan, { controllers, volumeGenerations }: NodeOptions): readonly Ec2NodePlan[] {
  const { brokers, zones } = plan.cluster;
  const type = plan.cluster.instanceType ?? '';
  const controllerType = cheapestController(priceTableOf(plan.cost.region)).type;
  const voters = controllers === 'combined' ? combinedControllers(brokers) : figure(selfManagedFacts.controllers);
  const node = (id: number, index: number, roles: readonly NodeRole[], instanceType: string): Ec2NodePlan => {
    const generation = volumeGenerations[id] ?? 1;
    const isBroker = roles.includes('broker');
    return {
      id,
      name: `${isBroker ? 'Broker' : 'Controller'}${id}`,
      roles,
      zone: index % zones,
      instanceType,
      heapMiB: heapMiB(instanceType),
      volume: isBroker ? brokerVolume(plan, generation) : controllerVolume(generation),
    };
  };
  const dedicated = controllers === 'dedicated' ? voters : 0;
  return [
    ...range(dedicated).map((index) => node(firstControllerId + index, index, ['controller'], controllerType)),
    ...range(brokers).map((index) =>
      node(
        index + 1,
        index,
        controllers === 'combined' && index < voters ? ['broker', 'controller'] : ['broker'],
        type,
      ),
    ),
  ];
}

/** Two controllers stop when either is lost, so one is better than two. */
function combinedControllers(brokers: number): number {
  const most = figure(selfManagedFacts.controllers);
  return brokers < most ? 1 : most;
}

function brokerVolume({ storage }: Plan, generation: number): Ec2VolumePlan {
  const throughputMiBps = Math.max(figure(gp3.baselineMiBps), storage.provisionedThroughputMiBps);
  return {
    sizeGiB: Math.ceil((storage.provisionedBytesPerBroker ?? 0) / gibibyte),
    throughputMiBps,
    iops: Math.max(figure(gp3.baselineIops), Math.ceil(throughputMiBps / figure(gp3.miBpsPerIops))),
    generation,
  };
}

function controllerVolume(generation: number): Ec2VolumePlan {
  return {
    sizeGiB: Math.ceil((figure(selfManagedFacts.controllerDiskGB) * 1e9) / gibibyte),
    throughputMiBps: figure(gp3.baselineMiBps),
    iops: figure(gp3.baselineIops),
    generation,
  };
}

/** The heap that Kafka's operations guide runs with, but never more than half of the memory: the rest caches pages. */
function heapMiB(instanceType: string): number {
  const memoryGiB = ec2Instances.rows.find(({ type }) => type === instanceType)?.memoryGiB ?? Number.NaN;
  return Math.floor(Math.min(figure(kafkaFacts.heapGiB), memoryGiB / 2) * 1024);
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
