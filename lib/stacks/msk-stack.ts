/** The MSK cluster of a plan: Standard or Express brokers, or Serverless, with its topics. */
import * as kms from 'aws-cdk-lib/aws-kms';
import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { networkIn } from '../constructs/broker-network.ts';
import { MskCluster, type StandardStorage } from '../constructs/msk-cluster.ts';
import type { MskKafka } from '../constructs/msk-kafka.ts';
import { MskServerless } from '../constructs/msk-serverless.ts';
import { MskTopics } from '../constructs/msk-topics.ts';
import { defaultVersions } from '../constructs/msk-versions.ts';
import { HeadroomError } from '../errors.ts';
import { mskFaults } from './msk-faults.ts';
import { clusterNameOf, type MskStackProps, plannedVolumeGiB } from './msk-props.ts';

export class MskStack extends Stack {
  readonly cluster: MskKafka;

  /** Throws USAGE, with every fault, when the plan or a prop cannot become an MSK cluster. */
  constructor(scope: Construct, id: string, props: MskStackProps) {
    refuseFaults(mskFaults(props));
    // CloudFormation takes 1024 bytes of description.
    super(scope, id, { description: props.plan.description.slice(0, 250), terminationProtection: true, ...props });
    const { plan } = props;
    this.cluster = this.createCluster(props);
    // Serverless has no topic API: its topics are made by a client.
    if (this.cluster.kind !== 'msk-serverless') {
      const { clusterArn } = this.cluster;
      new MskTopics(this, 'Topics', { clusterArn, topics: plan.topics, tieredLocalMs: props.tieredLocalMs ?? null });
    }
    new CfnOutput(this, 'ClusterArn', { value: this.cluster.clusterArn });
    new CfnOutput(this, 'ClientSecurityGroupId', { value: this.cluster.clients.securityGroupId });
  }

  private createCluster(props: MskStackProps): MskKafka {
    const { plan, encryptionKeyArn, scramUsers, monitoringLevel } = props;
    const network = networkIn(this, props.network, plan.cluster.zones);
    const { target } = plan.cluster;
    const clusterName = clusterNameOf(props);
    if (target === 'msk-serverless') return new MskServerless(this, 'Kafka', { network, clusterName });
    return new MskCluster(this, 'Kafka', {
      plan: plan.cluster,
      network,
      clusterName,
      instanceType: props.instanceType ?? plan.cluster.instanceType ?? '',
      storage: target === 'msk-express' ? null : standardStorage(props),
      kafkaVersion: props.kafkaVersion ?? defaultVersions[target === 'msk-express' ? target : 'msk'],
      ...(scramUsers === undefined ? {} : { scramUsers }),
      ...(monitoringLevel === undefined ? {} : { monitoringLevel }),
      ...(encryptionKeyArn === undefined
        ? {}
        : { encryptionKey: kms.Key.fromKeyArn(this, 'EncryptionKey', encryptionKeyArn) }),
    });
  }
}

function standardStorage({ plan, volumeGiB, tieredLocalMs }: MskStackProps): StandardStorage {
  return {
    volumeGiB: volumeGiB ?? plannedVolumeGiB(plan),
    throughputMiBps: plan.storage.provisionedThroughputMiBps,
    tiered: tieredLocalMs !== undefined,
  };
}

function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0)
    throw new HeadroomError('USAGE', `the stack cannot be made:\n${faults.map((fault) => `  ${fault}`).join('\n')}`, {
      hint: 'change the use case file, or state values with -c, such as -c instanceType=kafka.m7g.large -c volumeGiB=100',
    });
}
