/** Constants and rules of Apache Kafka itself that the capacity model uses. */
import { fact } from './fact.ts';

export const kafkaFacts = {
  heapGiB: fact(6, 'GiB', 'apacheKafka', 'the heap that the operations guide runs with (G1, -Xmx6g)'),
  pageCacheSeconds: fact(30, 's', 'apacheKafka', 'of writes, so that readers at the tail never touch the disk'),
  fileDescriptors: fact(100_000, 'files', 'apacheKafka', 'a starting point'),
  maxMapCount: fact(65_535, 'areas', 'apacheKafka', 'the default of Linux'),
  mapAreasPerSegment: fact(2, 'areas', 'apacheKafka'),
  offsetsTopicPartitions: fact(50, 'partitions', 'apacheKafka', 'of __consumer_offsets'),
  numReplicaFetchers: fact(1, 'threads', 'apacheKafka'),
  replicaFetchMaxBytes: fact(1_048_576, 'B', 'apacheKafka'),
  bufferMemoryBytes: fact(33_554_432, 'B', 'apacheKafka'),
  batchSizeBytes: fact(16_384, 'B', 'apacheKafka'),
  lingerMs: fact({ before4: 0, from4: 5 } as const, 'ms', 'kafkaLinger'),
  maxInFlight: fact(5, 'requests', 'apacheKafka'),
  maxPartitionFetchBytes: fact(1_048_576, 'B', 'apacheKafka'),
  fetchMaxBytes: fact(52_428_800, 'B', 'apacheKafka'),
  cleanerDedupeBufferBytes: fact(134_217_728, 'B', 'apacheKafka'),
  cleanerBytesPerKey: fact(24, 'B', 'apacheKafka'),
  recordBatchOverheadBytes: fact(61, 'B', 'apacheKafka'),
  maxRecordOverheadBytes: fact(21, 'B', 'apacheKafka', 'without headers'),
  segmentBytes: fact(1_073_741_824, 'B', 'apacheKafka'),
  segmentMs: fact(604_800_000, 'ms', 'apacheKafka'),
  retentionMs: fact(604_800_000, 'ms', 'apacheKafka'),
  retentionCheckIntervalMs: fact(300_000, 'ms', 'apacheKafka'),
  deleteDelayMs: fact(60_000, 'ms', 'apacheKafka'),
  indexSizeMaxBytes: fact(10_485_760, 'B', 'apacheKafka'),
  replicaLagTimeMaxMs: fact(30_000, 'ms', 'apacheKafka'),
  numNetworkThreads: fact(3, 'threads', 'apacheKafka'),
  numIoThreads: fact(8, 'threads', 'apacheKafka'),
  maxPollRecords: fact(500, 'records', 'apacheKafka'),
} as const;

/** Guidance for a cluster that nobody manages for you. */
export const selfManagedFacts = {
  partitionsPerBroker: fact(4000, 'partition replicas', 'mskBestPractices', 'cited there for Kafka with ZooKeeper'),
  partitionsPerCluster: fact(200_000, 'partition replicas', 'mskBestPractices', 'of the ZooKeeper era'),
  partitionsPerClusterKRaft: fact<number>(
    null,
    'partition replicas',
    'mskBestPractices',
    'no primary source was found',
  ),
  controllers: fact(3, 'controllers', 'kraftControllers', 'dedicated; combined roles are not for production'),
  controllerMemoryGiB: fact(4, 'GiB', 'kraftControllers', 'at least'),
  controllerDiskGB: fact(64, 'GB', 'kraftControllers', 'SSD'),
} as const;
