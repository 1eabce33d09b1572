import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import { exporterPorts } from '../../../lib/constructs/ec2-settings.ts';
import { monitoringLevels } from '../../../lib/constructs/msk-cluster.ts';
import { iamListenerPort, scramListenerPort } from '../../../lib/constructs/msk-kafka.ts';
import { defaultVersions, endedVersions, standardVersions } from '../../../lib/constructs/msk-versions.ts';
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
import { rules } from '../../../lib/plan/facts/sizing-rules.ts';
import { kafkaPorts } from '../../../lib/stacks/rules/data-rules.ts';
import { watched } from './watched-figures.ts';

type Figures = Record<string, unknown>;
type Row = Figures & { type: string };

/** The figures as they were collected, kept apart from the data so that a slip of the hand shows. */
const { figures: published, unread } = watched<{
  mskStandard: Row[];
  mskExpress: Row[];
  ec2: Row[];
  limits: Record<'standard' | 'express' | 'serverless' | 'tieredStorage' | 'replicator' | 'connect', Figures>;
  mskDefaultConfig: Figures;
  ebs: Record<'gp3' | 'gp2' | 'io1' | 'io2' | 'st1' | 'sc1', Figures>;
  prices: Record<string, Figures>;
  kafkaConstants: Figures;
  ports: Figures & { ipv6: Figures };
  cloudwatchLevels: { level: string; free: boolean }[];
  kafkaVersions: { v: string; ga: string | null; eos: string | null }[];
  guidance: Figures;
  clientInstances: Figures;
}>(readFileSync(join(packageRoot, 'test/plan/facts/golden/published-figures.json'), 'utf8'));

/** Our name of a figure -> its published name. */
type Names = Record<string, string>;

