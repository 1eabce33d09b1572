/**
 * Connecting to a cluster that has just started, or to a topic that was just created: coordinators are still loading and not every
 * broker knows the topic, for longer than a library's own few retries last.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { throwRefusal } from '../security/refusal.ts';

const patienceMs = 15_000;
const retryDelayMs = 250;

/** Tries until it succeeds; rejects with the last failure once the patience is over, with a refusal (AUTHENTICATION_FAILED) at once. */
export async function patiently<T>(connect: () => Promise<T>): Promise<T> {
  const untilMs = performance.now() + patienceMs;
  while (true) {
    try {
      return await connect();
    } catch (error) {
      throwRefusal(error);
      if (performance.now() + retryDelayMs > untilMs) throw error;
    }
    await sleep(retryDelayMs);
  }
}
