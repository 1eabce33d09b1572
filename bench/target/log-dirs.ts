/** What topics take on the brokers' disks, by the brokers' own word (DescribeLogDirs: log segments, not index files). */
import type { Admin } from '@platformatic/kafka';

export interface TopicPartitions {
  readonly name: string;
  readonly partitions: number;
}

/** Bytes of the log segments over all replicas of all partitions, by topic. A topic no broker holds is 0. */
export async function readBytesOnDisk(
  admin: Admin,
  topics: readonly TopicPartitions[],
): Promise<ReadonlyMap<string, number>> {
  const described = await admin.describeLogDirs({
    topics: topics.map(({ name, partitions }) => ({ name, partitions: range(partitions) })),
  });
  const bytes = new Map<string, number>(topics.map(({ name }) => [name, 0]));
  for (const topic of described.flatMap((broker) => broker.results.flatMap((result) => result.topics))) {
    // A future replica is a copy being moved between disks of one broker, not data the use case asked for.
    const current = topic.partitions.filter((partition) => !partition.isFutureKey);
    const sum = current.reduce((total, partition) => total + Number(partition.partitionSize), 0);
    bytes.set(topic.name, (bytes.get(topic.name) ?? 0) + sum);
  }
  return bytes;
}

/** Earliest offset of each partition: how far retention has deleted. */
export async function readLogStartOffsets(admin: Admin, topic: TopicPartitions): Promise<readonly number[]> {
  const earliest = -2n;
  const listed = await admin.listOffsets({
    topics: [
      {
        name: topic.name,
        partitions: range(topic.partitions).map((partitionIndex) => ({ partitionIndex, timestamp: earliest })),
      },
    ],
  });
  const offsets = new Array<number>(topic.partitions).fill(0);
  for (const partition of listed.flatMap(({ partitions }) => partitions)) {
    offsets[partition.partitionIndex] = Number(partition.offset);
  }
  return offsets;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
