import { HeadroomError } from '../../lib/errors.ts';

/** The error for bytes from a broker that are not what its protocol says. */
export function invalidAnswer(found: string, cause?: unknown): HeadroomError {
  return new HeadroomError('BROKER_ANSWER_INVALID', `a broker answered with ${found}`, {
    hint: 'Look for a proxy between here and the broker, and run kafka-dump-log --deep-iteration on the partition.',
    cause,
  });
}
