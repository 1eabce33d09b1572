/** Commit modes: what is lost or read twice when a consumer is killed, and what each mode costs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, answered, inconclusive } from '../../lib/experiment/scenario-result.ts';
import { createRandom } from '../../lib/random.ts';
import { type CommitMode, commitModes, commitModeWords, pollRecords } from '../trial/commit-modes.ts';
import { fillTopic } from '../trial/fill-topic.ts';
import { type MemberTask, startMember } from '../trial/member.ts';
import { MemberProcesses } from '../trial/member-processes.ts';
import { rounded } from '../trial/quantiles.ts';
import type { Scenario, TrialContext, TrialResult } from './scenario.ts';

const records = 600;
const processMs = 2;
/** Each time it has processed about a third. */
const kills = 2;
/** Consumers at work at once: more would be slow to start on a small machine. */
const atOnce = 4;
const idleMs = 2_500;
const lifeMaxMs = 25_000;
const pollMs = 10;
const costMs = 1_000;
const costRecords = 60_000;
const killed = 'killed';
const costly = 'costly';

export const commit: Scenario = {
  question: 'which commit mode: what is lost or read twice when a consumer is killed, and what does it cost?',
  method: `For each mode a consumer process of its own (@platformatic/kafka, ${pollRecords} records a poll, ${processMs} ms of work each) reads ${records} records and is killed ${kills} times (kill -9, at a moment chosen by the seed); another takes its place. A record is lost when no process has processed it, read twice when two have. Cost: the same consumer without work, for ${costMs} ms.`,
  trial: {
    durationMs: 65_000,
    groups: commitModes.flatMap((mode) => [groupOf(killed, mode), groupOf(costly, mode)]),
    topics: ({ replicationFactor, minInsyncReplicas }) =>
      [killed, costly].map((name) => ({
        name,
        partitions: 1,
        replicationFactor,
        config: { 'min.insync.replicas': minInsyncReplicas },
      })),
    run,
  },
};

interface Row {
  readonly mode: CommitMode;
  readonly lost: number;
  readonly twice: number;
  readonly commitsPer1000: number;
  readonly recordsPerSec: number;
  readonly cpuMicros: number;
}

async function run(context: TrialContext): Promise<TrialResult> {
  const { cluster, nameOf, topic, tell } = context;
  if (cluster.security !== undefined) {
    return { tables: [], answer: inconclusive('the consumer processes know plain connections only.'), notes: [] };
  }
  const target = { bootstrap: cluster.bootstrap, clientId: 'headroom' };
  const valueBytes = topic.load.messageSizeBytes;
  await fillTopic(target, nameOf(killed), { records, valueBytes, partitions: 1 });
  await fillTopic(target, nameOf(costly), { records: costRecords, valueBytes, partitions: 1 });
  const outcomes = new Map<CommitMode, { lost: number; twice: number }>();
  const processes = new MemberProcesses();
  try {
    const waiting = [...commitModes];
    const workers = Array.from({ length: atOnce }, async () => {
      for (let mode = waiting.shift(); mode !== undefined; mode = waiting.shift()) {
        context.signal.throwIfAborted();
        tell(`${mode}: ${commitModes.length - waiting.length} of ${commitModes.length}`);
        outcomes.set(mode, await killAndCount(context, mode, processes));
      }
    });
    await Promise.all(workers);
  } finally {
    await processes.close();
  }
  const rows: Row[] = [];
  for (const mode of commitModes) {
    context.signal.throwIfAborted();
    tell(`${mode}: cost`);
    rows.push({ mode, ...(outcomes.get(mode) ?? { lost: 0, twice: 0 }), ...(await measureCost(context, mode)) });
  }
  const table = {
    title: `${records} records, a consumer killed ${kills} times`,
    columns: [
      'mode',
      'commits',
      'lost',
      'read twice',
      'commits for 1000 records',
      'without work, records/s',
      'client CPU, us/record',
    ],
    rows: rows.map((row) => [
      row.mode,
      commitModeWords[row.mode],
      row.lost,
      row.twice,
      rounded(row.commitsPer1000, 1),
      rounded(row.recordsPerSec, 0),
      rounded(row.cpuMicros, 1),
    ]),
  };
  return { tables: [table], answer: answerOf(rows), notes: [] };
}

