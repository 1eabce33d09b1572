import { ensureKafka } from '../../bench/local/fetch.ts';

/** Fetches the broker artifacts before any test's clock runs; without Java or Maven the suite fails with the remedy. */
export async function setup(): Promise<void> {
  await ensureKafka({ onProgress: () => {}, signal: new AbortController().signal });
}
