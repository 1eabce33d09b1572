/** Shipped experiments: a question of the users, and the settings whose effect answers it. Each takes about 80 s. */
import type { GridKind } from './grid.ts';

export interface Scenario {
  /** As a user would ask it. */
  readonly question: string;
  /** As given to --vary; the first value is what the others are compared with. */
  readonly vary: readonly string[];
  readonly grid: GridKind;
  readonly rounds: number;
  readonly measureMs: number;
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  acks: {
    question: 'which acks do we need, and what does each cost?',
    vary: ['acks=all,1,0'],
    grid: 'full',
    rounds: 9,
    measureMs: 1_000,
  },
  idempotence: {
    question: 'what do idempotence and a single request in flight cost?',
    vary: ['enable.idempotence=true,false', 'max.in.flight.requests.per.connection=5,1'],
    grid: 'oneAtATime',
    rounds: 9,
    measureMs: 1_000,
  },
  compression: {
    question: 'what does compression cost, and when does it pay?',
    vary: ['compression.type=none,gzip,snappy,lz4'],
    grid: 'full',
    rounds: 8,
    measureMs: 700,
  },
  batching: {
    question: 'what do linger.ms and batch.size change?',
    vary: ['linger.ms=5,0', 'batch.size=16384,131072'],
    grid: 'full',
    rounds: 8,
    measureMs: 700,
  },
};
