import { HeadroomError } from '../../lib/errors.ts';

/** Throws INTERRUPTED when the signal was aborted, whatever reason its owner gave. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const { reason } = signal;
  throw reason instanceof HeadroomError ? reason : new HeadroomError('INTERRUPTED', 'interrupted', { cause: reason });
}
