/**
 * Bounds every send of a producer: libraries retry for longer than a run may wait, some for ever.
 * For idempotent producers it also keeps the sends one behind the other, and replaces the producer after a send whose outcome
 * is unknown, since its sequence numbers would be used again for other records.
 */
import type { BatchAck, DriverProducer, PartitionBatch, ProducerSettings } from './driver.ts';

/** How long a library may take to disconnect from brokers that are gone. */
const closeMaxMs = 3_000;

export async function createDeadlineProducer(
  { idempotent, deliveryTimeoutMs }: Pick<ProducerSettings, 'idempotent' | 'deliveryTimeoutMs'>,
  connect: () => Promise<DriverProducer>,
): Promise<DriverProducer> {
  let client = connect();
  await client;
  let tail: Promise<unknown> = Promise.resolve();
  const sendInTime = async (batches: readonly PartitionBatch[]): Promise<readonly BatchAck[]> => {
    const current = client;
    const sending = (async () => await (await current).send(batches))();
    let isKnown = false;
    try {
      const acks = await within(sending, deliveryTimeoutMs, `no answer within ${deliveryTimeoutMs} ms`);
      isKnown = acks.length === batches.length && acks.every(({ error }) => error === undefined);
      return acks;
    } finally {
      if (idempotent && !isKnown && current === client) {
        client = connect();
        // A failure to connect shows in the next send.
        client.catch(() => {});
        current.then(closeQuietly, () => {});
      }
    }
  };
  return {
    send: async (batches) => {
      if (!idempotent) return await sendInTime(batches);
      const turn = tail.then(async () => await sendInTime(batches));
      tail = turn.catch(() => {});
      return await turn;
    },
    close: async () => await client.then(closeQuietly, () => {}),
  };
}

async function closeQuietly(client: DriverProducer): Promise<void> {
  await within(client.close(), closeMaxMs, 'still open').catch(() => {});
}

/** Rejects after `limitMs`; what was waited for goes on and its outcome is dropped. */
async function within<T>(work: Promise<T>, limitMs: number, reason: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(reason)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
