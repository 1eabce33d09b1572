/** Which partition a record goes to, as the Java client decides. */
import { murmur2 } from '@platformatic/kafka';
import { createRandom } from '../../lib/random.ts';

export type PartitionerName = 'key' | 'sticky' | 'roundRobin';

/** The Java client's default for records with a key: `toPositive(murmur2(key)) % partitions`. */
export function partitionOfKey(key: Buffer, partitions: number): number {
  return (murmur2(key) & 0x7fff_ffff) % partitions;
}

/** The same by the key's index, computed once a key. */
export function createKeyPartitioner(
  keys: number,
  partitions: number,
  keyBytesOf: (keyIndex: number) => Buffer,
): (keyIndex: number) => number {
  const known = new Uint16Array(keys);
  return (keyIndex) => {
    let partition = known[keyIndex] ?? 0;
    if (partition === 0) {
      partition = partitionOfKey(keyBytesOf(keyIndex), partitions) + 1;
      known[keyIndex] = partition;
    }
    return partition - 1;
  };
}

/**
 * Records without a key stick to one partition until its batch is sent, then to another chosen at random (KIP-480), so that
 * batches fill. `next` is called after each send.
 */
export function createStickyPartitioner(partitions: number, seed: number): { current(): number; next(): void } {
  const random = createRandom(seed);
  let partition = Math.floor(random() * partitions);
  return {
    current: () => partition,
    next: () => {
      const other = Math.floor(random() * Math.max(1, partitions - 1));
      partition = partitions === 1 || other < partition ? other : other + 1;
    },
  };
}

/** Every record to the next partition, as Java's RoundRobinPartitioner means to. */
export function createRoundRobinPartitioner(partitions: number, first: number): () => number {
  let next = first % partitions;
  return () => {
    const partition = next;
    next = (next + 1) % partitions;
    return partition;
  };
}
