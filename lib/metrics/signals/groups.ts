/** Consumer groups, under the names of kafka_exporter: ours, that exporter's and AWS's collector light up the same boards. */
import { cloudWatch, exported } from '../sources.ts';
import type { Signal } from '../types.ts';

const group = ['Cluster Name', 'Consumer Group', 'Topic'] as const;
const everyKind = ['msk', 'msk-express', 'msk-serverless'] as const;

export const groupSignals: readonly Signal[] = [
  exported('harness', 'gauge', 'kafka_consumergroup_lag', {
    id: 'groupLag',
    meaning: 'records of a partition that a group has not committed yet; -1 before its first commit',
    unit: 'records',
    presence: 'underLoad',
    labels: ['consumergroup', 'topic', 'partition'],
    cloudWatch: cloudWatch('SumOffsetLag', 'DEFAULT', 'Maximum', group, everyKind),
  }),
  exported('harness', 'gauge', 'kafka_consumergroup_current_offset', {
    id: 'groupOffset',
    meaning: 'offset that a group has committed for a partition',
    unit: 'records',
    presence: 'underLoad',
    labels: ['consumergroup', 'topic', 'partition'],
    noCloudWatch: 'CloudWatch knows lag, not offsets',
  }),
  exported('harness', 'gauge', 'kafka_consumergroup_members', {
    id: 'groupMembers',
    meaning: 'members of a group',
    unit: 'count',
    presence: 'underLoad',
    labels: ['consumergroup'],
  }),
  exported('harness', 'gauge', 'kafka_topic_partition_current_offset', {
    id: 'partitionEnd',
    meaning: 'end of a partition, read with the same request as the lag',
    unit: 'records',
    presence: 'underLoad',
    labels: ['topic', 'partition'],
  }),
  exported('harness', 'gauge', 'kafka_topic_partition_oldest_offset', {
    id: 'partitionOldest',
    meaning: 'first offset of a partition that retention has left',
    unit: 'records',
    presence: 'underLoad',
    labels: ['topic', 'partition'],
  }),
  exported('harness', 'gauge', 'kafka_consumergroup_lag_seconds', {
    id: 'groupLagSeconds',
    meaning: 'estimated time a group is behind: its lag over what is written to the topic in a second',
    unit: 'seconds',
    presence: 'underLoad',
    labels: ['consumergroup', 'topic'],
    cloudWatch: cloudWatch('EstimatedMaxTimeLag', 'DEFAULT', 'Maximum', group, everyKind),
  }),
];
