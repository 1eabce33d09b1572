/** Whether the brokers serve, asked through the protocol: a log line proves nothing about the next request. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, describeQuorumV2, metadataV12 } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import { type BrokerProcess, explainDeath } from './broker-process.ts';
import { diskFullError, isDiskExhausted } from './disk-full.ts';
import { throwIfInterrupted } from './interrupted.ts';
import { loopback } from './ports.ts';

const metadataTopic = '__cluster_metadata';
const clientId = 'headroom-local';
/** Far beyond the few seconds it takes, for machines that do much else at the same time. */
const readyBoundMs = 120_000;
const pollMs = 100;

/** How a broker sees the cluster. */
export interface BrokerView {
  readonly clusterId: string | null;
  /** Ids of the brokers that are registered and unfenced. */
  readonly brokers: readonly number[];
  /** Leader of the metadata quorum; null when there is none or it does not answer. */
  readonly quorumLeader: number | null;
}

/** Asks one broker; null when it does not answer. */
export async function askBroker(port: number, timeoutMs = 2_000): Promise<BrokerView | null> {
  const connection = new Connection(clientId, { connectTimeout: timeoutMs, requestTimeout: timeoutMs });
  connection.on('error', () => {});
  try {
    await connection.connect(loopback, port);
    const metadata = await metadataV12.api.async(connection, [], false, false);
    return {
      clusterId: metadata.clusterId ?? null,
      brokers: metadata.brokers.map(({ nodeId }) => nodeId).sort((a, b) => a - b),
      quorumLeader: await askQuorumLeader(connection),
    };
  } catch {
    return null;
  } finally {
    await connection.close().catch(() => {});
  }
}

/** The broker passes the question on to the active controller, so an answer shows that one is at work. */
async function askQuorumLeader(connection: Connection): Promise<number | null> {
  try {
    const { topics } = await describeQuorumV2.api.async(connection, [
      { topicName: metadataTopic, partitions: [{ partitionIndex: 0 }] },
    ]);
    const leader = topics[0]?.partitions[0]?.leaderId ?? -1;
    return leader >= 0 ? leader : null;
  } catch {
    return null;
  }
}

/** Ready: this broker sees every broker of its own cluster and a quorum leader that answers. */
export function isReady(view: BrokerView | null, clusterId: string, brokerIds: readonly number[]): boolean {
  return (
    view !== null &&
    view.clusterId === clusterId &&
    view.quorumLeader !== null &&
    brokerIds.every((id) => view.brokers.includes(id))
  );
}

export interface ReadinessRequest {
  readonly processes: readonly BrokerProcess[];
  readonly clusterId: string;
  /** The brokers that each of `processes` must see. */
  readonly brokerIds: readonly number[];
  readonly logsDir: string;
  readonly onAlive: (ready: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Resolves when each of the processes is ready. Throws at once when one of them ends (DISK_FULL or BROKER_START_FAILED),
 * when the signal is aborted, and BROKER_START_FAILED when the time is up.
 */
export async function waitUntilReady(request: ReadinessRequest): Promise<void> {
  const { clusterId, brokerIds, logsDir } = request;
  const giveUpAtMs = performance.now() + readyBoundMs;
  const waiting = new Set(request.processes);
  let announced = 0;
  while (waiting.size > 0) {
    throwIfInterrupted(request.signal);
    const dead = request.processes.find(({ child }) => hasEnded(child));
    if (dead !== undefined) throw await explainDeath(dead.broker, logsDir);
    await Promise.all(
      [...waiting].map(async (each) => {
        if (isReady(await askBroker(each.broker.port), clusterId, brokerIds)) waiting.delete(each);
      }),
    );
    const ready = request.processes.length - waiting.size;
    if (ready !== announced) request.onAlive(ready);
    announced = ready;
    if (waiting.size === 0) return;
    if (performance.now() > giveUpAtMs) throw await notReady([...waiting], logsDir);
    await sleep(pollMs);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function notReady(waiting: readonly BrokerProcess[], logsDir: string): Promise<HeadroomError> {
  if (await isDiskExhausted(logsDir)) return diskFullError(logsDir);
  const ids = waiting.map(({ broker }) => broker.id).join(', ');
  return new HeadroomError('BROKER_START_FAILED', `broker ${ids} not ready after ${readyBoundMs / 1_000} s`, {
    hint: `the machine may be overloaded; the brokers' logs are in ${logsDir}`,
  });
}
