/**
 * What each target fixes or limits, whatever the instance type. Collected 2026-11-21.
 * Sources: the AWS MSK developer guide, pages "Express brokers" and "MSK Serverless quotas"; broker and zone rules from
 * its "Best practices". MB = 10^6 bytes.
 */
import type { Target } from '../requirements/types.ts';
import { mskExpressLimits, mskServerlessLimits, mskStandardLimits } from './facts/msk-limits.ts';

const megabyte = 1_000_000;
const mebibyte = 1_048_576;

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
  /** Largest message with its batch header; null: as the topic is set. */
  readonly messageBytes: number | null;
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
  messageBytes: null,
  segmentSettings: true,
};

export const targetRules: Readonly<Record<Target, TargetRules>> = {
  existing: free,
  ec2: free,
  msk: {
    ...free,
    source: 'AWS MSK developer guide, best practices for Standard brokers',
    zones: mskStandardLimits.zones.value,
    brokersPerZoneEqual: true,
  },
  'msk-express': {
    ...free,
    source: 'AWS MSK developer guide, Express brokers',
    fixed: { replicas: 3, minInsyncReplicas: 2 },
    zones: mskExpressLimits.zones.value,
    brokersPerZoneEqual: true,
    partitionLimits: {
      ingressBytesPerSec: (mskExpressLimits.ingressPerPartitionMBps.value ?? Number.NaN) * megabyte,
      egressBytesPerSec: null,
    },
  },
  'msk-serverless': {
    ...free,
    source: 'AWS MSK developer guide, MSK Serverless quotas',
    fixed: { replicas: 3, minInsyncReplicas: 2 },
    brokersHidden: true,
    partitionLimits: {
      ingressBytesPerSec: (mskServerlessLimits.ingressPerPartitionMBps.value ?? Number.NaN) * megabyte,
      egressBytesPerSec: (mskServerlessLimits.egressPerPartitionMBps.value ?? Number.NaN) * megabyte,
    },
    messageBytes: (mskServerlessLimits.messageMiB.value ?? Number.NaN) * mebibyte,
    segmentSettings: false,
  },
};
