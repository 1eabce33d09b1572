import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import { gp2, gp2MiBps, gp3, otherVolumes } from '../../../lib/plan/facts/ebs-volumes.ts';
import { ec2Instances } from '../../../lib/plan/facts/ec2-instances.ts';
import { kafkaFacts, selfManagedFacts } from '../../../lib/plan/facts/kafka.ts';
import { mskExpressBrokers } from '../../../lib/plan/facts/msk-express.ts';
import {
  mskConnectLimits,
  mskDefaultSettings,
  mskExpressLimits,
  mskReplicatorLimits,
  mskServerlessLimits,
  mskStandardLimits,
  mskTieredLimits,
} from '../../../lib/plan/facts/msk-limits.ts';
import { mskStandardBrokers } from '../../../lib/plan/facts/msk-standard.ts';
import { priceTableOf } from '../../../lib/plan/facts/prices/index.ts';

type Row = Record<string, unknown> & { type: string };
type Prices = Record<string, Record<string, unknown>>;

/** The figures as they were collected, kept apart from the data so that a slip of the hand shows. */
const published = JSON.parse(
  readFileSync(join(packageRoot, 'test/plan/facts/golden/published-figures.json'), 'utf8'),
) as {
  mskStandard: Row[];
  mskExpress: Row[];
  ec2: Row[];
  limits: Record<
    'standard' | 'express' | 'serverless' | 'tieredStorage' | 'replicator' | 'connect',
    Record<string, unknown>
  >;
  mskDefaultConfig: Record<string, unknown>;
  ebs: Record<'gp3' | 'gp2' | 'io1' | 'io2' | 'st1' | 'sc1', Record<string, unknown>>;
  prices: Prices;
  kafkaConstants: Record<string, unknown>;
};

/** Our name of a figure -> its published name. */
type Names = Record<string, string>;

function expectFacts(facts: object, figures: Record<string, unknown>, names: Names): void {
  for (const [ours, theirs] of Object.entries(names)) {
    const found = (facts as Record<string, { value: unknown }>)[ours];
    expect(found, ours).toBeDefined();
    expect(found?.value, ours).toEqual(figures[theirs] ?? null);
  }
}

const byType = <T extends { readonly type: string }>(rows: readonly T[], type: string): T | undefined =>
  rows.find((row) => row.type === type);

describe('instances', () => {
  const standard: Names = {
    vcpu: 'vcpu',
    memoryGiB: 'memGiB',
    networkMiBps: 'networkBaselineMiBps',
    networkMbps: 'networkBaselineMbps',
    ebsMiBps: 'ebsThroughputMiBps',
    partitionsRecommended: 'partitionsRecommended',
    partitionsMax: 'partitionsMaxForUpdates',
    provisionedThroughputMaxMiBps: 'provisionedThroughputMaxMiBps',
    ioThreads: 'numIoThreads',
    networkThreads: 'numNetworkThreads',
    replicaFetchers: 'numReplicaFetchers',
    iamNewConnectionsPerSec: 'iamNewConnPerSec',
    production: 'production',
    tieredStorage: 'tieredStorage',
    multiVpc: 'multiVpc',
  };
  const express: Names = {
    vcpu: 'vcpu',
    memoryGiB: 'memGiB',
    ingressSustainedMBps: 'ingressSustainedMBps',
    ingressMaxMBps: 'ingressMaxMBps',
    egressSustainedMBps: 'egressSustainedMBps',
    egressMaxMBps: 'egressMaxMBps',
    partitionsRecommended: 'partitionsRecommended',
    partitionsMax: 'partitionsMax',
  };
  const ec2: Names = {
    vcpu: 'vcpu',
    memoryGiB: 'memGiB',
    networkBaselineMbps: 'networkBaselineMbps',
    ebsMaxMbps: 'ebsMaxMbps',
    ebsBaselineMbps: 'ebsBaselineMbps',
    localDiskGB: 'localNvmeGB',
  };
  const cases = [
    ...published.mskStandard.map((row) => [row.type, row, mskStandardBrokers.rows, standard] as const),
    ...published.mskExpress.map((row) => [row.type, row, mskExpressBrokers.rows, express] as const),
    ...published.ec2.map((row) => [row.type, row, ec2Instances.rows, ec2] as const),
  ];

  it.each(cases)('%s is as published', (type, row, rows, names) => {
    const found = byType(rows as readonly { type: string }[], type) as Record<string, unknown> | undefined;
    for (const [ours, theirs] of Object.entries(names)) expect(found?.[ours], ours).toEqual(row[theirs] ?? null);
  });

  it('carries no type that was not published', () => {
    expect(mskStandardBrokers.rows).toHaveLength(published.mskStandard.length);
    expect(mskExpressBrokers.rows).toHaveLength(published.mskExpress.length);
    expect(ec2Instances.rows).toHaveLength(published.ec2.length);
  });
});

