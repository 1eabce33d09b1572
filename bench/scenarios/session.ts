/** Session timeout, heartbeat and the two group protocols: how long a group stands still, and what it reads twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, answered, inconclusive } from '../../lib/experiment/scenario-result.ts';
import { counted } from '../../lib/units.ts';
import { EngineProducer } from '../engine/producer.ts';
import { encodeBatch } from '../engine/record-batch.ts';
import { countTwice, longestGapMs } from '../trial/gaps.ts';
import { type MemberTask, type Processed, startMember } from '../trial/member.ts';
import { type MemberProcess, MemberProcesses } from '../trial/member-processes.ts';
import type { Scenario, TrialContext, TrialResult } from './scenario.ts';

const groups = [
  { name: 'classic-3s', protocol: 'classic', sessionTimeoutMs: 3_000, heartbeatMs: 500, commitsOnRevoke: true },
  { name: 'classic-6s', protocol: 'classic', sessionTimeoutMs: 6_000, heartbeatMs: 1_000, commitsOnRevoke: true },
  { name: 'classic-6s-late', protocol: 'classic', sessionTimeoutMs: 6_000, heartbeatMs: 1_000, commitsOnRevoke: false },
  { name: 'consumer-6s', protocol: 'consumer', sessionTimeoutMs: 6_000, heartbeatMs: 1_000, commitsOnRevoke: true },
] as const;
type Group = (typeof groups)[number];

const partitions = 4;
const beat = 'beat';
/** To every partition. */
const beatEveryMs = 50;
const idleMembers = 6;
/** Settles after each event, beyond what the session needs. */
const settleMs = 3_000;
const deliveryTimeoutMs = 10_000;

export const session: Scenario = {
  question: 'how long does a group stand still when a consumer crashes, pauses or is restarted?',
  method: `Groups of two consumer processes (@platformatic/kafka) on ${partitions} partitions that get a record every ${beatEveryMs} ms; auto-commit is off, what is processed is committed after polls, at most each 300 ms. One process is killed (kill -9), a new one joins, it is stopped for longer than the session (SIGSTOP, SIGCONT), and both are restarted one after the other (SIGTERM). Stands still: the longest time in which some partition was not read. Then groups of ${idleMembers} members are counted on ${partitions} partitions. The brokers allow sessions of 1 s; those of the consumer protocol (KIP-848) are theirs, 6 s with a heartbeat of 1 s.`,
  trial: {
    durationMs: 50_000,
    groups: [...groups.map(({ name }) => name), 'idle-classic', 'idle-consumer'].map((name) => `CGR-${name}`),
    topics: ({ replicationFactor, minInsyncReplicas }) => [
      { name: beat, partitions, replicationFactor, config: { 'min.insync.replicas': minInsyncReplicas } },
    ],
    brokerOverrides: {
      'group.min.session.timeout.ms': '1000',
      'group.consumer.min.session.timeout.ms': '1000',
      'group.consumer.session.timeout.ms': '6000',
      'group.consumer.min.heartbeat.interval.ms': '500',
      'group.consumer.heartbeat.interval.ms': '1000',
    },
    run,
  },
};

interface Row {
  readonly group: Group;
  readonly crashMs: number;
  readonly joinMs: number;
  readonly pauseMs: number;
  readonly pauseTwice: number;
  readonly rollMs: number;
  readonly rollTwice: number;
}

async function run(context: TrialContext): Promise<TrialResult> {
  const { cluster, tell } = context;
  if (cluster.target !== 'local') {
    const why = 'the sessions compared need brokers that allow 1 s, as a local cluster does.';
    return { tables: [], answer: inconclusive(why), notes: [] };
  }
  const heart = await startBeat(context);
  const processes = new MemberProcesses();
  try {
    tell('groups of two processes: a crash, a pause, a rolling restart');
    const rows = await Promise.all(groups.map((group) => runGroup(context, group, processes)));
    await processes.close();
    tell(`groups of ${idleMembers} members on ${partitions} partitions`);
    const idle = {
      classic: await countIdle(context, 'classic'),
      consumer: await countIdle(context, 'consumer'),
    };
    return { tables: [tableOf(rows), idleTable(idle)], answer: answerOf(rows, idle), notes: [] };
  } finally {
    await heart.stop();
    await processes.close();
  }
}

/** One record to every partition at every beat. */
async function startBeat({ cluster, nameOf }: TrialContext): Promise<{ stop(): Promise<void> }> {
  const target = { bootstrap: cluster.bootstrap, clientId: 'headroom' };
  const settings = { acks: 'all', idempotent: true, deliveryTimeoutMs, maxInFlight: 5 } as const;
  const producer = await EngineProducer.open(target, settings, [nameOf(beat)]);
  const timer = setInterval(() => {
    for (let partition = 0; partition < partitions; partition += 1) {
      const record = { key: null, value: Buffer.from('beat'), timestampMs: Date.now() };
      producer.send(nameOf(beat), partition, encodeBatch([record], 'none'), 1, () => {});
    }
  }, beatEveryMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await producer.close(deliveryTimeoutMs);
    },
  };
}

type GroupSettings = Pick<MemberTask, 'protocol' | 'sessionTimeoutMs' | 'heartbeatMs' | 'commitsOnRevoke'> & {
  readonly name: string;
};

function taskOf({ cluster, nameOf }: TrialContext, group: GroupSettings): MemberTask {
  const { protocol, sessionTimeoutMs, heartbeatMs, commitsOnRevoke, name } = group;
  return {
    bootstrap: cluster.bootstrap,
    group: nameOf(`CGR-${name}`),
    topic: nameOf(beat),
    protocol,
    sessionTimeoutMs,
    heartbeatMs,
    instanceId: null,
    mode: 'TIME',
    commitsOnRevoke,
    processMs: 0,
  };
}

