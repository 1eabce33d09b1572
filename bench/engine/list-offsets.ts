import { listOffsetsV6 } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import type { Cluster } from './cluster.ts';

export interface Whence {
  readonly topic: string;
  readonly partition: number;
  readonly from: number | 'beginning' | 'end';
}

/** Kafka's own marks for the ends of a log. */
const marks = { beginning: -2n, end: -1n } as const;

/** The offset each entry means, in their order; asks the leaders for the ends of their logs. */
export async function offsetsOf(cluster: Cluster, wanted: readonly Whence[]): Promise<number[]> {
  return Promise.all(wanted.map((whence) => (typeof whence.from === 'number' ? whence.from : ask(cluster, whence))));
}

async function ask(cluster: Cluster, { topic, partition, from }: Whence): Promise<number> {
  const leader = cluster.leaderOf(topic, partition);
  if (leader === null) {
    throw new HeadroomError('RESOURCE_MISSING', `${topic}-${partition} has no leader`, {
      hint: 'Check that the topic exists and that enough brokers run.',
    });
  }
  const wire = await cluster.link(leader);
  await wire.ready();
  const timestamp = marks[from as keyof typeof marks];
  const answer = await listOffsetsV6.api.async(wire.connection, -1, 0, [
    { name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp }] },
  ]);
  return Number(answer.topics[0]?.partitions[0]?.offset);
}
