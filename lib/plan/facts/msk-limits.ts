/** What MSK fixes or limits whatever the broker size: Standard, Express, Serverless, tiered storage. MB is 10^6 bytes. */
import { fact } from './fact.ts';

export const mskStandardLimits = {
  brokersPerAccount: fact(90, 'brokers', 'mskLimits'),
  brokersPerClusterZooKeeper: fact(30, 'brokers', 'mskBestPractices'),
  brokersPerClusterKRaft: fact(60, 'brokers', 'mskBestPractices', 'can be raised on request'),
  zones: fact([2, 3] as const, 'zones', 'mskGuide2023', 'the number of brokers is a multiple of the zones'),
  storageMinGiB: fact(1, 'GiB', 'mskOperations'),
  storageMaxGiB: fact(16_384, 'GiB', 'mskOperations', 'a volume can grow, never shrink'),
  defaultVolumeThroughputMiBps: fact(250, 'MiB/s', 'mskProvisionedThroughput', 'without provisioned throughput'),
  provisionedThroughputMinMiBps: fact(250, 'MiB/s', 'mskProvisionedThroughput'),
  provisionedThroughputMinVolumeGiB: fact(10, 'GiB', 'mskProvisionedThroughput'),
  iamConnectionsPerBroker: fact(3000, 'connections', 'mskLimits', 'with IAM; without IAM no limit is enforced'),
  iamNewConnectionsPerSec: fact(100, 'connections/s', 'mskLimits', '20 before 2022-05-25'),
  iamNewConnectionsPerSecT3: fact(4, 'connections/s', 'mskLimits'),
  connectionsPerBrokerWithoutIam: fact<number>(null, 'connections', 'mskLimits', 'not enforced'),
  configurationsPerAccount: fact(100, 'configurations', 'mskLimits'),
  revisionsPerConfiguration: fact(50, 'revisions', 'mskLimits'),
  cpuTargetPercent: fact(
    60,
    '%',
    'mskOperations',
    'CpuUser + CpuSystem below it, so that the rest carries a lost broker',
  ),
  noReassignmentAboveCpuPercent: fact(70, '%', 'mskOperations'),
  diskAlarmPercent: fact(85, '%', 'mskOperations'),
  diskAlertsPercent: fact([60, 80] as const, '%', 'mskOperations'),
  autoscalingTargetPercent: fact([10, 80] as const, '%', 'mskOperations'),
  autoscalingTargetRecommendedPercent: fact([50, 60] as const, '%', 'mskOperations'),
  volumeThroughputAlarmPercent: fact(80, '%', 'mskOperations'),
  connectionsAlarmPercent: fact(80, '%', 'mskOperations'),
  storageCooldownHours: fact(6, 'h', 'mskOperations', 'between two enlargements'),
  storageOptimizeMaxHours: fact(24, 'h', 'mskOperations'),
  partitionsPerReassignCall: fact(10, 'partitions', 'mskOperations'),
  brokerRestartMinutes: fact([5, 15] as const, 'min', 'mskOperations'),
  resizeMinutesPerBroker: fact([10, 15] as const, 'min', 'mskOperations'),
} as const;

export const mskExpressLimits = {
  zones: fact([3] as const, 'zones', 'mskBestPractices'),
  replicationFactor: fact(3, 'replicas', 'mskBestPractices', 'fixed'),
  minInsyncReplicas: fact(2, 'replicas', 'mskBestPractices', 'fixed'),
  uncleanLeaderElection: fact(false, '', 'mskBestPractices', 'fixed'),
  brokerMultipleOf: fact(3, 'brokers', 'mskBestPractices'),
  minBrokers: fact(3, 'brokers', 'mskBestPractices'),
  ingressPerPartitionMBps: fact(15, 'MB/s', 'mskLimits'),
  iamConnectionsPerBroker: fact(3000, 'connections', 'mskLimits'),
  iamNewConnectionsPerSec: fact(100, 'connections/s', 'mskLimits'),
  kafkaVersions: fact(['3.6', '3.8', '3.9', '4.2'] as const, '', 'mskLimits', 'another digest of 2026 has no 4.2'),
  kraftFrom: fact('3.9', '', 'mskLimits'),
  kafkaStreamsFullySupported: fact(false, '', 'mskLimits'),
  shareGroups: fact(false, '', 'mskLimits', 'KIP-932'),
  tieredStorage: fact(false, '', 'mskLimits', 'storage has no size to choose and is paid by use'),
  partitionsPerReassignCall: fact(20, 'partitions', 'mskOperations'),
  sustainedAlarmPercent: fact(80, '%', 'mskOperations'),
} as const;

const older = 'texts of 2023 say 120 partitions, 24 h, 1000 connections, 3 clusters an account: no longer so';

