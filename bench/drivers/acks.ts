/** What the drivers have in common about acknowledgements and their absence. */
import { NetworkError } from '@platformatic/kafka';
import { rootCause } from '../target/connect.ts';
import type { BatchAck } from './driver.ts';

/** On the wire. */
export const acksValues = { '0': 0, '1': 1, all: -1 } as const;

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** With acks=0 all that is known is that the batches went to the socket. */
export function handedOver(batches: readonly Place[]): readonly BatchAck[] {
  return batches.map(({ topic, partition }) => ({ topic, partition, baseOffset: null }));
}

export function failedAck({ topic, partition }: Place, error: unknown): BatchAck {
  return { topic, partition, baseOffset: null, error: rootCause(error) };
}

/**
 * Of an error of @platformatic/kafka: what another attempt cannot mend, refused by the broker for good or a mistake of ours.
 * Timeouts, lost brokers and moved leaders are not.
 */
export function isFinal(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isFinal);
  if (!(error instanceof Error)) return true;
  const { canRetry, hasStaleMetadata, code } = error as Error & {
    canRetry?: boolean;
    hasStaleMetadata?: boolean;
    code?: string;
  };
  // A broker that has not heard of a new topic yet; the library does not give it a code of its own.
  if (/^Unknown topic /.test(error.message)) return false;
  return canRetry !== true && hasStaleMetadata !== true && code !== NetworkError.code;
}
