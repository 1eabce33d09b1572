/** Records that are there before a trial begins. */
import type { DriverTarget } from '../drivers/driver.ts';
import { EngineProducer } from '../engine/producer.ts';
import { numberedBatch, sendBatch } from './send-batch.ts';

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
    const sent: Promise<void>[] = [];
    for (let at = 0; at < records; at += perBatch) {
      const ids = Array.from({ length: Math.min(perBatch, records - at) }, (_, index) => at + index);
      const bytes = numberedBatch(ids, valueBytes);
      const partition = (at / perBatch) % partitions;
      sent.push(sendBatch(producer, { topic, partition, bytes, records: ids.length }));
    }
    await Promise.all(sent);
  } finally {
    await producer.close(deliveryTimeoutMs);
  }
}
