/** What the controllers and every broker say about the cluster as a whole: availability, replication, leadership. */
import { broker, cloudWatch, exported } from '../sources.ts';
import type { Signal } from '../types.ts';

const controller = (name: string) => ({
  domain: 'kafka.controller',
  type: 'KafkaController',
  name,
  attribute: 'Value',
});
const replicas = (name: string, attribute = 'Value') => ({
  domain: 'kafka.server',
  type: 'ReplicaManager',
  name,
  attribute,
});
const hidden = 'not verified on MSK: it may keep the metrics of its controllers to itself; CloudWatch tells the rest';

export const clusterSignals: readonly Signal[] = [
  exported('prometheus', 'gauge', 'up', {
    id: 'targetUp',
    meaning: '1 while Prometheus reaches the exporter of a broker',
    unit: 'count',
    matchers: { job: 'kafka' },
    perBroker: true,
  }),
  broker('gauge', controller('ActiveControllerCount'), {
    id: 'activeControllers',
    meaning: '1 on the node that leads the metadata quorum, 0 elsewhere; the sum must be 1',
    unit: 'count',
    noMsk: hidden,
    cloudWatch: cloudWatch('ActiveControllerCount', 'DEFAULT', 'Maximum', ['Cluster Name'], ['msk', 'msk-express']),
  }),
  broker('gauge', controller('ActiveBrokerCount'), {
    id: 'activeBrokers',
    meaning: 'brokers that are registered and not fenced, as the active controller knows them',
    unit: 'count',
    noMsk: hidden,
  }),
  broker('gauge', controller('FencedBrokerCount'), {
    id: 'fencedBrokers',
    meaning: 'brokers that are registered and may not serve: starting, draining, or without heartbeat',
    unit: 'count',
    noMsk: hidden,
  }),
  broker('gauge', controller('OfflinePartitionsCount'), {
    id: 'offlinePartitions',
    meaning: 'partitions without a leader: nobody can write or read them',
    unit: 'count',
    noMsk: hidden,
    cloudWatch: cloudWatch('OfflinePartitionsCount', 'DEFAULT', 'Maximum', ['Cluster Name'], ['msk']),
  }),
  broker('gauge', controller('PreferredReplicaImbalanceCount'), {
    id: 'preferredImbalance',
    meaning: 'partitions led by another than their preferred replica; it falls back by itself after a restart',
    unit: 'count',
    noMsk: hidden,
  }),
  broker('gauge', controller('MetadataErrorCount'), {
    id: 'metadataErrors',
    meaning: 'records of the metadata log that a node could not apply: it diverges from the others',
    unit: 'count',
    noMsk: hidden,
  }),
  broker('gauge', controller('GlobalPartitionCount'), {
    id: 'globalPartitions',
    meaning: 'partitions of the cluster without their replicas',
    unit: 'count',
    noMsk: hidden,
    cloudWatch: cloudWatch('GlobalPartitionCount', 'DEFAULT', 'Maximum', ['Cluster Name'], ['msk', 'msk-express']),
  }),
  broker(
    'counter',
    { domain: 'kafka.controller', type: 'ControllerStats', name: 'UncleanLeaderElectionsPerSec', attribute: 'Count' },
    {
      id: 'uncleanElections',
      meaning: 'leaders elected from replicas that had not caught up: acknowledged records are gone',
      unit: 'perSec',
      noMsk: hidden,
    },
  ),
  broker('gauge', replicas('UnderReplicatedPartitions'), {
    id: 'underReplicated',
    meaning: 'partitions a broker leads whose in-sync set is smaller than their replicas',
    unit: 'count',
    cloudWatch: cloudWatch('UnderReplicatedPartitions', 'DEFAULT', 'Maximum', ['Cluster Name', 'Broker ID'], ['msk']),
  }),
  broker('gauge', replicas('UnderMinIsrPartitionCount'), {
    id: 'underMinIsr',
    meaning: 'partitions a broker leads with fewer in-sync replicas than min.insync.replicas: acks=all is refused',
    unit: 'count',
    cloudWatch: cloudWatch('UnderMinIsrPartitionCount', 'DEFAULT', 'Maximum', ['Cluster Name', 'Broker ID'], ['msk']),
  }),
  broker('gauge', replicas('AtMinIsrPartitionCount'), {
    id: 'atMinIsr',
    meaning: 'partitions a broker leads that one more loss takes below min.insync.replicas',
    unit: 'count',
  }),
  broker('gauge', replicas('PartitionCount'), {
    id: 'partitions',
    meaning: 'partition replicas on a broker',
    unit: 'count',
    cloudWatch: cloudWatch(
      'PartitionCount',
      'DEFAULT',
      'Maximum',
      ['Cluster Name', 'Broker ID'],
      ['msk', 'msk-express'],
    ),
  }),
  broker('gauge', replicas('LeaderCount'), {
    id: 'leaders',
    meaning: 'partitions a broker leads',
    unit: 'count',
    cloudWatch: cloudWatch('LeaderCount', 'DEFAULT', 'Maximum', ['Cluster Name', 'Broker ID'], ['msk', 'msk-express']),
  }),
  broker('gauge', replicas('ReassigningPartitions'), {
    id: 'reassigning',
    meaning: 'partitions a broker leads that are being moved',
    unit: 'count',
  }),
  broker('gauge', replicas('OfflineReplicaCount'), {
    id: 'offlineReplicas',
    meaning: 'replicas on a broker that sit on a failed disk',
    unit: 'count',
  }),
  broker('counter', replicas('IsrShrinksPerSec', 'Count'), {
    id: 'isrShrinks',
    meaning: 'replicas dropped from an in-sync set',
    unit: 'perSec',
  }),
  broker('counter', replicas('IsrExpandsPerSec', 'Count'), {
    id: 'isrExpands',
    meaning: 'replicas taken back into an in-sync set',
    unit: 'perSec',
  }),
  broker(
    'gauge',
    {
      domain: 'kafka.server',
      type: 'ReplicaFetcherManager',
      name: 'MaxLag',
      keys: { clientId: ['Replica'] },
      attribute: 'Value',
    },
    {
      id: 'replicaMaxLag',
      meaning: 'records the slowest replica on a broker is behind its leader',
      unit: 'records',
    },
  ),
  broker(
    'gauge',
    {
      domain: 'kafka.server',
      type: 'ReplicaFetcherManager',
      name: 'FailedPartitionsCount',
      keys: { clientId: ['Replica'] },
      attribute: 'Value',
    },
    {
      id: 'failedFetcherPartitions',
      meaning: 'partitions whose replica on a broker stopped copying and will not start again by itself',
      unit: 'count',
    },
  ),
];
