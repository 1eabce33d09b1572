import { acks } from './acks.ts';
import { batching } from './batching.ts';
import { commit } from './commit.ts';
import { compression } from './compression.ts';
import { fetch } from './fetch.ts';
import { idempotence } from './idempotence.ts';
import { partitioner } from './partitioner.ts';
import type { Scenario } from './scenario.ts';
import { sending } from './sending.ts';
import { session } from './session.ts';
import { transactions } from './transactions.ts';

/** The shipped scenarios by name, in the order of the users' questions. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  acks,
  idempotence,
  compression,
  batching,
  partitioner,
  sending,
  transactions,
  fetch,
  commit,
  session,
};
