/** Who a producer is to the brokers: its id and epoch, by which they know a repeated batch and an overtaken producer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { initProducerIdV4 } from '@platformatic/kafka';
import { throwRefusal } from '../security/refusal.ts';
import type { Cluster } from './cluster.ts';

export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

const retryDelayMs = 50;

/** A new id. Asks until there is a coordinator of producer ids, as after the start of a cluster. */
export async function newIdentity(cluster: Cluster, timeoutMs: number): Promise<ProducerIdentity> {
  return await untilAnswered(timeoutMs, async () => {
    const connection = await cluster.anyLink();
    const { producerId, producerEpoch } = await initProducerIdV4.api.async(connection, null, 0, -1n, -1);
    return { producerId, producerEpoch };
  });
}

/** Asks again after each failure, a refusal excepted, until the time is over; rejects with the last one. */
export async function untilAnswered<T>(timeoutMs: number, ask: () => Promise<T>): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      throwRefusal(error);
      if (Date.now() >= deadlineMs) throw error;
    }
    await sleep(retryDelayMs);
  }
}
