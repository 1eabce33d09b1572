/** What a block should have brought about, as the cluster itself says it. */
import { ConfigResourceTypes } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { describePartitions, missingIn, quorumLeader, withAdmin } from '../../faults/cluster-view.ts';
import type { FaultWorld } from '../../faults/world.ts';
import { isRunning } from '../../local/processes.ts';
import { readIdentity } from '../../local/registry.ts';
import { instant } from '../../monitoring/prometheus-api.ts';
import { type Effect, type Names, written } from './exercise.ts';
import { allQuotas, type QuotaHolder } from './quotas.ts';

type Resource = 'topic' | 'broker' | 'allBrokers';
const resources = {
  topic: ({ TOPIC = '' }: Names) => ({ resourceType: ConfigResourceTypes.TOPIC, resourceName: TOPIC }),
  broker: ({ BROKER = '' }: Names) => ({ resourceType: ConfigResourceTypes.BROKER, resourceName: BROKER }),
  // Any of them tells what is set for all.
  allBrokers: ({ BROKER = '' }: Names) => ({ resourceType: ConfigResourceTypes.BROKER, resourceName: BROKER }),
} as const;
/** Set on the topic, on the broker, on all brokers: where DescribeConfigs says that a value comes from. */
const setOn: Readonly<Record<Resource, number>> = { topic: 1, broker: 2, allBrokers: 3 };
const words: Readonly<Record<Resource, string>> = {
  topic: 'the topic',
  broker: 'the broker',
  allBrokers: 'all brokers',
};

/** Settings of a topic or of brokers; null: not set there, the default counts; `$NAME` stands for a name's value. */
export function settings(where: Resource, wanted: Readonly<Record<string, string | null>>): Effect {
  const told = Object.entries(wanted).map(
    ([name, value]) => `\`${name}\` ${value === null ? 'is not set' : `is ${value}`}`,
  );
  return {
    told: `${told.join(' and ')} on ${words[where]}`,
    isSo: async ({ cluster }, names) =>
      await withAdmin(cluster, async (admin) => {
        const [found] = await admin.describeConfigs({ resources: [resources[where](names)] });
        const set = new Map(
          (found?.configs ?? []).flatMap(({ name, value, configSource }) =>
            configSource === setOn[where] ? [[name, value] as const] : [],
          ),
        );
        return Object.entries(wanted).every(([name, value]) => {
          return (set.get(name) ?? null) === (value?.startsWith('$') ? names[value.slice(1)] : value);
        });
      }),
  };
}

/** A quota of one user, client or address, by the name that holds it, or of all without a name of their own. */
export function quota(entityType: QuotaHolder, name: string | null, key: string, value: number | null): Effect {
  const whose = name === null ? `every ${entityType}` : `the ${entityType} in question`;
  return {
    told: value === null ? `${whose} has no ${key}` : `${whose} has the quota ${key} ${value}`,
    isSo: async ({ cluster }, names) =>
      await withAdmin(cluster, async (admin) => {
        const entityName = name === null ? null : names[name];
        const own = (await allQuotas(admin)).find(({ entity }) =>
          entity.some((each) => each.entityType === entityType && (each.entityName ?? null) === entityName),
        );
        return (own?.values.find((each) => each.key === key)?.value ?? null) === value;
      }),
  };
}

export const whole: Effect = {
  told: 'every broker is there and every replica in sync',
  isSo: async ({ cluster }) => (await missingIn(cluster)) === null,
};

export const brokerDown: Effect = {
  told: 'its process is gone',
  isSo: async ({ cluster }, { BROKER }) => {
    const identity = await readIdentity(cluster.launch.recordFolder, Number(BROKER));
    return identity === null || !isRunning(identity);
  },
};

export const quorumThere: Effect = {
  told: 'the quorum has a leader again',
  isSo: async ({ cluster }) => (await quorumLeader(cluster)) !== null,
};