function expectFacts(facts: object, figures: Figures, names: Names): void {
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
  const everyExpress: Names = {
    ingressPerPartitionMBps: 'perPartitionMaxMBps',
    iamNewConnectionsPerSec: 'iamNewConnPerSec',
    iamConnectionsPerBroker: 'iamMaxConnections',
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

  it('of MSK are instances of EC2, with their links', () => {
    for (const { type, ec2EbsMaxMbps = null } of published.mskStandard)
      expect(byType(ec2Instances.rows, type.replace('kafka.', ''))?.ebsMaxMbps ?? null, type).toBe(ec2EbsMaxMbps);
    for (const row of published.mskExpress) expectFacts(mskExpressLimits, row, everyExpress);
  });

  it('have their baseline in bytes where it is in bits', () => {
    for (const { type, ebsBaselineMbps, ebsBaselineMBps } of published.ec2)
      expect(typeof ebsBaselineMbps === 'number' ? ebsBaselineMbps / 8 : null, type).toBe(ebsBaselineMBps);
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
      autoscalingStep: 'autoscaleStep',
      storageCanShrink: 'storageCanShrink',
      m7gKafkaVersions: 'm7gKafkaVersions',
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
      storage: 'storage',
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
      acls: 'acls',
      kafkaVersion: 'kafkaVersion',
    });
    const { partitionChangesPer5Minutes: changes } = mskServerlessLimits;
    expect(`${changes.value} per 5 min`).toBe(published.limits.serverless.partitionCreateDelete);
  });

  it('of tiered storage', () => {
    expectFacts(mskTieredLimits, published.limits.tieredStorage, {
      minRetentionMs: 'minRetentionMs',
      minLocalRetentionMs: 'minLocalRetention',
      minSegmentMiB: 'minSegmentMiB',
      minSegmentRollMinutes: 'minSegmentRollMinutes',
      defaultSegmentMiB: 'defaultSegmentMiB',
      localRetentionDefaultMs: 'localRetentionDefault',
      localBelowTotal: 'localMustBeBelowTotal',
      compactedAllowed: 'compactedAllowed',
      t3Allowed: 't3Allowed',
      canBeEnabledAgain: 'reEnableAfterDisable',
      kafkaVersions: 'versions',
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
    expect(names.toSorted()).toEqual(Object.keys(published.mskDefaultConfig).toSorted());
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
    const before = published.ebs.gp3.oldMax as Figures;
    expect(gp3.maxMiBps.note).toBe(`${before.MiBps} before ${before.until}`);
    expect(gp3.maxIops.note).toBe(`${before.iops} before ${before.until}`);
    expect(gp3.maxGiB.note).toBe(`${before.GiB} before ${before.until}`);
    expect(String(published.ebs.gp2.formula)).toContain(`${gp2.miBpsPerGiB.value}*GiB`);
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
    const { guidance } = published;
    expect(selfManagedFacts.partitionsPerBroker.value).toBe(guidance.partitionsPerBroker);
    expect(selfManagedFacts.partitionsPerCluster.value).toBe(guidance.partitionsPerClusterZk);
    expect(guidance.partitionsPerClusterKRaft).toContain('no primary source found');
    expect(selfManagedFacts.partitionsPerClusterKRaft.value).toBeNull();
  });

  it('of load clients', () => {
    const { recommended, perInstanceTargetMBps, formula } = published.clientInstances;
    expect(rules.loadClientInstance.value).toBe(recommended);
    expect(rules.loadClientMBps.value).toBe(perInstanceTargetMBps);
    expect(formula).toContain(`/${perInstanceTargetMBps}`);
  });

  it('that stacks keep to: ports, levels of metrics, Kafka versions', () => {
    const { ipv6, ...ports } = published.ports;
    expect([iamListenerPort, scramListenerPort]).toEqual([ports.iam, ports.scram]);
    expect(exporterPorts).toEqual({ jmx: ports.jmxExporter, node: ports.nodeExporter });
    expect(kafkaPorts).toEqual(expect.arrayContaining([...Object.values(ports), ...Object.values(ipv6)]));
    expect(published.cloudwatchLevels.map(({ level }) => level)).toEqual(monitoringLevels);
    expect(published.cloudwatchLevels.filter(({ free }) => free).map(({ level }) => level)).toEqual(['DEFAULT']);
    const versions = new Map(published.kafkaVersions.map(({ v, ...dates }) => [v, dates] as const));
    for (const version of standardVersions)
      expect(versions.get(version.replace('.kraft', ''))).toMatchObject({ ga: expect.any(String), eos: null });
    const ended = published.kafkaVersions.flatMap(({ v, eos }) => (eos === null ? [] : [[v, eos]]));
    expect(endedVersions).toEqual(Object.fromEntries(ended));
    expect(versions.get(defaultVersions.msk.replace('.kraft', ''))?.eos).toBeNull();
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
    const priced = (rows: Row[], column: string): Figures =>
      Object.fromEntries(rows.filter((row) => row[column] !== null).map((row) => [row.type, row[column]]));
    const virginia = priceTableOf('us-east-1');
    expect(virginia?.mskBrokerHour).toEqual(priced(published.mskStandard, 'usdPerHourUsEast1'));
    expect(virginia?.expressBrokerHour).toEqual(priced(published.mskExpress, 'usdPerHourUsEast1'));
    expect(virginia?.ec2Hour).toEqual(priced(published.ec2, 'usdPerHourUsEast1'));
    expect(priceTableOf('ap-northeast-2')?.ec2Hour).toEqual(priced(published.ec2, 'usdPerHourApNortheast2'));
    expect(priceTableOf('ap-northeast-2')?.mskBrokerHour).toEqual(
      priced(published.mskStandard, 'usdPerHourApNortheast2'),
    );
    expect(published.prices['ap-northeast-2']?.mskBrokerHour).toBeNull();
    expect(priceTableOf('ap-northeast-2')?.expressBrokerHour).toEqual(
      priced(published.mskExpress, 'usdPerHourApNortheast2'),
    );
    expect(priceTableOf('ap-east-1')?.mskBrokerHour).toEqual(published.prices['ap-east-1']?.mskBrokerHour);
  });

  it('between zones are the sum of both sides, and none for replication inside MSK', () => {
    const { crossAzGbEachWay, crossAzGbBothWays, inClusterReplication } = published.prices['us-east-1'] ?? {};
    expect(Number(crossAzGbEachWay) * 2).toBe(crossAzGbBothWays);
    expect(published.prices['ap-northeast-2']?.crossAzGbEachWay).toBeNull();
    // That no plan bills it is in published-sums.test.ts.
    expect(inClusterReplication).toBe(0);
  });

  it('of a region without a table are none', () => {
    expect(priceTableOf('eu-central-1')).toBeNull();
    expect(priceTableOf(null)).toBeNull();
  });
});

it('leaves out nothing that was published, but prices of what no plan buys', () => {
  expect(unread()).toEqual([
    'prices/us-east-1/connectMcuHour',
    'prices/us-east-1/gp2GbMonth',
    'prices/ap-northeast-2/gp2GbMonth',
    'prices/ap-northeast-2/io2GbMonth',
    'prices/ap-northeast-2/st1GbMonth',
  ]);
});
