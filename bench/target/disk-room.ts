/** Whether the brokers' disks have room for what a run writes: a load that fills a disk stops the broker for everybody. */
import type { Admin } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import type { Plan, TopicPlan } from '../../lib/plan/types.ts';
import { formatBytes } from '../../lib/units.ts';
import { copiesOf } from '../prove/experiments.ts';
import type { RunLengths } from '../run-lengths.ts';
import { rootCause } from './connect.ts';

export interface BrokerDisk {
  readonly broker: number;
  readonly totalBytes: number;
  readonly usableBytes: number;
}

/** Header of a batch (61 bytes) and of a record in a batch of its own: the most that 200 bytes can become. */
const overheadBytesPerRecord = 80;
/** What is left free must be at least as much as the run takes. */
const mostOfFree = 0.5;

/** Smallest disk of each broker that tells (Kafka 3.3 or newer). */
export async function readBrokerDisks(admin: Admin): Promise<readonly BrokerDisk[]> {
  const described = await admin.describeLogDirs({ topics: [] });
  return described.flatMap(({ broker, results }) => {
    const known = results
      .map(({ totalBytes, usableBytes }) => ({
        broker,
        totalBytes: Number(totalBytes),
        usableBytes: Number(usableBytes),
      }))
      .filter(({ totalBytes, usableBytes }) => totalBytes > 0 && usableBytes >= 0);
    return known.length === 0 ? [] : [known.reduce((a, b) => (b.usableBytes < a.usableBytes ? b : a))];
  });
}

/** The most that a run writes, over all replicas, without compression. */
export function runBytes(plan: Plan, lengths: RunLengths): number {
  const { average, peak } = lengths.phases;
  const phases = plan.topics.reduce((sum, topic) => {
    const records =
      (topic.load.averagePerSec * (average.warmUpMaxMs + average.measureMs) +
        topic.load.peakPerSec * (peak.warmUpMaxMs + peak.measureMs)) /
      1000;
    return sum + records * bytesPerRecord(topic);
  }, 0);
  const { tradeOff } = lengths;
  if (tradeOff === null) return phases;
  const seconds = (tradeOff.repeats * (tradeOff.repeatMs + tradeOff.warmUpMs)) / 1000;
  const copies = copiesOf(plan, '', lengths).filter(({ leftOutBy }) => leftOutBy === '--no-trade-off');
  return copies.reduce((sum, { topic }) => sum + topic.load.peakPerSec * seconds * bytesPerRecord(topic), phases);
}

function bytesPerRecord({ load, replicationFactor }: TopicPlan): number {
  return (load.messageSizeBytes + overheadBytesPerRecord) * replicationFactor;
}

/**
 * Throws DISK_FULL when a run of `bytes` would take more than half of what a broker has free. Returns what could not be
 * checked, in words; null when all was.
 */
export async function requireDiskRoom(admin: Admin, brokers: number, bytes: number): Promise<string | null> {
  let disks: readonly BrokerDisk[];
  try {
    disks = await readBrokerDisks(admin);
  } catch (error) {
    return `the room on the brokers' disks is unknown: ${rootCause(error)}`;
  }
  const share = bytes / Math.max(1, brokers);
  const tight = disks.filter(({ usableBytes }) => share > usableBytes * mostOfFree);
  if (tight.length > 0) {
    const rooms = tight.map(
      ({ broker, usableBytes, totalBytes }) =>
        `broker ${broker} has ${formatBytes(usableBytes)} free of ${formatBytes(totalBytes)}`,
    );
    throw new HeadroomError(
      'DISK_FULL',
      `the run writes up to ${formatBytes(share)} to each broker, at most half of what is free is taken: ${rooms.join(', ')}`,
      { hint: 'shorten --measure, add --no-trade-off, or free space; nothing was written' },
    );
  }
  return disks.length === brokers ? null : 'the brokers do not tell how much room their disks have';
}
