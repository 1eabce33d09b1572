/**
 * Which cluster is this? Read and compared with the pin before anything is written, so that a tunnel, a stale address
 * or a typo never puts load on the wrong cluster.
 */
import type { Admin } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import type { MskCluster } from '../aws/msk-cluster.ts';
import type { BrokerFact } from './brokers.ts';
import { reach } from './connect.ts';

/** The cluster's own id. Throws TARGET_UNREACHABLE when no broker answers or the cluster has no id. */
export async function readClusterId(admin: Admin, bootstrap: readonly string[]): Promise<string> {
  const metadata = await reach(bootstrap, 'cannot read the cluster id', () =>
    admin.metadata({ topics: [], forceUpdate: true }),
  );
  // Typed as a string by the client, but the protocol allows null.
  const id = metadata.id as string | null;
  if (id === null || id === '') {
    throw new HeadroomError('TARGET_UNREACHABLE', `the cluster at ${bootstrap.join(',')} tells no cluster id`, {
      hint: 'without an id a cluster cannot be pinned; connect to the brokers themselves, not to a proxy',
    });
  }
  return id;
}

/**
 * Reads the cluster's id and compares it with the pin. Returns it when they are equal.
 * Throws USAGE when there is no pin (with the id found as the remedy) and CLUSTER_ID_MISMATCH when they differ.
 */
export async function requirePinned(
  admin: Admin,
  bootstrap: readonly string[],
  pinned: string | null,
): Promise<string> {
  const found = await readClusterId(admin, bootstrap);
  const addresses = bootstrap.join(',');
  if (pinned === null) {
    throw new HeadroomError(
      'USAGE',
      `--bootstrap ${addresses} needs --cluster-id: a cluster is pinned before it is written to`,
      {
        hint: `the cluster there says it is ${found}; if that is the one you mean, add --cluster-id ${found}`,
      },
    );
  }
  if (found !== pinned) {
    throw new HeadroomError(
      'CLUSTER_ID_MISMATCH',
      `the cluster at ${addresses} is ${found}, pinned was ${pinned}; nothing was written`,
      { hint: 'check --bootstrap; change --cluster-id only if you are sure which cluster this is' },
    );
  }
  return found;
}

/**
 * The addresses came from AWS, but what answers there may still be a tunnel or another cluster's proxy: its brokers must be
 * those that AWS lists. Throws CLUSTER_ID_MISMATCH.
 */
export function requireBrokersOf({ brokerIds, provisioned }: MskCluster, brokers: readonly BrokerFact[]): void {
  const foreign = brokers.filter(({ id }) => brokerIds !== null && !brokerIds.includes(id));
  if (foreign.length === 0) return;
  const found = foreign.map(({ id, host, port }) => `${id} at ${host}:${port}`).join(', ');
  throw new HeadroomError(
    'CLUSTER_ID_MISMATCH',
    `what answers for ${provisioned.arn} has the brokers ${found}, AWS lists ${brokerIds?.join(', ')}; nothing was written`,
    { hint: 'check for a tunnel, a proxy or a changed host name between this machine and the cluster' },
  );
}
