/** One batch on the engine, as a promise; and batches whose records can be told apart when they are read back. */
import type { EngineProducer } from '../engine/producer.ts';
import { encodeBatch } from '../engine/record-batch.ts';

export const idBytes = 4;

/** Rejects with the error of a batch that is not acknowledged. */
export function sendBatch(
  producer: Pick<EngineProducer, 'send'>,
  { topic, partition, bytes, records }: { topic: string; partition: number; bytes: Buffer; records: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    producer.send(topic, partition, bytes, records, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Values of `valueBytes` (at least `idBytes`), each with its id in front. */
export function numberedBatch(ids: readonly number[], valueBytes: number): Buffer {
  const timestampMs = Date.now();
  const records = ids.map((id) => {
    const value = Buffer.alloc(Math.max(idBytes, valueBytes), 'x');
    value.writeUInt32BE(id, 0);
    return { key: null, value, timestampMs };
  });
  return encodeBatch(records, 'none');
}
