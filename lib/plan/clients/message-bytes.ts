/** What one record of a topic takes at once: in a batch of its own, uncompressed. */
import { batchHeaderBytes, recordBytes } from '../record-batch.ts';
import type { TopicLoad } from '../types.ts';

/** `max.request.size` of the producer is 1048576 by default, `max.message.bytes` of the broker 12 bytes more. */
const defaultRequestBytes = 1_048_576;
export const mebibyte = 1_048_576;

export function singleBatchBytes({ keyBytes, messageSizeBytes }: TopicLoad): number {
  return batchHeaderBytes + recordBytes({ keyBytes, valueBytes: messageSizeBytes - keyBytes, headersBytes: 0 }, 0, 0);
}

/** `max.message.bytes` in whole MiB for messages beyond Kafka's default; null when the default is enough. */
export function neededMessageBytes(load: TopicLoad): number | null {
  const bytes = singleBatchBytes(load);
  return bytes <= defaultRequestBytes ? null : wholeMebibytes(bytes);
}

export function wholeMebibytes(bytes: number): number {
  return Math.ceil(bytes / mebibyte) * mebibyte;
}
