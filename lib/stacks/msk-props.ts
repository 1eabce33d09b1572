/** What an MSK stack is made from, and what follows from it. */
import type { StackProps } from 'aws-cdk-lib/core';
import type { BrokerNetwork, ExistingVpc } from '../constructs/broker-network.ts';
import type { MonitoringLevel } from '../constructs/msk-cluster.ts';
import type { Plan } from '../plan/types.ts';

export interface MskStackProps extends StackProps {
  /** A plan with target `msk`, `msk-express` or `msk-serverless`. */
  readonly plan: Plan;
  /** Of its own, or the ids of what is there. */
  readonly network: BrokerNetwork | ExistingVpc;
  /**
   * Of every broker, such as `kafka.m7g.large` or `express.m7g.large`.
   *
   * @default - the plan's choice; where it made none, the stack is refused with the plan's reason
   */
  readonly instanceType?: string;
  /**
   * Disk of one Standard broker in GiB, 1 to 16384.
   *
   * @default - the plan's provisionedBytesPerBroker, rounded up; where it is null,
   * max(requiredBytes, onDiskBytes) shared evenly by the brokers
   */
  readonly volumeGiB?: number;
  /**
   * MSK's name of the Kafka version.
   *
   * @default '4.1.x.kraft', on Express '3.9.x.kraft'
   */
  readonly kafkaVersion?: string;
  /**
   * What stays on the disks of Standard brokers; older segments move to tiered storage. The plan must be made for it too.
   *
   * @default - no tiered storage
   */
  readonly tieredLocalMs?: number;
  /**
   * Users who log in by password beside the clients that use IAM.
   *
   * @default - none
   */
  readonly scramUsers?: readonly string[];
  /**
   * ARN of the key that encrypts the disks.
   *
   * @default - the account's own key of MSK
   */
  readonly encryptionKeyArn?: string;
  /**
   * Which metrics go to CloudWatch.
   *
   * @default 'PER_BROKER'
   */
  readonly monitoringLevel?: MonitoringLevel;
  /**
   * Raised by one when a change must replace the cluster: names are create-only, and a replacement cannot take the old one.
   *
   * @default 1
   */
  readonly generation?: number;
}

const bytesPerGiB = 2 ** 30;

/** The use case with the generation, because a replacement cannot take the name of what it replaces. */
export function clusterNameOf({ plan, generation }: Pick<MskStackProps, 'plan' | 'generation'>): string {
  return `${plan.useCase}-${generation ?? 1}`;
}

/** GiB of one broker that hold what the plan requires and what the disks will really hold. */
export function plannedVolumeGiB({ storage, cluster }: Plan): number {
  const needed = Math.max(storage.requiredBytes, storage.onDiskBytes) / cluster.brokers;
  return Math.max(1, Math.ceil((storage.provisionedBytesPerBroker ?? needed) / bytesPerGiB));
}
