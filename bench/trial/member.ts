/**
 * One member of a consumer group as an application runs it, on @platformatic/kafka: it polls, processes record by record, and
 * commits as its mode says. A member that the group has put out joins again.
 */
import { once } from 'node:events';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { patiently } from '../drivers/patience.ts';
import { GuardedConsumer } from '../drivers/platformatic-consumer.ts';
import { autoCommitMs, type CommitMode, CommitPolicy, type Positions, pollRecords } from './commit-modes.ts';

export interface MemberTask {
  readonly bootstrap: readonly string[];
  readonly group: string;
  readonly topic: string;
  readonly protocol: 'classic' | 'consumer';
  /** Of the classic protocol; in the new one they are the brokers'. */
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  /** Static membership: who comes with the same id takes the place at once. Null: a new member each time. */
  readonly instanceId: string | null;
  readonly mode: CommitMode;
  /** Commits what is processed when a rebalance begins, and when it is stopped. */
  readonly commitsOnRevoke: boolean;
  /** Of each record. */
  readonly processMs: number;
}

export interface Processed {
  readonly partition: number;
  readonly offset: number;
  readonly atMs: number;
}

export interface Member {
  readonly commits: number;
  /** Partitions it has now. */
  assigned(): number;
  /** Leaves the group. */
  stop(): Promise<void>;
}

const fetchWaitMs = 100;
const idleMs = 2;
const rejoinMs = 200;
const closeMaxMs = 3_000;
const positionsWithinMs = 10_000;

interface Queued {
  readonly partition: number;
  readonly offset: number;
}

/** Resolves when it has joined and knows its positions. `onProcessed` is called after the work of each record. */
export async function startMember(task: MemberTask, onProcessed: (record: Processed) => void): Promise<Member> {
  let stopping = false;
  let commits = 0;
  let session = await patiently(async () => await join(task));
  const running = (async () => {
    while (!stopping) {
      await work(session).catch(() => {});
      await session.close();
      if (stopping) return;
      await sleep(rejoinMs);
      session = await join(task).catch(() => session);
    }
  })();

  async function commit(positions: Positions | null): Promise<void> {
    if (positions === null || positions.size === 0) return;
    commits += 1;
    // What a rebalance makes fail is read again by the next owner.
    await session.commit(positions).catch(() => {});
  }

  async function work(current: Session): Promise<void> {
    const policy = new CommitPolicy(task.mode, performance.now());
    if (task.commitsOnRevoke) current.onRevoke(() => void commit(policy.processed));
    while (!stopping && !current.hasFailed()) {
      const poll = current.queue.splice(0, pollRecords);
      if (poll.length === 0) {
        await sleep(idleMs);
        continue;
      }
      await workOff(policy, poll);
      // Without work to wait for, nothing else would get its turn: not even the commits.
      await nextTurn();
    }
    if (task.commitsOnRevoke && stopping) await commit(policy.processed);
  }

  async function workOff(policy: CommitPolicy, poll: readonly Queued[]): Promise<void> {
    await commit(policy.beforePoll(poll));
    for (const { partition, offset } of poll) {
      if (stopping) break;
      if (task.processMs > 0) await sleep(task.processMs);
      onProcessed({ partition, offset, atMs: Date.now() });
      await commit(policy.afterRecord(partition, offset));
    }
    const done = commit(policy.afterPoll(performance.now()));
    if (task.mode !== 'async') await done;
  }

  return {
    get commits() {
      return commits;
    },
    assigned: () => session.assigned(),
    stop: async () => {
      stopping = true;
      await running;
    },
  };
}

interface Session {
  readonly queue: Queued[];
  hasFailed(): boolean;
  assigned(): number;
  onRevoke(listener: () => void): void;
  commit(positions: Positions): Promise<void>;
  close(): Promise<void>;
}

async function join(task: MemberTask): Promise<Session> {
  const { topic, mode } = task;
  const consumer = new GuardedConsumer({
    clientId: 'headroom',
    bootstrapBrokers: [...task.bootstrap],
    groupId: task.group,
    ...(task.instanceId === null ? {} : { groupInstanceId: task.instanceId }),
    // The library holds its timeouts against each other in the new protocol, too, though they are the brokers' there.
    sessionTimeout: task.sessionTimeoutMs,
    rebalanceTimeout: task.sessionTimeoutMs,
    heartbeatInterval: task.heartbeatMs,
    ...(task.protocol === 'consumer' ? { groupProtocol: 'consumer' as const } : {}),
    connectTimeout: 3_000,
    retries: 3,
    retryDelay: 100,
    autocreateTopics: false,
  });
  // Either may wait for answers that never come.
  const close = async (): Promise<void> => {
    for (const end of [() => consumer.close(true), () => consumer.connections.close()]) {
      const ended = Promise.resolve(end()).catch(() => {});
      await Promise.race([ended, sleep(closeMaxMs)]);
    }
  };
  let hasFailed = false;
  const fail = (): void => {
    hasFailed = true;
  };
  try {
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: 'earliest',
      autocommit: mode === 'auto' ? autoCommitMs : false,
      maxWaitTime: fetchWaitMs,
    });
    await once(stream, 'offsets', { signal: AbortSignal.timeout(positionsWithinMs) });
    const queue: Queued[] = [];
    stream.on('data', ({ partition, offset }) => queue.push({ partition, offset: Number(offset) }));
    // After a rebalance the library reads from what is committed: what waits here comes again.
    consumer.on('consumer:group:join', () => queue.splice(0));
    consumer.on('error', fail);
    consumer.on('consumer:heartbeat:error', fail);
    stream.on('error', fail);
    stream.on('close', fail);
    return {
      queue,
      hasFailed: () => hasFailed,
      assigned: () => (consumer.assignments ?? []).reduce((sum, { partitions }) => sum + partitions.length, 0),
      onRevoke: (listener) => void consumer.on('consumer:group:rebalance', listener),
      commit: async (positions) => {
        const offsets = [...positions].map(([partition, offset]) => ({
          topic,
          partition,
          offset: BigInt(offset),
          leaderEpoch: -1,
        }));
        await consumer.commit({ offsets });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
