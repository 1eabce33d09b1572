/** An unclean election: acknowledged records are lost for good. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadroomError } from '../../lib/errors.ts';
import { killBroker, type LocalCluster, restartBroker } from '../local/local-cluster.ts';
import { runProgram } from '../local/run-program.ts';
import { ofFailover, ofLostBroker } from './brokers.ts';
import { bystanders, describePartition, ensureTopicOn, withAdmin } from './cluster-view.ts';
import { anywhere, type Fault } from './fault.ts';
import { startWriter } from './reader.ts';

const topic = 'drill-unclean';
const shrinkWithinMs = 40_000;
const writeMs = 2_000;
const sessionEndsMs = 40_000;

export const uncleanElection: Fault = {
  id: 'unclean-election',
  consequences: [
    ...ofFailover,
    ...ofLostBroker,
    'KafkaUnderMinIsr',
    'KafkaOfflinePartitions',
    'KafkaNoActiveController',
    'KafkaMetadataLag',
    'KafkaRaftElectionStorm',
  ],
  probe: anywhere,
  inject: async ({ cluster, signal }) => {
    const { ahead, behind, acknowledged } = await loseInSync(cluster, signal);
    await electUnclean(cluster);
    return {
      evidence: async () => {
        const partition = await describePartition(cluster, topic);
        if (partition === null || partition.leader !== behind) return null;
        const end = await endOffset(cluster);
        return `broker ${behind}, not in sync, leads ${topic}; of ${acknowledged} acknowledged records it has ${end}`;
      },
      heal: async () => {
        await restartBroker(cluster, ahead, signal);
        await withAdmin(cluster, async (admin) => await admin.deleteTopics({ topics: [topic] })).catch(() => {});
      },
    };
  },
};

/** The broker whose replica has everything is down, the one that is back missed what was written meanwhile: nobody leads. */
export async function loseInSync(
  cluster: LocalCluster,
  signal: AbortSignal,
): Promise<{ readonly topic: string; readonly ahead: number; readonly behind: number; readonly acknowledged: number }> {
  const [ahead, behind] = (await bystanders(cluster)).map(({ id }) => id);
  if (ahead === undefined || behind === undefined) throw new Error('an unclean election needs two brokers to spare');
  await ensureTopicOn(cluster, topic, [ahead, behind], { 'min.insync.replicas': '1' });
  await killBroker(cluster, behind, 'SIGKILL');
  await until(async () => (await describePartition(cluster, topic))?.inSync.join() === String(ahead), shrinkWithinMs);
  const writer = await startWriter(cluster, { topic, recordBytes: 200, recordsPerSend: 5, everyMs: 50, acks: 1 });
  await sleep(writeMs);
  await writer.stop();
  const acknowledged = writer.written();
  await killBroker(cluster, ahead, 'SIGKILL');
  await restartBroker(cluster, behind, signal);
  // A broker that starts within the other's session would find it elected still.
  await until(async () => ((await describePartition(cluster, topic))?.leader ?? 0) < 0, sessionEndsMs);
  return { topic, ahead, behind, acknowledged };
}

/** Kafka's own tool: the client library has no request for it. */
async function electUnclean(cluster: LocalCluster): Promise<void> {
  const { java, kafka } = cluster.launch.runtime;
  const { exitCode, lines } = await runProgram({
    file: java.path,
    args: [
      ...['-Xmx128m', '-cp', kafka.classpath, 'org.apache.kafka.tools.LeaderElectionCommand'],
      ...['--bootstrap-server', cluster.bootstrap.join(','), '--election-type', 'UNCLEAN'],
      ...['--topic', topic, '--partition', '0'],
    ],
    env: process.env,
  });
  if (exitCode !== 0) {
    throw new HeadroomError('RESOURCE_MISSING', `the unclean election was refused: ${lines.slice(-3).join(' ')}`);
  }
}

async function endOffset(cluster: LocalCluster): Promise<number> {
  return await withAdmin(cluster, async (admin) => {
    const listed = await admin.listOffsets({
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
    });
    return Number(listed[0]?.partitions[0]?.offset ?? 0);
  });
}

/** Throws RESOURCE_MISSING when it does not come about. */
export async function until(isSo: () => Promise<boolean>, boundMs: number): Promise<void> {
  const untilMs = performance.now() + boundMs;
  while (!(await isSo())) {
    if (performance.now() > untilMs) {
      throw new HeadroomError('RESOURCE_MISSING', `what a fault needs did not come about within ${boundMs / 1000} s`);
    }
    await sleep(250);
  }
}