describe('limits', () => {
  it('of MSK Standard', () => {
    expectFacts(mskStandardLimits, published.limits.standard, {
      brokersPerAccount: 'brokersPerAccount',
      brokersPerClusterZooKeeper: 'brokersPerClusterZooKeeper',
      brokersPerClusterKRaft: 'brokersPerClusterKRaft',
      storageMinGiB: 'storageMinGiB',
      storageMaxGiB: 'storageMaxGiB',
      iamConnectionsPerBroker: 'iamMaxConnectionsPerBroker',
      iamNewConnectionsPerSec: 'iamNewConnPerSec',
      iamNewConnectionsPerSecT3: 'iamNewConnPerSecT3',
      connectionsPerBrokerWithoutIam: 'nonIamMaxConnections',
      configurationsPerAccount: 'configurationsPerAccount',
      revisionsPerConfiguration: 'revisions',
      zones: 'azs',
      cpuTargetPercent: 'cpuTargetPct',
      noReassignmentAboveCpuPercent: 'noReassignAboveCpuPct',
      diskAlarmPercent: 'diskAlarmPct',
      diskAlertsPercent: 'diskAlertsPct',
      autoscalingTargetPercent: 'autoscaleTargetPct',
      autoscalingTargetRecommendedPercent: 'autoscaleTargetRecommendedPct',
      storageCooldownHours: 'storageCooldownHours',
      storageOptimizeMaxHours: 'storageOptimizeMaxHours',
      partitionsPerReassignCall: 'partitionsPerReassignCall',
      provisionedThroughputMinMiBps: 'pstMinMiBps',
      provisionedThroughputMinVolumeGiB: 'pstMinVolumeGiB',
      defaultVolumeThroughputMiBps: 'defaultVolumeThroughputMiBps',
      brokerRestartMinutes: 'brokerRestartMinutes',
      resizeMinutesPerBroker: 'resizeMinutesPerBroker',
    });
  });

  it('of MSK Express', () => {
    expectFacts(mskExpressLimits, published.limits.express, {
      zones: 'azs',
      replicationFactor: 'replicationFactor',
      minInsyncReplicas: 'minInsyncReplicas',
      uncleanLeaderElection: 'uncleanLeaderElection',
      brokerMultipleOf: 'brokerMultipleOf',
      minBrokers: 'minBrokers',
      ingressPerPartitionMBps: 'perPartitionMaxMBps',
      iamConnectionsPerBroker: 'iamMaxConnectionsPerBroker',
      iamNewConnectionsPerSec: 'iamNewConnPerSec',
      kafkaVersions: 'kafkaVersions',
      kraftFrom: 'kraftFrom',
      kafkaStreamsFullySupported: 'kafkaStreamsFullySupported',
      shareGroups: 'kip932Queues',
      partitionsPerReassignCall: 'partitionsPerReassignCall',
      tieredStorage: 'tieredStorage',
    });
  });

  it('of MSK Serverless', () => {
    expectFacts(mskServerlessLimits, published.limits.serverless, {
      ingressMBps: 'ingressMBps',
      egressMBps: 'egressMBps',
      partitions: 'partitionsNonCompacted',
      compactedPartitions: 'partitionsCompacted',
      ingressPerPartitionMBps: 'ingressPerPartitionMBps',
      egressPerPartitionMBps: 'egressPerPartitionMBps',
      retention: 'maxRetention',
      defaultRetentionDays: 'defaultRetentionDays',
      defaultRetentionGiB: 'defaultRetentionBytesGiB',
      connections: 'clientConnections',
      newConnectionsPerSec: 'connAttemptsPerSec',
      messageMiB: 'maxMessageMiB',
      requestsPerSec: 'requestRatePerSec',
      topicCallsPerSec: 'topicApiPerSec',
      fetchMB: 'fetchMB',
      consumerGroups: 'consumerGroups',
      compactedPartitionGB: 'compactedPartitionSizeGB',
      clientVpcs: 'clientVpcs',
      clustersPerAccount: 'clustersPerAccount',
      auth: 'auth',
      kafkaVersion: 'kafkaVersion',
    });
  });

  it('of tiered storage', () => {
    expectFacts(mskTieredLimits, published.limits.tieredStorage, {
      minRetentionMs: 'minRetentionMs',
      minLocalRetentionMs: 'minLocalRetention',
      minSegmentMiB: 'minSegmentMiB',
      minSegmentRollMinutes: 'minSegmentRollMinutes',
      defaultSegmentMiB: 'defaultSegmentMiB',
      compactedAllowed: 'compactedAllowed',
      canBeEnabledAgain: 'reEnableAfterDisable',
    });
  });

  it('of MSK Replicator and MSK Connect', () => {
    expectFacts(mskReplicatorLimits, published.limits.replicator, {
      replicatorsPerAccount: 'perAccount',
      topicsPerReplicator: 'topicsPerReplicator',
      ingressGBps: 'ingressGBps',
      recordMB: 'maxRecordMB',
    });
    expectFacts(mskConnectLimits, published.limits.connect, {
      customPlugins: 'customPlugins',
      workerConfigurations: 'workerConfigs',
      workersPerAccount: 'workersPerAccount',
      workersPerConnector: 'workersPerConnector',
      mcuPerWorker: 'mcuPerWorker',
    });
  });

  it('that MSK sets in its brokers', () => {
    const names = Object.keys(mskDefaultSettings);
    expectFacts(mskDefaultSettings, published.mskDefaultConfig, Object.fromEntries(names.map((name) => [name, name])));
  });

  it('of EBS volumes', () => {
    expectFacts(gp3, published.ebs.gp3, {
      baselineMiBps: 'baselineMiBps',
      baselineIops: 'baselineIops',
      maxMiBps: 'maxMiBps',
      maxIops: 'maxIops',
      maxGiB: 'maxGiB',
      miBpsPerIops: 'miBpsPerIops',
    });
    expectFacts(gp2, published.ebs.gp2, { maxMiBps: 'maxMiBps', minMiBps: 'minMiBps', maxIops: 'maxIops' });
    for (const [type, facts] of Object.entries(otherVolumes)) {
      const figures = published.ebs[type as keyof typeof otherVolumes];
      expectFacts(facts, figures, Object.fromEntries(Object.keys(facts).map((name) => [name, name])));
    }
    expect([1, 200, 400].map(gp2MiBps)).toEqual([128, 150, 250]);
  });

  it('of Kafka', () => {
    const names: Names = {
      heapGiB: 'heapGiB',
      pageCacheSeconds: 'pageCacheSeconds',
      fileDescriptors: 'fileDescriptors',
      maxMapCount: 'maxMapCountDefault',
      mapAreasPerSegment: 'mapAreasPerSegment',
      bufferMemoryBytes: 'bufferMemory',
      batchSizeBytes: 'batchSize',
      maxInFlight: 'maxInFlight',
      segmentMs: 'segmentMs',
      segmentBytes: 'defaultSegmentBytes',
      deleteDelayMs: 'deleteDelayMs',
    };
    const same = Object.keys(kafkaFacts).filter((name) => name in published.kafkaConstants && name !== 'lingerMs');
    expectFacts(kafkaFacts, published.kafkaConstants, { ...Object.fromEntries(same.map((n) => [n, n])), ...names });
    expect(kafkaFacts.lingerMs.value).toEqual({
      before4: (published.kafkaConstants.lingerMs as Record<string, number>)['<4.0'],
      from4: (published.kafkaConstants.lingerMs as Record<string, number>)['>=4.0'],
    });
    expect(selfManagedFacts.partitionsPerBroker.value).toBe(4000);
  });
});

