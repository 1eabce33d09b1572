/** Partitions on disk, the log cleaner, the disks themselves. */
import { broker, cloudWatch, exported } from '../sources.ts';
import type { MBean, Signal } from '../types.ts';

const everyPartition = { topic: '*', partition: '*' } as const;
const partition = (name: string): MBean => ({
  domain: 'kafka.cluster',
  type: 'Partition',
  name,
  keys: everyPartition,
  attribute: 'Value',
});
const log = (name: string): MBean => ({
  domain: 'kafka.log',
  type: 'Log',
  name,
  keys: everyPartition,
  attribute: 'Value',
});
const perPartition = ['topic', 'partition'] as const;
const noPartition = 'CloudWatch tells nothing of single partitions but their lag';
/** What holds no data of ours, and what lies inside another file system. */
const realFileSystems = 'tmpfs|devtmpfs|squashfs|ramfs|iso9660';

export const storageSignals: readonly Signal[] = [
  broker('gauge', partition('UnderMinIsr'), {
    id: 'partitionUnderMinIsr',
    meaning: '1 while the leader of a partition has fewer in-sync replicas than min.insync.replicas',
    unit: 'count',
    labels: perPartition,
    noCloudWatch: noPartition,
  }),
  broker('gauge', partition('InSyncReplicasCount'), {
    id: 'partitionInSync',
    meaning: 'in-sync replicas of a partition, on its leader; 0 on the others',
    unit: 'count',
    labels: perPartition,
    noCloudWatch: noPartition,
  }),
  broker('gauge', log('Size'), {
    id: 'logSize',
    meaning: 'bytes of the segments of a partition on a broker, without index files',
    unit: 'bytes',
    labels: perPartition,
    noCloudWatch: noPartition,
  }),
  broker('gauge', log('LogStartOffset'), {
    id: 'logStart',
    meaning: 'first offset that is still there',
    unit: 'records',
    labels: perPartition,
    noCloudWatch: noPartition,
  }),
  broker('gauge', log('LogEndOffset'), {
    id: 'logEnd',
    meaning: 'offset that the next record gets',
    unit: 'records',
    labels: perPartition,
    noCloudWatch: noPartition,
  }),
  broker(
    'gauge',
    { domain: 'kafka.log', type: 'LogManager', name: 'OfflineLogDirectoryCount', attribute: 'Value' },
    {
      id: 'offlineLogDirs',
      meaning: 'log directories a broker gave up because their disk failed',
      unit: 'count',
    },
  ),
  broker(
    'gauge',
    { domain: 'kafka.log', type: 'LogCleaner', name: 'DeadThreadCount', attribute: 'Value' },
    {
      id: 'deadCleaners',
      meaning: 'threads of the log cleaner that died: compacted topics grow from then on',
      unit: 'count',
    },
  ),
  broker(
    'gauge',
    {
      domain: 'kafka.log',
      type: 'LogCleanerManager',
      name: 'uncleanable-partitions-count',
      keys: { logDirectory: '*' },
      attribute: 'Value',
    },
    {
      id: 'uncleanablePartitions',
      meaning: 'partitions the log cleaner gave up',
      unit: 'count',
    },
  ),
  exported('node', 'gauge', 'node_filesystem_avail_bytes', {
    id: 'diskFree',
    meaning: 'bytes left on a file system for programs such as Kafka',
    unit: 'bytes',
    labels: ['device'],
    noCloudWatch: 'CloudWatch has the share used: KafkaDataLogsDiskUsed',
  }),
  exported('node', 'gauge', 'node_filesystem_size_bytes', {
    id: 'diskSize',
    meaning: 'bytes of a file system',
    unit: 'bytes',
    labels: ['device'],
    noCloudWatch: 'CloudWatch has the share used: KafkaDataLogsDiskUsed',
  }),
  exported('node', 'counter', 'node_disk_written_bytes_total', {
    id: 'diskWritten',
    meaning: 'bytes written to a disk',
    unit: 'bytesPerSec',
    labels: ['device'],
    cloudWatch: cloudWatch('VolumeWriteBytes', 'PER_BROKER', 'Sum', ['Cluster Name', 'Broker ID'], ['msk']),
  }),
  exported('node', 'counter', 'node_disk_read_bytes_total', {
    id: 'diskRead',
    meaning: 'bytes read from a disk: consumers that left the page cache',
    unit: 'bytesPerSec',
    labels: ['device'],
    cloudWatch: cloudWatch('VolumeReadBytes', 'PER_BROKER', 'Sum', ['Cluster Name', 'Broker ID'], ['msk']),
  }),
  exported('node', 'counter', 'node_disk_io_time_seconds_total', {
    id: 'diskBusy',
    meaning: 'share of the time in which a disk had work',
    unit: 'ratio',
    labels: ['device'],
  }),
];

/** Matcher for what may hold Kafka's data, whatever it is mounted on. */
export const dataFileSystems = `fstype!~"${realFileSystems}"`;
