/** One run of one driver in a process of its own; started by compare.ts, which it answers with a DriverRun. */
import { Admin } from '@platformatic/kafka';
import { openLoad } from '../load/open-load.ts';
import type { ChildTask, DriverRun } from './compare.ts';
import { comparedTopic, minInsync, partitions } from './compare-load.ts';
import { driverByName } from './index.ts';

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
    topics: [comparedTopic(clusterTopic, ratePerSec, consumes)],
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
