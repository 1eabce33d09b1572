/** What MSK reports to CloudWatch and no broker knows: the instance, its volume, its credits, what AWS throttles. */
import { cloudWatch, onlyCloudWatch } from '../sources.ts';
import type { CloudWatchLevel, CloudWatchSource, MskKind, Signal, Unit } from '../types.ts';

/** A figure of one broker. */
function ofBroker(
  id: string,
  metric: string,
  row: {
    readonly meaning: string;
    readonly unit: Unit;
    readonly statistic: CloudWatchSource['statistic'];
    readonly level?: CloudWatchLevel;
    readonly kinds: readonly MskKind[];
  },
): Signal {
  const { statistic, kinds, level = 'DEFAULT', ...common } = row;
  const source = cloudWatch(metric, level, statistic, ['Cluster Name', 'Broker ID'], kinds);
  return onlyCloudWatch(source, { id, ...common });
}

const standard = ['msk'] as const;
const express = ['msk-express'] as const;
const provisioned = ['msk', 'msk-express'] as const;

export const cloudWatchSignals: readonly Signal[] = [
  ofBroker('cpuUser', 'CpuUser', {
    meaning: 'CPU of a broker in programs',
    unit: 'percent',
    statistic: 'Average',
    kinds: provisioned,
  }),
  ofBroker('cpuSystem', 'CpuSystem', {
    meaning: 'CPU of a broker in the kernel',
    unit: 'percent',
    statistic: 'Average',
    kinds: provisioned,
  }),
  ofBroker('cpuCredits', 'CPUCreditBalance', {
    meaning: 'CPU credits a t3 broker has left',
    unit: 'count',
    statistic: 'Minimum',
    kinds: standard,
  }),
  ofBroker('diskUsedPercent', 'KafkaDataLogsDiskUsed', {
    meaning: 'share of the volume that data uses',
    unit: 'percent',
    statistic: 'Maximum',
    kinds: standard,
  }),
  ofBroker('heapAfterGc', 'HeapMemoryAfterGC', {
    meaning: 'share of the heap in use after a collection',
    unit: 'percent',
    statistic: 'Maximum',
    kinds: standard,
  }),
  ofBroker('burstBalance', 'BurstBalance', {
    meaning: 'input and output credits a small volume has left',
    unit: 'percent',
    statistic: 'Minimum',
    kinds: standard,
  }),
  ofBroker('bandwidthInExceeded', 'BwInAllowanceExceeded', {
    meaning: 'packets held back because the instance receives more than it may',
    unit: 'count',
    statistic: 'Sum',
    level: 'PER_BROKER',
    kinds: standard,
  }),
  ofBroker('bandwidthOutExceeded', 'BwOutAllowanceExceeded', {
    meaning: 'packets held back because the instance sends more than it may',
    unit: 'count',
    statistic: 'Sum',
    level: 'PER_BROKER',
    kinds: standard,
  }),
  ofBroker('produceThrottle', 'ProduceThrottleTime', {
    meaning: 'time MSK held back producers',
    unit: 'milliseconds',
    statistic: 'Average',
    level: 'PER_BROKER',
    kinds: provisioned,
  }),
  ofBroker('fetchThrottle', 'FetchThrottleTime', {
    meaning: 'time MSK held back consumers',
    unit: 'milliseconds',
    statistic: 'Average',
    level: 'PER_BROKER',
    kinds: provisioned,
  }),
  ofBroker('produceTimeMean', 'ProduceTotalTimeMsMean', {
    meaning: 'mean time of a produce request; a mean, not a percentile',
    unit: 'milliseconds',
    statistic: 'Average',
    kinds: provisioned,
  }),
  onlyCloudWatch(cloudWatch('StorageUsed', 'DEFAULT', 'Maximum', ['Cluster Name'], express), {
    id: 'storageUsed',
    meaning: 'bytes an Express cluster holds',
    unit: 'bytes',
  }),
];
