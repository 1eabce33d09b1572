/** Disks that fill up or go away, on the second log directory of a broker. */
import { spawnSync } from 'node:child_process';
import { rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadroomError } from '../../lib/errors.ts';
import { restartBroker } from '../local/local-cluster.ts';
import { ofFailover, ofStart } from './brokers.ts';
import { describePartition, ensureTopicOn } from './cluster-view.ts';
import type { Fault } from './fault.ts';
import { startWriter } from './reader.ts';

const noSecondDisk = 'the cluster was started without a second disk';
/** From above the 60 % at which the trend counts, slowly; in the end past the 85 % line. */
const [fillFrom, fillTo, fillPerSec, fullShare] = [0.62, 0.82, 0.0025, 0.9];

export const diskFilled: Fault = {
  id: 'disk-filled',
  consequences: [],
  needs: 'secondDisk',
  probe: ({ secondDisk }) => {
    if (secondDisk === null) return noSecondDisk;
    return secondDisk.plainBecause === null ? null : `no file system of its own: ${secondDisk.plainBecause}`;
  },
  inject: async ({ secondDisk, signal }) => {
    if (secondDisk === null) throw new HeadroomError('INTERNAL', noSecondDisk);
    const { mountPoint, brokerId } = secondDisk;
    const filler = join(mountPoint, 'filler');
    const over = new AbortController();
    const filling = (async () => {
      for (let share = fillFrom; share < fillTo && !over.signal.aborted && !signal.aborted; share += fillPerSec) {
        await fillUpTo(mountPoint, filler, share);
        await sleep(1_000, undefined, { signal: over.signal }).catch(() => {});
      }
      if (!over.signal.aborted) await fillUpTo(mountPoint, filler, fullShare);
    })();
    return {
      evidence: async () => {
        const used = await usedShare(mountPoint);
        return used < 0.85 ? null : `${mountPoint} of broker ${brokerId} is ${Math.round(used * 100)} % full`;
      },
      heal: async () => {
        over.abort();
        await filling;
        await rm(filler, { force: true });
      },
    };
  },
};

async function fillUpTo(mountPoint: string, filler: string, share: number): Promise<void> {
  const { blocks, bsize } = await statfs(mountPoint);
  // Kafka's own files are small beside it.
  const bytes = Math.round(blocks * bsize * share);
  spawnSync('fallocate', ['--length', String(bytes), filler]);
}

async function usedShare(mountPoint: string): Promise<number> {
  const { blocks, bavail } = await statfs(mountPoint);
  return 1 - bavail / blocks;
}

const rollingTopic = 'drill-rolling';

export const logDirLost: Fault = {
  id: 'log-dir-lost',
  consequences: [
    ...ofFailover,
    ...ofStart,
    'KafkaUnderReplicated',
    'KafkaUnderReplicatedLong',
    'KafkaAtMinIsr',
    'KafkaIsrFlapping',
    'KafkaReplicaStopped',
    // Healing restarts the broker.
    'KafkaTargetDown',
    'KafkaBrokerMissing',
    'KafkaBrokerFenced',
  ],
  needs: 'secondDisk',
  probe: ({ secondDisk }) => (secondDisk === null ? noSecondDisk : null),
  inject: async ({ cluster, secondDisk, signal }) => {
    if (secondDisk === null) throw new HeadroomError('INTERNAL', noSecondDisk);
    const { logDir, brokerId } = secondDisk;
    const others = cluster.brokers.map(({ id }) => id).filter((id) => id !== brokerId);
    // New segments every second: the broker notices that it cannot make files any more.
    await ensureTopicOn(cluster, rollingTopic, [...others, brokerId], { 'segment.ms': '1000' });
    const writer = await startWriter(cluster, {
      ...{ topic: rollingTopic, recordBytes: 200, recordsPerSend: 1, everyMs: 200, acks: 1 },
    });
    await rename(logDir, `${logDir}-away`);
    return {
      evidence: async () => {
        const partition = await describePartition(cluster, rollingTopic);
        return partition === null || partition.inSync.includes(brokerId)
          ? null
          : `${logDir} taken away; replica of ${rollingTopic} on broker ${brokerId} is out of sync`;
      },
      heal: async () => {
        await writer.stop();
        await rename(`${logDir}-away`, logDir);
        await restartBroker(cluster, brokerId, signal);
      },
    };
  },
};
