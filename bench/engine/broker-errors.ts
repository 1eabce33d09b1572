/** What an error code of a broker means for the request it answers. */
import { protocolErrors, protocolErrorsCodesById } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';

export const brokerErrors = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  unknownProducerId: 59,
} as const;

/** Name of a code as Kafka documents it. */
export function brokerErrorName(code: number): string {
  return protocolErrorsCodesById[code] ?? `UNKNOWN (code ${code})`;
}

/** Whether the same request may succeed later, perhaps on another broker. */
export function mayBeRetried(code: number): boolean {
  return protocolErrors[brokerErrorName(code)]?.canRetry ?? false;
}

export function refused(what: string, code: number): HeadroomError {
  const text = protocolErrors[brokerErrorName(code)]?.message ?? '';
  return new HeadroomError('DELIVERY_FAILED', `${what}: the broker answered ${brokerErrorName(code)}. ${text}`.trim(), {
    hint: 'The broker log says more; retriable answers were retried until the delivery timeout.',
  });
}
