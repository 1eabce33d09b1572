/** One run of one driver in a process of its own; started by compare.ts, which it answers with a DriverRun. */
import { Admin } from '@platformatic/kafka';
import { openLoad } from '../load/open-load.ts';
import type { LoadTopic } from '../load/types.ts';
import type { ChildTask, DriverRun } from './compare.ts';
import { driverByName } from './index.ts';

const partitions = 10;
const producers = 4;
const group = 'readers';
const warmUpMs = 5_000;
const measureMs = 6_000;

process.once('message', async (task: ChildTask) => {
  const run = await measure(task);
  process.send?.(run);
});

async function measure({ driver: name, consumes, bootstrap, ratePerSec }: ChildTask): Promise<DriverRun> {
  const driver = driverByName(name);
  const clusterTopic = `drivers-${process.pid}-${Date.now()}`;
  const admin = new Admin({ clientId: 'headroom-drivers', bootstrapBrokers: [...bootstrap] });
  await admin.createTopics({ topics: [clusterTopic], partitions, replicas: 3, configs: [minInsync] });
  const session = await openLoad({
    target: { bootstrap, clientId: 'headroom-drivers' },
    driver,
    topics: [loadTopic(clusterTopic, ratePerSec, consumes)],
    seed: 1,
    onIncident: ({ message }) => process.stderr.write(`${name}: ${message}\n`),
  });
  const { topics, generator } = await session.run({
    ratePerSec: { drivers: ratePerSec },
    measureMs,
    warmUpMinMs: warmUpMs,
    warmUpMaxMs: warmUpMs,
    drainMaxMs: 10_000,
    stage: name,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  const integrity = session.integrity();
  await session.close();
  await admin.deleteTopics({ topics: [clusterTopic] });
  await admin.close();
  const [topic] = topics;
  if (topic === undefined) throw new RangeError('nothing was measured');
  return {
    driver: name,
    version: driver.version,
    ratePerSec,
    consumes,
    achievedPerSec: topic.achievedPerSec,
    publishP50Ms: topic.publish.p50Ms,
    publishP99Ms: topic.publish.p99Ms,
    endToEndP99Ms: topic.groups[0]?.endToEnd.p99Ms ?? null,
    slipP99Ms: topic.slip.p99Ms,
    cpuMicrosPerRecord: generator.cpuMicrosPerRecord,
    recordsPerBatch: topic.recordsPerBatch,
    wasTheLimit: generator.wasTheLimit,
    faults: integrity.reduce(
      (sum, { missingAckEntries, offsetCollisions, unknown, groups }) =>
        groups.reduce(
          (faults, { lost, unseen, duplicates, orderInversions }) =>
            faults + lost + unseen + duplicates + orderInversions,
          sum + missingAckEntries + offsetCollisions + unknown,
        ),
      0,
    ),
  };
}

const minInsync = { name: 'min.insync.replicas', value: '2' };

function loadTopic(clusterTopic: string, ratePerSec: number, consumes: boolean): LoadTopic {
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
