/** Clients that misbehave, or are held back: quotas, floods, wrong passwords, reconnects, and the harness itself. */
import { connect } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { killBroker, restartBroker } from '../local/local-cluster.ts';
import { ofFailover, ofLostBroker } from './brokers.ts';
import { describePartitions, ensureTopicOn, withAdmin } from './cluster-view.ts';
import { type ActiveFault, anywhere, type Fault } from './fault.ts';
import { Load, loadClientId } from './load.ts';
import { startWriter } from './reader.ts';
import type { FaultWorld } from './world.ts';

/** Of what the load sends through each broker: late nearly all of it, and still enough that there is something to judge. */
const throttledShare = 0.5;

export const producerThrottled: Fault = {
  id: 'producer-throttled',
  consequences: ['KafkaConsumerStalled'],
  probe: anywhere,
  inject: async ({ cluster, load, topic }) => {
    const loadBytesPerSec = (load.options.ratePerSec * topic.load.messageSizeBytes) / cluster.brokers.length;
    const throttledBytesPerSec = Math.round(loadBytesPerSec * throttledShare);
    const entities = [{ entityType: 'client-id', entityName: loadClientId }] as const;
    const key = 'producer_byte_rate';
    const set = async (op: { readonly value: number; readonly remove: false } | { readonly remove: true }) =>
      await withAdmin(cluster, async (admin) => {
        await admin.alterClientQuotas({ entries: [{ entities: [...entities], ops: [{ key, ...op }] }] });
      });
    await set({ value: throttledBytesPerSec, remove: false });
    return {
      evidence: async () =>
        await withAdmin(cluster, async (admin) => {
          const components = [{ entityType: 'client-id', matchType: 0, match: loadClientId }] as const;
          const found = await admin.describeClientQuotas({ components: [...components] });
          const value = found[0]?.values.find((each) => each.key === key)?.value;
          return value === undefined ? null : `quota of client ${loadClientId}: ${key} ${value} B/s`;
        }),
      heal: async () => await set({ remove: true }),
    };
  },
};

export const rateAbovePlan: Fault = {
  id: 'rate-above-plan',
  consequences: [],
  probe: anywhere,
  inject: async ({ cluster, plan }) => {
    const topic = 'drill-flood';
    await ensureTopicOn(cluster, topic, [cluster.brokers[0]?.id ?? 1], { 'retention.bytes': '10000000' });
    const plannedBytes = plan.cluster.ingressBytesPerSec;
    const everyMs = 100;
    const recordsPerSend = Math.ceil((2 * plannedBytes * everyMs) / 1000 / 1_000);
    const writer = await startWriter(cluster, { topic, recordBytes: 1_000, recordsPerSend, everyMs, acks: 1 });
    const sinceMs = performance.now();
    return {
      evidence: async () => {
        const perSec = (writer.written() * 1_000_000) / (performance.now() - sinceMs);
        return `${(perSec / 1000).toFixed(0)} kB/s beside the load; planned: ${(plannedBytes / 1000).toFixed(0)} kB/s`;
      },
      heal: async () => await writer.stop(),
    };
  },
};

export const wrongPassword: Fault = {
  id: 'wrong-password',
  consequences: [],
  needs: 'securedListeners',
  probe: ({ cluster }) => (cluster.secured === null ? 'the cluster has no secured listeners' : null),
  inject: async ({ cluster }) => {
    let refused = 0;
    return repeating(
      async () => {
        const kafka = new Kafka({
          clientId: 'drill-stranger',
          brokers: [...(cluster.secured?.saslBootstrap ?? [])],
          ssl: { rejectUnauthorized: false },
          sasl: { mechanism: 'plain', username: 'headroom', password: 'wrong' },
          logLevel: logLevel.NOTHING,
          retry: { retries: 0 },
        });
        const admin = kafka.admin();
        await admin.connect().catch(() => {
          refused += 1;
        });
        await admin.disconnect().catch(() => {});
        await sleep(200);
      },
      () => (refused === 0 ? null : `${refused} logins with a wrong password refused`),
    );
  },
};

/** Four times what the alert allows. */
const connectsPerTurn = 16;
const turnMs = 50;

export const clientsReconnecting: Fault = {
  id: 'clients-reconnecting',
  consequences: [],
  probe: anywhere,
  inject: async ({ cluster }) => {
    const { host, port } = cluster.brokers[0] ?? { host: '127.0.0.1', port: 0 };
    let opened = 0;
    const sinceMs = performance.now();
    return repeating(
      async () => {
        for (let each = 0; each < connectsPerTurn; each += 1) {
          const socket = connect({ host, port });
          socket.once('connect', () => {
            opened += 1;
            socket.destroy();
          });
          socket.on('error', () => {});
        }
        await sleep(turnMs);
      },
      () => `${((opened * 1000) / (performance.now() - sinceMs)).toFixed(0)} connections/s to broker 1`,
    );
  },
};

/** A scrape must still get through now and then. */
const burnMs = 250;

export const generatorBusy: Fault = {
  id: 'generator-busy',
  consequences: [...ofFailover],
  probe: anywhere,
  inject: async () => {
    let burnt = 0;
    return repeating(
      async () => {
        const untilMs = performance.now() + burnMs;
        while (performance.now() < untilMs) burnt += 1;
        await nextTurn();
      },
      () => (burnt === 0 ? null : `the event loop of the harness is held for ${burnMs} ms at a time`),
    );
  },
};

/** Does it again and again until it is healed. */
function repeating(turn: () => Promise<void>, tell: () => string | null): ActiveFault {
  let running = true;
  const loop = (async () => {
    while (running) await turn();
  })();
  return {
    evidence: async () => tell(),
    heal: async () => {
      running = false;
      await loop;
    },
  };
}

const lossyTopic = 'drill-acks-0';
const lossyPerSec = 2_000;

/** In place of the load, whose promise is another. */
export const writesUnacknowledged: Fault = {
  id: 'writes-unacknowledged',
  consequences: [...ofFailover, ...ofLostBroker],
  probe: anywhere,
  inject: loseRecords,
};

async function loseRecords({ cluster, load, signal }: FaultWorld): Promise<ActiveFault> {
  const { options } = load;
  const { partitions, replicationFactor } = options.topic;
  await withAdmin(cluster, async (admin) => {
    if ((await admin.listTopics()).includes(lossyTopic)) return;
    await admin.createTopics({ topics: [lossyTopic], partitions, replicas: replicationFactor });
  });
  await load.stop();
  const producer = { acks: '0', 'enable.idempotence': false } as const;
  const lossy = new Load({ ...options, clusterTopic: lossyTopic, ratePerSec: lossyPerSec, producer, alsoWatched: [] });
  await lossy.start();
  lossy.markFault('writes-unacknowledged');
  await sleep(3_000);
  const leaders = (await describePartitions(cluster))?.filter(({ topic }) => topic === lossyTopic);
  const victim = leaders?.[0]?.leader ?? cluster.brokers[0]?.id ?? 1;
  await killBroker(cluster, victim, 'SIGKILL');
  return {
    evidence: async () => {
      const lost = lossy.integrity().flatMap(({ groups }) => groups.map((group) => group.lost));
      const most = Math.max(0, ...lost);
      return most === 0
        ? null
        : `${most} records written with acks=0 were never read after broker ${victim} was killed`;
    },
    heal: async () => {
      await lossy.stop();
      await restartBroker(cluster, victim, signal);
      await load.start();
    },
  };
}
