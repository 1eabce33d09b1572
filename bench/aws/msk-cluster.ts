/**
 * An MSK cluster as AWS describes it: what it is made of, how its brokers are set, where they listen. Reads only; what it
 * says is compared with the plan before anything is written to the brokers.
 */
import {
  type Cluster,
  DescribeClusterV2Command,
  DescribeConfigurationRevisionCommand,
  GetBootstrapBrokersCommand,
  type KafkaClient,
  paginateListNodes,
} from '@aws-sdk/client-kafka';
import { HeadroomError } from '../../lib/errors.ts';
import type { ProvisionedCluster } from '../../lib/measurement/types.ts';
import { askAws } from './ask-aws.ts';
import { type MskListener, mskListeners } from './msk-listeners.ts';

export interface MskCluster {
  readonly provisioned: ProvisionedCluster;
  /** Ids of the brokers by AWS's word; null on Serverless, which shows none. */
  readonly brokerIds: readonly number[] | null;
  readonly listeners: readonly MskListener[];
  /** What could not be read, each in words. */
  readonly notes: readonly string[];
}

const bytesPerGiB = 2 ** 30;

/** `arn:aws:kafka:us-east-1:123456789012:cluster/name/id`: the region in it. Throws USAGE for anything else. */
export function regionOfClusterArn(arn: string): string {
  const region = /^arn:aws[a-z-]*:kafka:([a-z0-9-]+):\d{12}:cluster\/[^/]+\/[^/]+$/.exec(arn)?.[1];
  if (region !== undefined) return region;
  throw new HeadroomError('USAGE', `--cluster-arn: expected the ARN of an MSK cluster, got "${arn}"`, {
    hint: 'for instance arn:aws:kafka:us-east-1:123456789012:cluster/course-events-1/…; aws kafka list-clusters-v2 shows them',
  });
}

/**
 * Throws TARGET_UNREACHABLE when AWS does not answer or refuses, RESOURCE_MISSING when there is no such cluster or it is
 * not active.
 */
export async function readMskCluster(client: KafkaClient, arn: string): Promise<MskCluster> {
  const described = await askAws('describe the cluster', () =>
    client.send(new DescribeClusterV2Command({ ClusterArn: arn })),
  );
  const cluster = described.ClusterInfo ?? {};
  requireActive(cluster, arn);
  const notes: string[] = [];
  const settings = await readConfiguration(client, cluster, notes);
  const brokers = await askAws('ask for the brokers', () =>
    client.send(new GetBootstrapBrokersCommand({ ClusterArn: arn })),
  );
  return {
    provisioned: describe(cluster, arn, settings),
    brokerIds: cluster.ClusterType === 'SERVERLESS' ? null : await readBrokerIds(client, arn),
    listeners: mskListeners(brokers),
    notes,
  };
}

function requireActive({ State, StateInfo }: Cluster, arn: string): void {
  if (State === 'ACTIVE') return;
  const reason = StateInfo?.Message === undefined ? '' : `: ${StateInfo.Message}`;
  throw new HeadroomError(
    'RESOURCE_MISSING',
    `the cluster ${arn} is ${State ?? 'in no known state'}, not ACTIVE${reason}`,
    {
      hint: 'wait until the change that runs on it is over; figures of a cluster that is being changed prove nothing',
    },
  );
}

function describe(cluster: Cluster, arn: string, settings: ProvisionedCluster['settings']): ProvisionedCluster {
  const { Provisioned: made } = cluster;
  const group = made?.BrokerNodeGroupInfo;
  const volume = group?.StorageInfo?.EbsStorageInfo;
  const bought = volume?.ProvisionedThroughput;
  return {
    arn,
    name: cluster.ClusterName ?? '',
    target: targetOf(cluster),
    kafkaVersion: made?.CurrentBrokerSoftwareInfo?.KafkaVersion ?? null,
    instanceType: group?.InstanceType ?? null,
    brokers: made?.NumberOfBrokerNodes ?? null,
    zones: group === undefined ? null : (group.ZoneIds ?? group.ClientSubnets ?? []).length,
    volumeBytes: volume?.VolumeSize === undefined ? null : volume.VolumeSize * bytesPerGiB,
    throughputMiBps: bought?.Enabled === true ? (bought.VolumeThroughput ?? null) : volume === undefined ? null : 0,
    storageMode: made?.StorageMode ?? null,
    settings,
  };
}

function targetOf({ ClusterType, Provisioned }: Cluster): ProvisionedCluster['target'] {
  if (ClusterType === 'SERVERLESS') return 'msk-serverless';
  return Provisioned?.BrokerNodeGroupInfo?.InstanceType?.startsWith('express.') === true ? 'msk-express' : 'msk';
}

/** The lines of its configuration; null, with a note, when there is none or it may not be read. */
async function readConfiguration(
  client: KafkaClient,
  { Provisioned }: Cluster,
  notes: string[],
): Promise<ProvisionedCluster['settings']> {
  if (Provisioned === undefined) return null;
  const { ConfigurationArn: Arn, ConfigurationRevision: Revision } = Provisioned.CurrentBrokerSoftwareInfo ?? {};
  if (Arn === undefined || Revision === undefined) {
    notes.push('the cluster has no configuration of its own: MSK elects unclean leaders by default');
    return {};
  }
  try {
    const { ServerProperties } = await client.send(new DescribeConfigurationRevisionCommand({ Arn, Revision }));
    return parseLines(Buffer.from(ServerProperties ?? []).toString('utf8'));
  } catch (error) {
    notes.push(`the cluster's configuration could not be read: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

function parseLines(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').flatMap((line) => {
    const match = /^\s*([^#=\s][^=\s]*)\s*=\s*(.*?)\s*$/.exec(line);
    return match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const];
  });
  return Object.fromEntries(pairs);
}

async function readBrokerIds(client: KafkaClient, arn: string): Promise<readonly number[]> {
  return await askAws('list the brokers', async () => {
    const ids: number[] = [];
    for await (const page of paginateListNodes({ client }, { ClusterArn: arn }))
      for (const { BrokerNodeInfo } of page.NodeInfoList ?? [])
        if (BrokerNodeInfo?.BrokerId !== undefined) ids.push(BrokerNodeInfo.BrokerId);
    return ids.sort((a, b) => a - b);
  });
}
