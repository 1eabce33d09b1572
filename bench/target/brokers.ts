/** Which brokers a cluster has, and the watch that says when one is gone. */
import type { Admin } from '@platformatic/kafka';
import { reach } from './connect.ts';

export interface BrokerFact {
  readonly id: number;
  readonly rack: string | null;
  readonly host: string;
  readonly port: number;
}

/** The brokers that are alive by the controller's word, by id. */
export async function readBrokers(admin: Admin, bootstrap: readonly string[]): Promise<readonly BrokerFact[]> {
  const metadata = await reach(bootstrap, 'cannot read the brokers', () =>
    admin.metadata({ topics: [], forceUpdate: true }),
  );
  return [...metadata.brokers]
    .map(([id, { host, port, rack }]) => ({ id, host, port, rack: rack ?? null }))
    .sort((a, b) => a.id - b.id);
}

export interface BrokerWatch {
  /** Ids of the brokers lost so far. */
  readonly lost: ReadonlySet<number>;
  stop(): void;
}

/**
 * Calls `onLost` once for each of `expected` that is no longer in what `alive` returns. A question that fails says
 * nothing about any broker and is asked again.
 */
export function watchBrokers(options: {
  readonly expected: readonly number[];
  readonly alive: () => Promise<ReadonlySet<number>>;
  readonly everyMs: number;
  readonly onLost: (brokerId: number) => void;
}): BrokerWatch {
  const lost = new Set<number>();
  let stopped = false;
  let timer: NodeJS.Timeout;
  const look = async (): Promise<void> => {
    const alive = await options.alive().catch(() => null);
    for (const id of options.expected) {
      if (stopped || alive === null || alive.has(id) || lost.has(id)) continue;
      lost.add(id);
      options.onLost(id);
    }
    if (!stopped) timer = setTimeout(look, options.everyMs);
  };
  timer = setTimeout(look, options.everyMs);
  return {
    lost,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
