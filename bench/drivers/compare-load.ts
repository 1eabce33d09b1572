/** The load that the drivers are compared under on a schedule. */
import type { LoadTopic } from '../load/types.ts';

export const partitions = 10;
const producers = 4;
const group = 'readers';
export const minInsync = { name: 'min.insync.replicas', value: '2' };

/** Events with keys in the envelope, as most use cases have them. */
export function comparedTopic(clusterTopic: string, ratePerSec: number, consumes: boolean): LoadTopic {
  return {
    clusterTopic,
    groups: consumes ? [{ name: group, clusterGroup: `${clusterTopic}-${group}`, members: 3 }] : [],
    plan: {
      name: 'drivers',
      channels: { out: 'out-drivers', in: [] },
      groups: [],
      partitions,
      replicationFactor: 3,
      minInsyncReplicas: 2,
      config: {},
      producer: {
        acks: 'all',
        'enable.idempotence': true,
        'max.in.flight.requests.per.connection': 5,
        'linger.ms': 5,
        'batch.size': 16_384,
        'compression.type': 'none',
      },
      consumer: { 'isolation.level': 'read_uncommitted', 'auto.offset.reset': 'earliest', 'enable.auto.commit': true },
      retainedBytes: 0,
      onDiskBytes: 0,
      disk: {
        recordsPerBatch: 1,
        bytesPerRecord: 0,
        parts: [],
        logBytes: 0,
        meanLogBytes: null,
        defaultSegmentsBytes: 0,
        preallocatedIndexBytes: 0,
      },
      why: [],
      load: {
        averagePerSec: ratePerSec,
        peakPerSec: ratePerSec,
        producers,
        messageSizeBytes: 200,
        keyBytes: 8,
        keyField: 'id',
        keys: null,
        envelope: true,
        eventType: 'DriversCompared',
        privateFields: [],
        compressionRatio: 1,
        growthPerMonth: 0,
      },
      guarantee: { loss: 'never', duplicates: 'never', order: 'key' },
      handover: 'kafka',
      reuse: [],
      guaranteedMs: null,
    },
  };
}