/** The replicas of the topic, in order, are those of a reassignment file that a block wrote. */
export function placedAs(file: string): Effect {
  return {
    told: `every replica is where \`${file}\` puts it and in sync`,
    isSo: async ({ cluster }, names) => {
      const { partitions } = JSON.parse(await written(names, file)) as {
        partitions: readonly { topic: string; partition: number; replicas: readonly number[] }[];
      };
      const found = (await describePartitions(cluster)) ?? [];
      return (
        partitions.length > 0 &&
        partitions.every(({ topic, partition, replicas }) => {
          const own = found.find((each) => each.topic === topic && each.partition === partition);
          return own?.replicas.join() === replicas.join() && own.inSync.length === replicas.length;
        })
      );
    },
  };
}

export function partitionsAre(count: number, suffix = ''): Effect {
  return {
    told: `the topic${suffix === '' ? '' : ' of the way back'} has ${count} partitions, each with a leader`,
    isSo: async ({ cluster }, { TOPIC = '' }) => {
      const own = ((await describePartitions(cluster)) ?? []).filter(({ topic }) => topic === `${TOPIC}${suffix}`);
      return own.length === count && own.every(({ leader }) => leader >= 0);
    },
  };
}

export const preferredLead: Effect = {
  told: 'the first replica of every partition leads it',
  isSo: async ({ cluster }) => {
    const found = (await describePartitions(cluster)) ?? [];
    return found.length > 0 && found.every(({ leader, replicas }) => leader === replicas[0]);
  },
};

export function leaderIs(broker: number): Effect {
  return {
    told: `broker ${broker} leads the partition`,
    isSo: async ({ cluster }, { TOPIC, PARTITION }) =>
      ((await describePartitions(cluster)) ?? []).some(
        (each) => each.topic === TOPIC && each.partition === Number(PARTITION) && each.leader === broker,
      ),
  };
}

export const hasLeader: Effect = {
  told: 'the partition has a leader',
  isSo: async ({ cluster }, { TOPIC, PARTITION }) =>
    ((await describePartitions(cluster)) ?? []).some(
      (each) => each.topic === TOPIC && each.partition === Number(PARTITION) && each.leader >= 0,
    ),
};

/** Committed offsets of the group by partition of the topic. */
export async function committed(
  { cluster }: FaultWorld,
  { GROUP = '', TOPIC = '' }: Names,
): Promise<readonly number[]> {
  return await withAdmin(cluster, async (admin) => {
    const [found] = await admin.listConsumerGroupOffsets({ groups: [GROUP] });
    const own = found?.topics.find(({ name }) => name === TOPIC)?.partitions ?? [];
    const offsets: number[] = [];
    for (const { partitionIndex, committedOffset } of own) offsets[partitionIndex] = Number(committedOffset);
    return offsets;
  });
}

/** The group stands where a rule says, told from where it stood before (`COMMITTED`, by partition). */
export function groupStands(
  told: string,
  rule: (now: readonly number[], before: readonly number[]) => boolean,
): Effect {
  return {
    told,
    isSo: async (world, names) =>
      rule(await committed(world, names), JSON.parse(names.COMMITTED ?? '[]') as readonly number[]),
  };
}

/** Whether a user can log in with a password by SCRAM. */
export function login(userName: string, password: string, accepted: boolean): Effect {
  return {
    told: `${userName === 'NEW' ? 'the new user' : 'the user'} ${accepted ? 'logs in with the password given' : 'is refused'}`,
    isSo: async ({ cluster }, names) =>
      (await logsIn(cluster, names[userName] ?? '', names[password] ?? '')) === accepted,
  };
}

async function logsIn({ secured }: FaultWorld['cluster'], username: string, password: string): Promise<boolean> {
  const kafka = new Kafka({
    clientId: 'exercise-login',
    brokers: [...(secured?.saslBootstrap ?? [])],
    ssl: { rejectUnauthorized: false },
    sasl: { mechanism: 'scram-sha-512', username, password },
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return true;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

/** Prometheus answers with a finite number to which the rule applies. */
export function measured(told: string, query: string, rule: (value: number) => boolean): Effect {
  return {
    told,
    isSo: async ({ prometheusUrl }) => (await instant(prometheusUrl, query)).some(({ value }) => rule(value)),
  };
}