describe('prices', () => {
  const scalars: Names = {
    mskStorageGbMonth: 'mskStorageGbMonth',
    mskProvisionedThroughputMiBpsMonth: 'mskProvisionedThroughputMBpsMonth',
    mskTieredGbMonth: 'mskTieredGbMonth',
    mskTieredRetrievalGb: 'mskTieredRetrievalGb',
    expressStorageGbMonth: 'expressStorageGbMonth',
    expressDataInGb: 'expressDataInGb',
    serverlessClusterHour: 'serverlessClusterHour',
    serverlessPartitionHour: 'serverlessPartitionHour',
    serverlessStorageGbMonth: 'serverlessStorageGiBMonth',
    serverlessInGb: 'serverlessInGiB',
    serverlessOutGb: 'serverlessOutGiB',
    gp3GbMonth: 'gp3GbMonth',
    gp3MiBpsMonth: 'gp3MBpsMonth',
    gp3IopsMonth: 'gp3IopsMonth',
    crossZoneGb: 'crossAzGbBothWays',
  };

  it.each(['us-east-1', 'ap-northeast-2', 'ap-east-1'])('of %s are as published', (region) => {
    const table = priceTableOf(region) as unknown as Record<string, unknown>;
    for (const [ours, theirs] of Object.entries(scalars))
      expect(table[ours], ours).toEqual(published.prices[region]?.[theirs] ?? null);
  });

  it('by instance are as published, and no other type has one', () => {
    const priced = (rows: Row[], column: string): Record<string, unknown> =>
      Object.fromEntries(rows.filter((row) => row[column] !== null).map((row) => [row.type, row[column]]));
    const virginia = priceTableOf('us-east-1');
    expect(virginia?.mskBrokerHour).toEqual(priced(published.mskStandard, 'usdPerHourUsEast1'));
    expect(virginia?.expressBrokerHour).toEqual(priced(published.mskExpress, 'usdPerHourUsEast1'));
    expect(virginia?.ec2Hour).toEqual(priced(published.ec2, 'usdPerHourUsEast1'));
    expect(priceTableOf('ap-northeast-2')?.ec2Hour).toEqual(priced(published.ec2, 'usdPerHourApNortheast2'));
    expect(priceTableOf('ap-northeast-2')?.mskBrokerHour).toEqual({});
    expect(priceTableOf('ap-east-1')?.mskBrokerHour).toEqual(published.prices['ap-east-1']?.mskBrokerHour);
  });

  it('of a region without a table are none', () => {
    expect(priceTableOf('eu-central-1')).toBeNull();
    expect(priceTableOf(null)).toBeNull();
  });
});
