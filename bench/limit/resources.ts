/** Samples what the cluster uses while a search runs, so that each probe can say what stood at its limit. */
import type { ResourceUse } from '../../lib/measurement/limit/types.ts';
import { type ReadCpuSeconds, watchBrokerCpu } from '../prove/broker-cpu.ts';
import { type CpuTimes, readCpuTimes, readDiskBusyMs } from './machine.ts';
import type { ReplicationState } from './replication.ts';

/** Where the figures come from. Null: it cannot be seen from here. */
export interface ResourceSource {
  readonly brokerCpuSeconds: ReadCpuSeconds;
  /** Cores that a broker may use. */
  readonly coresOf: (broker: number) => number;
  /** Folders of the brokers' data on this machine. */
  readonly folders: readonly string[] | null;
  readonly replication: () => Promise<ReplicationState>;
  /** Bytes that each broker has received and sent so far, and what it may at most; null: no bandwidth is stated. */
  readonly network: (() => Promise<readonly NetworkUse[]>) | null;
  /** The brokers run on the machine of the harness. */
  readonly sharesHost: boolean;
}

export interface NetworkUse {
  readonly broker: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly limitBytesPerSec: number;
}

export interface ResourceWatch {
  /** Between two moments of `performance.now()`. */
  between(fromMs: number, toMs: number): ResourceUse;
  stop(): void;
}

interface Sample {
  readonly atMs: number;
  readonly cpu: CpuTimes;
  readonly disks: ReadonlyMap<string, number>;
  readonly network: readonly NetworkUse[] | null;
  readonly replication: ReplicationState | null;
}

const sampleEveryMs = 500;

export function watchResources(source: ResourceSource): ResourceWatch {
  const samples: Sample[] = [];
  const brokers = watchBrokerCpu(source.brokerCpuSeconds);
  let isSampling = false;
  const sample = async (): Promise<void> => {
    // A cluster at its limit answers late: its next answer is not waited for by a queue of questions.
    if (isSampling) return;
    isSampling = true;
    const [replication, network] = await Promise.all([
      source.replication().catch(() => null),
      source.network?.().catch(() => null) ?? null,
    ]);
    const disks = source.folders === null ? new Map<string, number>() : readDiskBusyMs(source.folders);
    samples.push({ atMs: performance.now(), cpu: readCpuTimes(), disks, network, replication });
    isSampling = false;
  };
  void sample();
  const timer = setInterval(() => void sample(), sampleEveryMs);
  return {
    between: (fromMs, toMs) => {
      const use = useBetween(samples, fromMs, toMs);
      const used = brokers.coresBetween(fromMs, toMs);
      return {
        ...use,
        host: source.sharesHost ? use.host : null,
        brokerCpu: used?.map(({ broker, cores }) => ({ broker, cores, ofCores: source.coresOf(broker) })) ?? null,
      };
    },
    stop: () => {
      brokers.stop();
      clearInterval(timer);
    },
  };
}

/** From the last sample before the window to the first after it, or the nearest there are. */
export function useBetween(samples: readonly Sample[], fromMs: number, toMs: number): Omit<ResourceUse, 'brokerCpu'> {
  const within = samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const states = within.map(({ replication }) => replication).filter((state) => state !== null);
  const first = samples.findLast(({ atMs }) => atMs <= fromMs) ?? samples[0];
  const last = samples.find(({ atMs }) => atMs >= toMs) ?? samples.at(-1);
  const replication =
    states.length === 0
      ? { unreplicatedRecords: null, underReplicated: null }
      : {
          unreplicatedRecords: states.reduce((sum, state) => sum + state.unreplicatedRecords, 0) / states.length,
          underReplicated: Math.max(...states.map(({ underReplicated }) => underReplicated)),
        };
  if (first === undefined || last === undefined || last.atMs <= first.atMs) {
    return { ...replication, host: null, diskBusy: null, networkUsed: null };
  }
  const elapsedMs = last.atMs - first.atMs;
  const totalMs = last.cpu.totalMs - first.cpu.totalMs;
  const disks = [...last.disks].flatMap(([device, busyMs]) => {
    const before = first.disks.get(device);
    return before === undefined ? [] : [(busyMs - before) / elapsedMs];
  });
  return {
    ...replication,
    host: totalMs > 0 ? hostUse(first.cpu, last.cpu) : null,
    diskBusy: disks.length === 0 ? null : Math.min(1, Math.max(...disks)),
    networkUsed: networkUsed(first.network, last.network, elapsedMs),
  };
}

function hostUse(first: CpuTimes, last: CpuTimes): ResourceUse['host'] {
  const share = (last.busyMs - first.busyMs) / (last.totalMs - first.totalMs);
  return { busyCores: share * last.cores, ofCores: last.cores };
}

/** Of the broker and direction that use most. */
function networkUsed(
  first: readonly NetworkUse[] | null,
  last: readonly NetworkUse[] | null,
  elapsedMs: number,
): number | null {
  const shares = (last ?? []).flatMap(({ broker, receivedBytes, sentBytes, limitBytesPerSec }) => {
    const before = first?.find((use) => use.broker === broker);
    if (before === undefined) return [];
    const most = Math.max(receivedBytes - before.receivedBytes, sentBytes - before.sentBytes);
    return [(most * 1000) / elapsedMs / limitBytesPerSec];
  });
  return shares.length === 0 ? null : Math.max(...shares);
}