export const mskServerlessLimits = {
  ingressMBps: fact(200, 'MB/s', 'mskLimits'),
  egressMBps: fact(400, 'MB/s', 'mskLimits'),
  partitions: fact(2400, 'partitions', 'mskLimits', older),
  compactedPartitions: fact(120, 'partitions', 'mskLimits'),
  ingressPerPartitionMBps: fact(5, 'MB/s', 'mskLimits'),
  egressPerPartitionMBps: fact(10, 'MB/s', 'mskLimits'),
  retention: fact('unlimited', '', 'mskLimits', older),
  defaultRetentionDays: fact(7, 'd', 'mskLimits'),
  defaultRetentionGiB: fact(250, 'GiB', 'mskLimits'),
  connections: fact(3000, 'connections', 'mskLimits', older),
  newConnectionsPerSec: fact(100, 'connections/s', 'mskLimits'),
  messageMiB: fact(8, 'MiB', 'mskLimits'),
  requestsPerSec: fact(15_000, 'requests/s', 'mskLimits'),
  topicCallsPerSec: fact(2, 'calls/s', 'mskLimits'),
  fetchMB: fact(55, 'MB', 'mskLimits'),
  consumerGroups: fact(500, 'groups', 'mskLimits'),
  partitionChangesPer5Minutes: fact(250, 'partitions', 'mskLimits', 'created or deleted'),
  compactedPartitionGB: fact(250, 'GB', 'mskLimits'),
  clientVpcs: fact(5, 'VPCs', 'mskLimits'),
  clustersPerAccount: fact(10, 'clusters', 'mskLimits', older),
  auth: fact(['IAM'] as const, '', 'mskLimits', 'no ACLs'),
  kafkaVersion: fact<string>(null, '', 'mskLimits', 'not published'),
} as const;

export const mskTieredLimits = {
  minRetentionMs: fact(259_200_000, 'ms', 'mskTiered', 'of the whole log; the local part has no minimum'),
  minLocalRetentionMs: fact<number>(null, 'ms', 'mskTiered', 'none; texts that say three days misread the total'),
  minSegmentMiB: fact(48, 'MiB', 'mskTiered'),
  minSegmentRollMinutes: fact(10, 'min', 'mskTiered'),
  defaultSegmentMiB: fact(128, 'MiB', 'mskTiered'),
  compactedAllowed: fact(false, '', 'mskTiered'),
  canBeEnabledAgain: fact(false, '', 'mskTiered', 'once switched off for a topic it stays off'),
  kafkaVersions: fact('3.6.0 or later, or 2.8.2.tiered', '', 'mskTiered'),
} as const;

export const mskReplicatorLimits = {
  replicatorsPerAccount: fact(15, 'replicators', 'mskDigests'),
  topicsPerReplicator: fact(750, 'topics', 'mskDigests'),
  ingressGBps: fact(1, 'GB/s', 'mskDigests'),
  recordMB: fact({ crossRegion: 10, sameRegion: 20 } as const, 'MB', 'mskDigests'),
} as const;

export const mskConnectLimits = {
  customPlugins: fact(100, 'plugins', 'mskDigests'),
  workerConfigurations: fact(100, 'configurations', 'mskDigests'),
  workersPerAccount: fact(60, 'workers', 'mskDigests'),
  workersPerConnector: fact(10, 'workers', 'mskDigests'),
  mcuPerWorker: fact([1, 8] as const, 'MCU', 'mskDigests'),
} as const;

/** Broker settings of MSK that differ from Apache Kafka's own, by number of zones or by storage where they depend on it. */
export const mskDefaultSettings = {
  'allow.everyone.if.no.acl.found': fact(true, '', 'mskGuide2023'),
  'auto.create.topics.enable': fact(false, '', 'mskGuide2023'),
  'default.replication.factor': fact({ '3az': 3, '2az': 2 } as const, 'replicas', 'mskGuide2023'),
  'min.insync.replicas': fact({ '3az': 2, '2az': 1 } as const, 'replicas', 'mskGuide2023'),
  'num.io.threads': fact(8, 'threads', 'mskGuide2023'),
  'num.network.threads': fact(5, 'threads', 'mskGuide2023'),
  'num.partitions': fact(1, 'partitions', 'mskGuide2023'),
  'num.replica.fetchers': fact(2, 'threads', 'mskGuide2023'),
  'replica.lag.time.max.ms': fact(30_000, 'ms', 'mskGuide2023'),
  'unclean.leader.election.enable': fact(
    { nonTiered: true, tiered: false } as const,
    '',
    'mskGuide2023',
    'true loses acknowledged records when all replicas in sync are gone',
  ),
  'log.retention.hours': fact(168, 'h', 'mskGuide2023'),
  'log.segment.bytes': fact({ nonTiered: 1_073_741_824, tiered: 134_217_728 } as const, 'B', 'mskOperations'),
} as const;