function groupOf(topic: string, mode: CommitMode): string {
  return `CGR-${topic}-${mode}`;
}

function taskOf({ cluster, nameOf }: TrialContext, topic: string, mode: CommitMode): MemberTask {
  return {
    bootstrap: cluster.bootstrap,
    group: nameOf(groupOf(topic, mode)),
    topic: nameOf(topic),
    protocol: 'classic',
    sessionTimeoutMs: 30_000,
    heartbeatMs: 1_000,
    // The next process takes the place of a killed one at once: recovery is another scenario.
    instanceId: 'the-consumer',
    mode,
    commitsOnRevoke: false,
    processMs: topic === killed ? processMs : 0,
  };
}

async function killAndCount(
  context: TrialContext,
  mode: CommitMode,
  processes: MemberProcesses,
): Promise<{ lost: number; twice: number }> {
  const random = createRandom(context.seed + commitModes.indexOf(mode));
  const times = new Map<number, number>();
  for (let life = 0; life <= kills; life += 1) {
    const member = await processes.start(taskOf(context, killed, mode));
    const share = life < kills ? Math.floor(records / 3 + random() * pollRecords) : records;
    let progress = { count: 0, atMs: performance.now() };
    const startMs = performance.now();
    for (;;) {
      const processed = await member.processed();
      const count = processed.length;
      const nowMs = performance.now();
      if (count !== progress.count) progress = { count, atMs: nowMs };
      const isAtEnd = processed.at(-1)?.offset === records - 1;
      if (isAtEnd || count >= share || nowMs - progress.atMs > idleMs || nowMs - startMs > lifeMaxMs) break;
      await sleep(pollMs, undefined, { signal: context.signal });
    }
    // The last one leaves the group, so that it can be deleted.
    await (life < kills ? member.kill() : member.stop());
    for (const { offset } of await member.processed()) times.set(offset, (times.get(offset) ?? 0) + 1);
  }
  return { lost: records - times.size, twice: [...times.values()].reduce((sum, count) => sum + count - 1, 0) };
}

async function measureCost(
  context: TrialContext,
  mode: CommitMode,
): Promise<Pick<Row, 'commitsPer1000' | 'recordsPerSec' | 'cpuMicros'>> {
  let count = 0;
  let firstMs = 0;
  let lastMs = 0;
  const member = await startMember(taskOf(context, costly, mode), () => {
    lastMs = performance.now();
    if (count === 0) firstMs = lastMs;
    count += 1;
  });
  const cpu = process.cpuUsage();
  const untilMs = performance.now() + costMs;
  while (performance.now() < untilMs && count < costRecords) await sleep(pollMs);
  const { user, system } = process.cpuUsage(cpu);
  const read = count;
  const { commits } = member;
  await member.stop();
  return {
    commitsPer1000: (1_000 * commits) / Math.max(1, read),
    recordsPerSec: (1_000 * read) / Math.max(1, lastMs - firstMs),
    cpuMicros: (user + system) / Math.max(1, read),
  };
}

function answerOf(rows: readonly Row[]): Answer {
  if (rows.some(({ recordsPerSec }) => recordsPerSec === 0)) return inconclusive('a mode read nothing.');
  const losing = rows.filter(({ lost }) => lost > 0).map(({ mode, lost }) => `${mode} ${lost}`);
  const twice = rows.filter((row) => row.twice > 0).map((row) => `${row.mode} ${row.twice}`);
  const slowest = rows.reduce((a, b) => (b.recordsPerSec < a.recordsPerSec ? b : a));
  const fastest = rows.reduce((a, b) => (b.recordsPerSec > a.recordsPerSec ? b : a));
  return answered(
    `Of ${records} records and ${kills} kills, lost: ${losing.join(', ') || 'none'}; read twice: ${twice.join(', ') || 'none'}. The dearest mode is ${slowest.mode} with ${Math.round(slowest.recordsPerSec)} records/s, the cheapest ${fastest.mode} with ${Math.round(fastest.recordsPerSec)}.`,
  );
}
