/** Records that are there before a trial begins. */
import type { DriverTarget } from '../drivers/driver.ts';
import { EngineProducer } from '../engine/producer.ts';
import { encodeBatch } from '../engine/record-batch.ts';

const perBatch = 500;
const deliveryTimeoutMs = 30_000;

/** Spread over the partitions batch by batch; rejects when one is not acknowledged. */
export async function fillTopic(
  target: DriverTarget,
  topic: string,
  { records, valueBytes, partitions }: { records: number; valueBytes: number; partitions: number },
): Promise<void> {
  const settings = { acks: 'all', idempotent: true, deliveryTimeoutMs, maxInFlight: 5 } as const;
  const producer = await EngineProducer.open(target, settings, [topic]);
  try {
    const timestampMs = Date.now();
    const sent: Promise<void>[] = [];
    for (let at = 0; at < records; at += perBatch) {
      const batch = Array.from({ length: Math.min(perBatch, records - at) }, () => ({
        key: null,
        value: Buffer.alloc(valueBytes, 'x'),
        timestampMs,
      }));
      sent.push(
        new Promise((resolve, reject) => {
          const partition = (at / perBatch) % partitions;
          producer.send(topic, partition, encodeBatch(batch, 'none'), batch.length, (error) =>
            error === null ? resolve() : reject(error),
          );
        }),
      );
    }
    await Promise.all(sent);
  } finally {
    await producer.close(deliveryTimeoutMs);
  }
}
