/** A cluster in memory behind the driver interface: partitions are arrays, acknowledgements take a moment, nothing is lost. */
import { type BatchAck, ConsumedRecord, type Driver, type PartitionBatch } from '../../../bench/drivers/driver.ts';

export interface MemoryDriver extends Driver {
  readonly log: ReadonlyMap<string, readonly Buffer[]>;
}

export function createMemoryDriver(ackDelayMs = 1): MemoryDriver {
  const log = new Map<string, Buffer[]>();
  const listeners = new Set<{ topic: string; onRecords: (records: readonly ConsumedRecord[]) => void }>();
  const append = ({ topic, partition, records }: PartitionBatch): BatchAck => {
    const key = `${topic}/${partition}`;
    const partitionLog = log.get(key) ?? [];
    log.set(key, partitionLog);
    const baseOffset = partitionLog.length;
    partitionLog.push(...records.map(({ value }) => value));
    const read = records.map(({ value }, index) => new ConsumedRecord(topic, partition, baseOffset + index, value));
    for (const listener of listeners) {
      if (listener.topic === topic) setImmediate(() => listener.onRecords(read));
    }
    return { topic, partition, baseOffset };
  };
  return {
    name: 'memory',
    version: '1',
    compressions: ['none'],
    log,
    maxOutstandingSends: ({ idempotent }) => (idempotent ? 1 : 5),
    createProducer: async () => ({
      send: async (batches) => {
        const acks = batches.map(append);
        await new Promise((resolve) => setTimeout(resolve, ackDelayMs));
        return acks;
      },
      close: async () => {},
    }),
    createConsumer: async (_target, { topics }, onRecords) => {
      const listener = { topic: topics[0] ?? '', onRecords };
      listeners.add(listener);
      return {
        close: async () => {
          listeners.delete(listener);
        },
      };
    },
  };
}
