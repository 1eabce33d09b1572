/** Every board, in the order of the menu. */
import type { Board } from './board.ts';
import { bench } from './boards/bench.ts';
import { broker } from './boards/broker.ts';
import { capacity } from './boards/capacity.ts';
import { clients } from './boards/clients.ts';
import { groups } from './boards/groups.ts';
import { overview } from './boards/overview.ts';
import { quorum } from './boards/quorum.ts';
import { slo } from './boards/slo.ts';
import { storage } from './boards/storage.ts';
import { topics } from './boards/topics.ts';

export const boards: readonly Board[] = [
  overview,
  broker,
  topics,
  quorum,
  groups,
  clients,
  storage,
  bench,
  capacity,
  slo,
];
