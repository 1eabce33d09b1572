/** The procedures, each done on a local cluster under load; the rolling restart has a drill of its own. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withAdmin } from '../../faults/cluster-view.ts';
import type { FaultWorld } from '../../faults/world.ts';
import { configPath, dataDir } from '../../local/broker-process.ts';
import { killBroker, restartBroker } from '../../local/local-cluster.ts';
import { brokersBy, launch } from './broker-host.ts';
import {
  brokerDown,
  committed,
  groupStands,
  partitionsAre,
  placedAs,
  preferredLead,
  quorumThere,
  settings,
  whole,
} from './effects.ts';
import { type Exercise, type Hook, type Names, written } from './exercise.ts';
import { brokersSeen, forgetFourth, prepareFourth } from './new-broker.ts';
import { rotateCredentials } from './rotate-credentials.ts';

const dynamicQuorum = 'wants a quorum with dynamic voters; a local cluster has static ones';

/** Members leave, so that offsets can be set; where they stood is kept. */
export const stopReader: Hook = async (world, names) => {
  await world.reader.stop();
  return { COMMITTED: JSON.stringify(await committed(world, names)) };
};
export const startReader: Hook = async ({ reader }) => {
  await reader.start();
};

/** As `--to-datetime` takes it: in UTC, without the zone. */
export function isoBefore(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString().slice(0, -1);
}

export const sum = (offsets: readonly number[]): number => offsets.reduce((all, each) => all + each, 0);

const backlogMs = 15_000;

