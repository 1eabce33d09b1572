/**
 * How a run reaches a cluster for everything but the load: one admin client, and its failures in words a user can act on.
 * Nothing here writes to the cluster.
 */
import { Admin } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import { platformaticSecurity } from '../security/connection-options.ts';
import { throwRefusal } from '../security/refusal.ts';
import type { Security } from '../security/security.ts';

/** Client id of every connection that is not load; brokers show it in their logs and quotas. */
export const adminClientId = 'headroom-admin';

/**
 * `host:port,host:port` as a list. IPv6 addresses stand in brackets; an empty entry, such as a trailing comma, is skipped.
 * Throws USAGE when an entry is not host:port or none is left.
 */
export function parseBootstrap(text: string): readonly string[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const wrong = entries.filter((entry) => !isHostAndPort(entry));
  if (entries.length === 0 || wrong.length > 0) {
    throw new HeadroomError('USAGE', `--bootstrap: expected host:port[,host:port...], got "${wrong[0] ?? text}"`, {
      hint: 'for instance --bootstrap 127.0.0.1:9092,127.0.0.1:9093',
    });
  }
  return entries;
}

function isHostAndPort(entry: string): boolean {
  const match = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(entry);
  const port = Number(match?.[1]);
  return match !== null && port >= 1 && port <= 65_535;
}

/** An admin client that gives up after seconds, not minutes. Connects lazily; the caller closes it. */
export function createAdmin(bootstrap: readonly string[], security?: Security): Admin {
  return new Admin({
    ...platformaticSecurity({ bootstrap, security }),
    clientId: adminClientId,
    bootstrapBrokers: [...bootstrap],
    connectTimeout: 3_000,
    requestTimeout: 10_000,
    timeout: 10_000,
    retries: 3,
    retryDelay: 300,
    autocreateTopics: false,
  });
}

/** The innermost cause of a client error: the outer layers only say how often it was tried. */
export function rootCause(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return rootCause(error.errors.at(-1));
  if (error instanceof Error) return error.cause === undefined ? error.message : rootCause(error.cause);
  return String(error);
}

/** Runs a request; its failure becomes TARGET_UNREACHABLE with the addresses tried. A HeadroomError passes as it is. */
export async function reach<T>(bootstrap: readonly string[], what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof HeadroomError) throw error;
    throwRefusal(error);
    throw new HeadroomError('TARGET_UNREACHABLE', `${what} at ${bootstrap.join(',')}: ${rootCause(error)}`, {
      hint: 'check that the address is right, that the brokers run and that the listener speaks what --client-config says',
      cause: error,
    });
  }
}