async function runGroup(context: TrialContext, group: Group, processes: MemberProcesses): Promise<Row> {
  const { signal } = context;
  const task = taskOf(context, group);
  const all: MemberProcess[] = [];
  const start = async (): Promise<MemberProcess> => {
    const member = await processes.start(task);
    all.push(member);
    return member;
  };
  const wait = async (ms: number) => await sleep(ms, undefined, { signal });
  /** What happened to the group while `event` did, and until it has settled. */
  const during = async (event: () => Promise<void>, afterMs: number) => {
    const fromMs = Date.now();
    await event();
    await wait(afterMs);
    const untilMs = Date.now();
    const processed = (await Promise.all(all.map((member) => member.processed()))).flat();
    return { gapMs: longestGapMs(processed, { partitions, fromMs, untilMs }), twice: twiceSince(processed, fromMs) };
  };
  let survivor = await start();
  const victim = await start();
  await wait(settleMs);
  const crash = await during(() => victim.kill(), group.sessionTimeoutMs + settleMs);
  let second = await start();
  const join = await during(async () => {}, settleMs);
  const pause = await during(async () => {
    second.signal('SIGSTOP');
    await wait(group.sessionTimeoutMs + settleMs);
    second.signal('SIGCONT');
  }, settleMs);
  const roll = await during(async () => {
    await second.stop();
    second = await start();
    await wait(1_000);
    await survivor.stop();
    survivor = await start();
  }, settleMs);
  return {
    group,
    crashMs: crash.gapMs,
    joinMs: join.gapMs,
    pauseMs: pause.gapMs,
    pauseTwice: pause.twice,
    rollMs: roll.gapMs,
    rollTwice: roll.twice,
  };
}

/** Readings, since then, of records that had been read before. */
function twiceSince(processed: readonly Processed[], fromMs: number): number {
  return countTwice(processed) - countTwice(processed.filter(({ atMs }) => atMs < fromMs));
}

async function countIdle(context: TrialContext, protocol: Group['protocol']): Promise<number> {
  const task = taskOf(context, {
    name: `idle-${protocol}`,
    protocol,
    sessionTimeoutMs: 6_000,
    heartbeatMs: 1_000,
    commitsOnRevoke: false,
  });
  const started = await Promise.allSettled(Array.from({ length: idleMembers }, () => startMember(task, () => {})));
  const members = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    const untilMs = performance.now() + 8_000;
    const assigned = () => members.reduce((sum, member) => sum + member.assigned(), 0);
    // Partitions move one by one in the new protocol: the first member has them all for a while.
    while (performance.now() < untilMs) {
      const isSpread = members.every((member) => member.assigned() <= 1);
      if (members.length === idleMembers && assigned() === partitions && isSpread) break;
      await sleep(200, undefined, { signal: context.signal });
    }
    if (assigned() !== partitions) throw new Error(`${assigned()} of ${partitions} partitions are assigned`);
    return members.filter((member) => member.assigned() === 0).length;
  } finally {
    await Promise.allSettled(members.map((member) => member.stop()));
  }
}

function tableOf(rows: readonly Row[]) {
  return {
    title: 'Stands still, and reads twice',
    columns: [
      'protocol',
      'session, ms',
      'heartbeat, ms',
      'commit on revoke',
      'crash, ms',
      'a member joins, ms',
      'pause, ms',
      'pause, read twice',
      'rolling restart, ms',
      'rolling restart, read twice',
    ],
    rows: rows.map(({ group, ...found }) => [
      group.protocol,
      group.sessionTimeoutMs,
      group.heartbeatMs,
      group.commitsOnRevoke ? 'yes' : 'no',
      found.crashMs,
      found.joinMs,
      found.pauseMs,
      found.pauseTwice,
      found.rollMs,
      found.rollTwice,
    ]),
  };
}

function idleTable(idle: Readonly<Record<Group['protocol'], number>>) {
  return {
    title: 'More consumers than partitions',
    columns: ['protocol', 'members', 'partitions', 'members without a partition'],
    rows: Object.entries(idle).map(([protocol, count]) => [protocol, idleMembers, partitions, count]),
  };
}

function answerOf(rows: readonly Row[], idle: Readonly<Record<Group['protocol'], number>>): Answer {
  const words = ({ group }: Row) => `${group.protocol} with a session of ${group.sessionTimeoutMs / 1_000} s`;
  const early = rows.find(({ group, crashMs }) => crashMs < group.sessionTimeoutMs / 2);
  if (early !== undefined)
    return inconclusive(`${words(early)} went on before its session had ended: the crash was not one.`);
  const prompt = rows.filter(({ group }) => group.commitsOnRevoke);
  const late = rows.find(({ group }) => !group.commitsOnRevoke);
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  const found = prompt.map(
    (row) => `${words(row)} ${seconds(row.crashMs)} s after a crash and ${seconds(row.rollMs)} s in a rolling restart`,
  );
  const same = prompt.find(({ group }) => group.name === 'classic-6s');
  return answered(
    `The longest standstill follows the session timeout: ${found.join(', ')}. A rolling restart reads ${counted(same?.rollTwice ?? 0, 'record')} twice with a commit on revoke and ${late?.rollTwice} without. Of ${idleMembers} members on ${partitions} partitions ${idle.classic} (classic) and ${idle.consumer} (consumer) are idle.`,
  );
}
