/** Brokers that die: by the processes that the drill itself started. */
import { killBroker, type LocalBroker, type LocalCluster, restartBroker } from '../local/local-cluster.ts';
import { askBroker } from '../local/readiness.ts';
import { bystanders, describePartition, ensureTopicOn, quorumLeader, withAdmin } from './cluster-view.ts';
import { type ActiveFault, anywhere, type Fault } from './fault.ts';
import type { FaultWorld } from './world.ts';

/** The averages over a minute of a broker that has just started begin low, and the alerts over them wait for seconds only. */
export const ofStart = [
  'KafkaRequestHandlersBusy',
  'KafkaRequestHandlersExhausted',
  'KafkaNetworkThreadsBusy',
] as const;
/** What a lost broker brings about at the speed of a drill, where minutes are seconds. */
export const ofLostBroker = [
  ...ofStart,
  'KafkaTargetDown',
  'KafkaBrokerMissing',
  'KafkaBrokerFenced',
  'KafkaUnderReplicated',
  'KafkaUnderReplicatedLong',
  'KafkaAtMinIsr',
  'KafkaRaftVoterLost',
  'KafkaQuorumMarginGone',
  'KafkaIsrFlapping',
] as const;
/** The moment without a leader is a large share of an hour that lasts two minutes, and clients of a drill feel it. */
export const ofFailover = [
  'KafkaSloFastBurn',
  'KafkaSloSlowBurn',
  'KafkaSloTicket',
  'KafkaConsumerStalled',
  'KafkaConsumerSlow',
  'KafkaConsumerLagOverObjective',
] as const;

/** A replica on it is the only one, or one of two that must both be in sync. */
const victimTopic = { replica: 'drill-pair', only: 'drill-single' } as const;

export async function victimOf(
  cluster: LocalCluster,
): Promise<{ victim: LocalBroker; others: readonly LocalBroker[] }> {
  const [victim] = await bystanders(cluster);
  if (victim === undefined) throw new Error('every broker leads the quorum');
  return { victim, others: cluster.brokers.filter(({ id }) => id !== victim.id) };
}

async function kill({ cluster, signal }: FaultWorld, victims: readonly LocalBroker[]): Promise<ActiveFault> {
  const pids = victims.map(({ pid }) => pid).join(', ');
  for (const { id } of victims) await killBroker(cluster, id, 'SIGKILL');
  const left = cluster.brokers.find(({ id }) => victims.every((each) => each.id !== id));
  return {
    evidence: async () => {
      const view = left === undefined ? null : await askBroker(left.port);
      return view === null || view.brokers.length === cluster.brokers.length
        ? null
        : `process ${pids} killed; broker ${left?.id} sees brokers ${view.brokers.join(', ')}`;
    },
    heal: async () => {
      for (const { id } of victims) await restartBroker(cluster, id, signal);
    },
  };
}

export const brokerKilled: Fault = {
  id: 'broker-killed',
  consequences: [...ofLostBroker, ...ofFailover],
  probe: anywhere,
  inject: async (world) => await kill(world, [(await victimOf(world.cluster)).victim]),
};

export const replicaMissing: Fault = {
  id: 'replica-missing',
  consequences: [...ofLostBroker, ...ofFailover],
  probe: anywhere,
  inject: async (world) => {
    const { victim, others } = await victimOf(world.cluster);
    const topic = `${victimTopic.replica}-${victim.id}`;
    const pair = [others[0]?.id ?? victim.id, victim.id];
    await ensureTopicOn(world.cluster, topic, pair, { 'min.insync.replicas': '2' });
    const killed = await kill(world, [victim]);
    return withTopic(world.cluster, topic, killed, ({ inSync, replicas }) =>
      inSync.length < replicas.length ? `${topic}: ${inSync.length} of ${replicas.length} in sync, 2 needed` : null,
    );
  },
};

export const partitionOrphaned: Fault = {
  id: 'partition-orphaned',
  // After kill -9 Kafka trusts no replica to be complete: the only one leads again by an election that counts as unclean.
  consequences: [...ofLostBroker, ...ofFailover, 'KafkaUncleanElection'],
  probe: anywhere,
  inject: async (world) => {
    const { victim } = await victimOf(world.cluster);
    const topic = `${victimTopic.only}-${victim.id}`;
    await ensureTopicOn(world.cluster, topic, [victim.id]);
    const killed = await kill(world, [victim]);
    return withTopic(world.cluster, topic, killed, ({ leader }) =>
      leader < 0 ? `${topic}: partition 0 has no leader` : null,
    );
  },
};

/** The evidence is the state of a topic made for it, which goes when the fault is healed. */
function withTopic(
  cluster: LocalCluster,
  topic: string,
  fault: ActiveFault,
  tell: (partition: NonNullable<Awaited<ReturnType<typeof describePartition>>>) => string | null,
): ActiveFault {
  return {
    evidence: async () => {
      const partition = await describePartition(cluster, topic);
      return partition === null ? null : tell(partition);
    },
    heal: async () => {
      await fault.heal();
      await withAdmin(cluster, async (admin) => await admin.deleteTopics({ topics: [topic] })).catch(() => {});
    },
  };
}

export const quorumLost: Fault = {
  id: 'quorum-lost',
  consequences: [
    ...ofLostBroker,
    ...ofFailover,
    'KafkaRaftElectionStorm',
    'KafkaOfflinePartitions',
    'KafkaUnderMinIsr',
  ],
  probe: anywhere,
  inject: async (world) => {
    const leader = await quorumLeader(world.cluster);
    const victims = [leader, ...(await bystanders(world.cluster))].slice(0, 2);
    const left = world.cluster.brokers.find(({ id }) => victims.every((each) => each.id !== id));
    const killed = await kill(world, victims);
    return {
      heal: killed.heal,
      evidence: async () => {
        const view = left === undefined ? null : await askBroker(left.port, 4_000);
        return view === null || view.quorumLeader !== null
          ? null
          : `broker ${left?.id} answers and knows no quorum leader; killed: ${victims.map(({ id }) => id).join(', ')}`;
      },
    };
  },
};
