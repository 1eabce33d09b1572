/** acks and min.insync.replicas: their cost under load, and what they keep when a broker hangs and dies. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, answered, inconclusive } from '../../lib/experiment/scenario-result.ts';
import type { TopicIntegrity, TopicMeasurement } from '../../lib/measurement/types.ts';
import type { TopicPlan } from '../../lib/plan/types.ts';
import { openLoad } from '../load/open-load.ts';
import type { LoadTopic } from '../load/types.ts';
import { readLeaders } from '../trial/leaders.ts';
import { effects } from './effects.ts';
import type { Scenario, TrialContext, TrialResult } from './scenario.ts';

const modes = [
  { name: 'acks0', acks: '0', minInsync: 1 },
  { name: 'acks1', acks: '1', minInsync: 1 },
  { name: 'all-min1', acks: 'all', minInsync: 1 },
  { name: 'all-min2', acks: 'all', minInsync: 2 },
  { name: 'all-min3', acks: 'all', minInsync: 3 },
] as const;

/** Every broker leads one partition of each topic. */
const partitions = 3;
const replicas = 3;
const ratePerSec = 300;
const measureMs = 10_000;
const warmUpMs = 1_000;
const crashAfterMs = 3_000;
/** A full disk or a long collection of garbage: the broker takes no more, and its connections stay open. */
const hangMs = 700;
const deliveryMs = 12_000;
const drainMaxMs = 15_000;

export const acks: Scenario = {
  question: 'which acks and min.insync.replicas do we need, and what does each cost?',
  method: `Cost: the load of the use case under each acks, in interleaved rounds. Loss: five topics with ${replicas} replicas, ${ratePerSec} records/s each, without idempotence; one broker hangs for ${hangMs} ms and is killed (SIGKILL). A record is lost when it was acknowledged (acks=0: handed to the socket) and is not in the log that the group reads to its end.`,
  grid: {
    vary: ['acks=all,1,0'],
    kind: 'full',
    rounds: 8,
    measureMs: 500,
    figures: ['publishP50Ms', 'publishP99Ms', 'endToEndP99Ms', 'clientCpuMicrosPerRecord', 'brokerCpuMicrosPerRecord'],
    answer: (analysis) =>
      effects(analysis, ['publishP50Ms', 'publishP99Ms', 'clientCpuMicrosPerRecord', 'brokerCpuMicrosPerRecord']),
  },
  trial: {
    durationMs: 30_000,
    groups: modes.map(({ name }) => `CGR-${name}`),
    topics: () =>
      modes.map(({ name, minInsync }) => ({
        name,
        partitions,
        replicationFactor: replicas,
        config: { 'min.insync.replicas': minInsync, 'unclean.leader.election.enable': false },
      })),
    // A dead broker is noticed after 6 s instead of 9, so that the trial is short.
    brokerOverrides: { 'broker.session.timeout.ms': '6000' },
    run,
  },
};

async function run(context: TrialContext): Promise<TrialResult> {
  const { cluster, tell } = context;
  const victim = cluster.brokers.at(-1);
  if (cluster.crashBroker === null || victim === undefined) {
    return { tables: [], answer: inconclusive('no broker of an existing cluster is killed.'), notes: [] };
  }
  const crash = cluster.crashBroker;
  tell('five topics under load');
  const session = await openLoad({
    target: { bootstrap: cluster.bootstrap, security: cluster.security, clientId: 'headroom' },
    driver: context.driver,
    seed: context.seed,
    topics: modes.map((mode) => loadTopic(mode, context)),
    signal: context.signal,
    onIncident: () => {},
  });
  try {
    const running = session.run({
      ratePerSec: Object.fromEntries(modes.map(({ name }) => [name, ratePerSec])),
      measureMs,
      warmUpMinMs: warmUpMs,
      warmUpMaxMs: warmUpMs,
      drainMaxMs,
      stage: 'a broker dies',
      signal: context.signal,
      onProgress: () => {},
    });
    running.catch(() => {});
    await sleep(crashAfterMs, undefined, { signal: context.signal });
    const names = modes.map(({ name }) => context.nameOf(name));
    const led = await readLeaders(cluster.admin, names, victim.id);
    tell(`broker ${victim.id}, which leads ${led} partitions, hangs and is killed`);
    await crash(victim.id, hangMs);
    const { topics } = await running;
    const left = await readLeaders(cluster.admin, names, victim.id);
    return resultOf(topics, session.integrity(), { led, left });
  } finally {
    await session.close();
  }
}