export const procedureExercises: readonly Exercise[] = [
  {
    page: 'procedure-change-retention',
    effects: {
      'Do, 1. Change it': settings('topic', { 'retention.ms': '432000000' }),
      'Do, 2. Let the open segment follow (optional)': settings('topic', { 'segment.ms': '86400000' }),
      'Roll back, 1. The value before': settings('topic', { 'retention.ms': null, 'segment.ms': null }),
    },
  },
  {
    page: 'procedure-drain-backlog',
    prepare: async ({ reader }) => {
      reader.stall();
      await sleep(backlogMs);
      return { SINCE: isoBefore(2) };
    },
    before: {
      'Do, 3. Skip what nobody needs any more': stopReader,
      'Verify, 1. It falls, and nothing else suffers': startReader,
      'Roll back, 1. Back to where it stood, and to the old retention': async ({ reader }) => await reader.stop(),
    },
    effects: {
      'Do, 1. Keep longer while it lasts': settings('topic', { 'retention.ms': '1209600000', 'retention.bytes': '-1' }),
      'Do, 3. Skip what nobody needs any more': groupStands('the group stands later than before', (now, before) => {
        return now.length > 0 && sum(now) > sum(before);
      }),
      'Roll back, 1. Back to where it stood, and to the old retention': groupStands(
        'the group stands exactly where it stood before',
        (now, before) => now.length > 0 && now.join() === before.join(),
      ),
    },
    undo: startReader,
  },
  {
    page: 'procedure-move-topic',
    effects: {
      'Do, 2. Move, throttled': placedAs('after.json'),
      'Do, 3. Faster or slower while it runs': placedAs('after.json'),
      'Verify, 1. Complete, and the throttle gone': settings('broker', {
        ...{ 'leader.replication.throttled.rate': null, 'follower.replication.throttled.rate': null },
      }),
      'Verify, 2. Leaders where they should be': preferredLead,
      'Roll back, 1. Cancel, or move back': placedAs('before.json'),
    },
  },
  {
    page: 'procedure-add-brokers',
    prepare: async ({ cluster }) => ({ ...(await prepareFourth(cluster)), BROKERS: '1,2,3,4' }),
    effects: {
      'Do, 1. Start the new machine': {
        told: 'the cluster has four brokers',
        isSo: async ({ cluster }) => (await brokersSeen(cluster)).length === 4,
      },
      'Do, 3. Move, throttled, ten partitions at a time': {
        told: `${placedAs('after.json').told}, some on the new broker`,
        isSo: async (world, names) =>
          /"replicas":\[[^\]]*4/.test(await written(names, 'after.json')) &&
          (await placedAs('after.json').isSo(world, names)),
      },
      'Verify, 2. Leaders are even': preferredLead,
      'Roll back, 1. Move back': placedAs('before.json'),
    },
    undo: async ({ cluster }) => await forgetFourth(cluster),
  },
  {
    page: 'procedure-replace-broker',
    fault: 'broker-killed',
    prepare: async ({ cluster }) => ({ CLUSTER_ID: cluster.clusterId }),
    before: {
      'Do, 1. New machine, new disk, static voters': async ({ cluster }, { BROKER, LOG_DIR = '' }) => {
        await killBroker(cluster, Number(BROKER), 'SIGKILL');
        await rm(LOG_DIR, { recursive: true, force: true });
      },
    },
    effects: {
      'Do, 1. New machine, old disk': whole,
      'Do, 1. New machine, new disk, static voters': whole,
      'Verify, 2. It leads again, and votes': preferredLead,
      'Roll back, 1. Stop the new one': brokerDown,
    },
    notHere: {
      'Do, 1. New machine, new disk': dynamicQuorum,
      'Do, 2. Put the new voter in the place of the old': dynamicQuorum,
    },
  },
  {
    page: 'procedure-restore-quorum',
    fault: 'quorum-lost',
    before: {
      'Do, 1. Save what is left': async (world) => {
        const [saved] = await brokersBy(world.cluster, true);
        return { ...namesOf(world, saved), SAVED: String(saved) };
      },
      'Do, 2. Start every voter whose disk is there': async (world) =>
        namesOf(world, (await brokersBy(world.cluster, false))[0]),
      'Do, 3. Only one of three disks is left': loseTwoOfThree,
      'Roll back, 1. The archives of step 1': async (world) =>
        namesOf(world, (await brokersBy(world.cluster, true))[0]),
    },
    effects: {
      'Do, 2. Start every voter whose disk is there': quorumThere,
      'Do, 3. Only one of three disks is left': quorumThere,
    },
    notHere: { 'Roll back, 1. The archives of step 1': 'would put back what the cluster has just gone on from' },
    undo: async ({ cluster, signal }, { SAVED }) => {
      for (const id of await brokersBy(cluster, false)) await restartBroker(cluster, id, signal);
      await rm(`/tmp/cluster-metadata-${SAVED}.tgz`, { force: true });
    },
  },
  rotateCredentials,
  {
    page: 'procedure-upgrade',
    prepare: async ({ cluster }) => ({ RELEASE: cluster.kafkaVersion.split('.').slice(0, 2).join('.') }),
    effects: { 'Do, 1. Every node, one at a time': whole },
  },
  {
    page: 'procedure-add-partitions',
    effects: {
      'Do, 2. Add': partitionsAre(20),
      'Roll back, 1. Make the topic of the way back': partitionsAre(10, '-2'),
    },
    undo: async ({ cluster }, { TOPIC }) => {
      await withAdmin(cluster, async (admin) => await admin.deleteTopics({ topics: [`${TOPIC}-2`] }));
    },
  },
];

function namesOf({ cluster }: FaultWorld, id: number | undefined): Names {
  const record = cluster.launch.records.find((each) => each.id === id);
  if (record === undefined) throw new Error('no broker is as this step wants it');
  const names = { BROKER: String(record.id), LOG_DIR: dataDir(record), SERVER_CONFIG: configPath(record) };
  return names;
}

/** Every node is stopped, two have lost their metadata; the third, whose archive there is, is started, an empty one comes next. */
async function loseTwoOfThree(world: FaultWorld, { SAVED }: Names): Promise<Names> {
  const { cluster } = world;
  const saved = cluster.brokers.find(({ id }) => String(id) === SAVED);
  if (saved === undefined) throw new Error('nothing was saved in step 1');
  for (const { id } of cluster.brokers) await killBroker(cluster, id, 'SIGKILL');
  const lost = cluster.brokers.filter(({ id }) => id !== saved.id);
  for (const { id } of lost) {
    await rm(join(namesOf(world, id).LOG_DIR ?? '', '__cluster_metadata-0'), { recursive: true, force: true });
  }
  await launch(cluster, saved.id);
  return { ...namesOf(world, lost[0]?.id), ARCHIVE: `/tmp/cluster-metadata-${saved.id}.tgz` };
}
