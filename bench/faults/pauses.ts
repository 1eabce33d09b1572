/** Brokers that hang and go on: SIGSTOP and SIGCONT to the processes that the drill itself started. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalCluster } from '../local/local-cluster.ts';
import { sendSignal } from '../local/processes.ts';
import { askBroker } from '../local/readiness.ts';
import { readIdentity } from '../local/registry.ts';
import { ofFailover, ofLostBroker, victimOf } from './brokers.ts';
import { bystanders, quorumLeader } from './cluster-view.ts';
import { anywhere, type Fault } from './fault.ts';

async function pause(cluster: LocalCluster, id: number): Promise<() => Promise<void>> {
  const identity = await readIdentity(cluster.launch.recordFolder, id);
  if (identity === null) throw new Error(`broker ${id} does not run`);
  sendSignal(identity, 'SIGSTOP');
  return async () => {
    sendSignal(identity, 'SIGCONT');
  };
}

export const brokerPaused: Fault = {
  id: 'broker-paused',
  consequences: [...ofLostBroker, ...ofFailover],
  probe: anywhere,
  inject: async ({ cluster }) => {
    const { victim, others } = await victimOf(cluster);
    const proceed = await pause(cluster, victim.id);
    return {
      heal: proceed,
      evidence: async () => {
        const view = await askBroker(others[0]?.port ?? 0);
        return view === null || view.brokers.includes(victim.id)
          ? null
          : `process ${victim.pid} stopped, not ended; broker ${others[0]?.id} sees brokers ${view.brokers.join(', ')}`;
      },
    };
  },
};

/** Longer than controller.quorum.fetch.timeout.ms, 2 s, after which the followers elect another. */
const deposedMs = 3_200;
/** Between two: enough for the checks of a page to be answered. */
const reignMs = 2_000;

export const controllerDeposed: Fault = {
  id: 'controller-deposed',
  consequences: [
    ...ofLostBroker,
    ...ofFailover,
    'KafkaNoActiveController',
    'KafkaMultipleControllers',
    // Each broker that stops is a follower, too: two in a row leave partitions with one replica in sync.
    'KafkaUnderMinIsr',
    'KafkaMetadataLag',
  ],
  probe: anywhere,
  inject: async ({ cluster, signal }) => {
    const leaders: number[] = [];
    const over = new AbortController();
    const storm = (async () => {
      while (!over.signal.aborted && !signal.aborted) {
        const { id } = await quorumLeader(cluster);
        leaders.push(id);
        const proceed = await pause(cluster, id);
        await sleep(deposedMs);
        await proceed();
        await sleep(reignMs, undefined, { signal: over.signal }).catch(() => {});
      }
    })();
    return {
      evidence: async () =>
        leaders.length < 5 ? null : `quorum leaders that were stopped, in order: ${leaders.join(', ')}`,
      heal: async () => {
        over.abort();
        await storm;
      },
    };
  },
};

/** Longer than replica.lag.time.max.ms of the drill and half of it, when the leader looks. */
const flapMs = 4_600;

export const followerFlapping: Fault = {
  id: 'follower-flapping',
  consequences: [...ofLostBroker, ...ofFailover, 'KafkaUnderMinIsr', 'KafkaRaftElectionStorm'],
  probe: anywhere,
  inject: async ({ cluster, signal }) => {
    const followers = await bystanders(cluster);
    const over = new AbortController();
    let turns = 0;
    const turning = (async () => {
      while (!over.signal.aborted && !signal.aborted) {
        const follower = followers[turns % followers.length];
        if (follower === undefined) return;
        const proceed = await pause(cluster, follower.id);
        await sleep(flapMs, undefined, { signal: over.signal }).catch(() => {});
        await proceed();
        turns += 1;
        // It must come back into the set before it can be dropped again.
        await sleep(400);
      }
    })();
    return {
      evidence: async () =>
        turns < 4 ? null : `brokers ${followers.map(({ id }) => id).join(' and ')} stopped in turns, ${turns} times`,
      heal: async () => {
        over.abort();
        await turning;
      },
    };
  },
};