function loadTopic(mode: (typeof modes)[number], { topic, nameOf }: TrialContext): LoadTopic {
  const plan: TopicPlan = {
    ...topic,
    name: mode.name,
    partitions,
    replicationFactor: replicas,
    minInsyncReplicas: mode.minInsync,
    guarantee: { loss: 'never', duplicates: 'allowed', order: 'none' },
    producer: {
      ...topic.producer,
      acks: mode.acks,
      'enable.idempotence': false,
      'linger.ms': 5,
      'delivery.timeout.ms': deliveryMs,
    },
    load: { ...topic.load, producers: 1, averagePerSec: ratePerSec, peakPerSec: ratePerSec },
  };
  const group = `CGR-${mode.name}`;
  return { plan, clusterTopic: nameOf(mode.name), groups: [{ name: group, clusterGroup: nameOf(group), members: 1 }] };
}

function resultOf(
  topics: readonly TopicMeasurement[],
  integrity: readonly TopicIntegrity[],
  { led, left }: { readonly led: number; readonly left: number },
): TrialResult {
  const rows = modes.map((mode, at) => {
    const found = integrity[at];
    const [group] = found?.groups ?? [];
    const isRead = group !== undefined && group.unseen === 0;
    return {
      mode: `acks=${mode.acks}`,
      minInsync: mode.minInsync,
      acknowledged: found?.acknowledged ?? null,
      refused: (topics[at]?.failed ?? 0) + (topics[at]?.unsent ?? 0),
      lost: isRead ? group.lost : null,
      duplicates: isRead ? group.duplicates : null,
      longestMs: topics[at]?.publish.maxMs ?? null,
    };
  });
  const table = {
    title: 'A broker hangs and dies',
    columns: [
      'acks',
      'min.insync.replicas',
      'acknowledged',
      'refused or given up',
      'lost of the acknowledged',
      'duplicates',
      'longest publish, ms',
    ],
    rows: rows.map((row) => [
      row.mode,
      row.minInsync,
      row.acknowledged,
      row.refused,
      row.lost,
      row.duplicates,
      row.longestMs === null ? null : Math.round(row.longestMs),
    ]),
  };
  return { tables: [table], answer: answerOf(rows, led > 0 && left === 0), notes: [] };
}

interface Row {
  readonly mode: string;
  readonly minInsync: number;
  readonly acknowledged: number | null;
  readonly refused: number;
  /** Null where the log was not read to its end. */
  readonly lost: number | null;
}

function answerOf(rows: readonly Row[], wasActive: boolean): Answer {
  if (!wasActive) return inconclusive('the broker that was to die led no partition, or leads one still.');
  const unread = rows.filter(({ lost }) => lost === null).map(({ mode, minInsync }) => `${mode} min ${minInsync}`);
  if (unread.length > 0) return inconclusive(`the log of ${unread.join(' and ')} was not read to its end.`);
  const named = (of: (row: (typeof rows)[number]) => number) => {
    const some = rows.filter((row) => of(row) > 0);
    return some.map((row) => `${row.mode} with min.insync.replicas=${row.minInsync} ${of(row)}`);
  };
  const lost = named(({ lost: records }) => records ?? 0);
  const refused = named((row) => row.refused);
  return answered(
    `When a broker hangs and dies, records that were acknowledged are lost by ${lost.join(', ') || 'none'}, of ${rows[0]?.acknowledged}; records are refused by ${refused.join(', ') || 'none'}.`,
  );
}
