/**
 * What each target fixes or limits, whatever the instance type. Collected 2026-11-21.
 * Sources: the AWS MSK developer guide, pages "Express brokers" and "MSK Serverless quotas"; broker and zone rules from
 * its "Best practices". MB = 10^6 bytes.
 */
import type { Target } from '../requirements/types.ts';

export interface TargetRules {
  /** Where the rules below come from, for `why`. */
  readonly source: string;
  /** Replication that the target sets by itself; null: the topic chooses. */
  readonly fixed: { readonly replicas: number; readonly minInsyncReplicas: number } | null;
  /** Numbers of zones the target accepts; null: any. */
  readonly zones: readonly number[] | null;
  /** Every zone holds the same number of brokers. */
  readonly brokersPerZoneEqual: boolean;
  /** Brokers cannot be chosen or seen. */
  readonly brokersHidden: boolean;
  /** What one partition takes in and gives out; null: not limited by the target. */
  readonly partitionLimits: {
    readonly ingressBytesPerSec: number | null;
    readonly egressBytesPerSec: number | null;
  };
  /** Limits of the whole cluster; null: they follow from the instance type. */
  readonly clusterLimits: {
    readonly ingressBytesPerSec: number;
    readonly egressBytesPerSec: number;
    readonly partitions: number;
    readonly compactedPartitions: number;
    readonly messageBytes: number;
  } | null;
  /** `segment.ms` may be set on a topic. */
  readonly segmentSettings: boolean;
}

const free: TargetRules = {
  source: 'Apache Kafka',
  fixed: null,
  zones: null,
  brokersPerZoneEqual: false,
  brokersHidden: false,
  partitionLimits: { ingressBytesPerSec: null, egressBytesPerSec: null },
  clusterLimits: null,
  segmentSettings: true,
};

export const targetRules: Readonly<Record<Target, TargetRules>> = {
  existing: free,
  ec2: free,
  msk: {
    ...free,
    source: 'AWS MSK developer guide, best practices for Standard brokers',
    zones: [2, 3],
    brokersPerZoneEqual: true,
  },
  'msk-express': {
    ...free,
    source: 'AWS MSK developer guide, Express brokers',
    fixed: { replicas: 3, minInsyncReplicas: 2 },
    zones: [3],
    brokersPerZoneEqual: true,
    partitionLimits: { ingressBytesPerSec: 15_000_000, egressBytesPerSec: null },
  },
  'msk-serverless': {
    ...free,
    source: 'AWS MSK developer guide, MSK Serverless quotas',
    fixed: { replicas: 3, minInsyncReplicas: 2 },
    brokersHidden: true,
    partitionLimits: { ingressBytesPerSec: 5_000_000, egressBytesPerSec: 10_000_000 },
    clusterLimits: {
      ingressBytesPerSec: 200_000_000,
      egressBytesPerSec: 400_000_000,
      partitions: 2400,
      compactedPartitions: 120,
      messageBytes: 8 * 1024 * 1024,
    },
    segmentSettings: false,
  },
};
