/** How long after its send a record is read while a transaction on its partition is held open, by isolation level. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScenarioTable } from '../../lib/experiment/scenario-result.ts';
import { median } from '../../lib/measurement/statistics.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import { EngineConsumer } from '../engine/consumer.ts';
import type { EngineProducer } from '../engine/producer.ts';
import type { TransactionalProducer } from '../engine/transactional-producer.ts';
import { rounded } from './quantiles.ts';
import { numberedBatch, sendBatch } from './send-batch.ts';

const repeats = 5;
const readWithinMs = 10_000;
const valueBytes = 200;

type Seen = Map<number, number>;

export interface ReadDelay {
  readonly heldMs: number;
  /** Send to read, medians; the record in the transaction and one without behind it. */
  readonly uncommittedMs: number | null;
  readonly committedMs: number | null;
  readonly behindUncommittedMs: number | null;
  readonly behindCommittedMs: number | null;
}

/** Rejects when a record is not read within 10 s. */
export async function measureReadDelays(
  { transactional, plain }: { readonly transactional: TransactionalProducer; readonly plain: EngineProducer },
  setting: {
    readonly target: DriverTarget;
    readonly topic: string;
    readonly heldMs: readonly number[];
    readonly tell: (detail: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<readonly ReadDelay[]> {
  const { target, topic, heldMs, tell, signal } = setting;
  const uncommitted: Seen = new Map();
  const committed: Seen = new Map();
  const readers = [
    { seen: uncommitted, readCommitted: false },
    { seen: committed, readCommitted: true },
  ].map(({ seen, readCommitted }) => readerOf(target, seen, readCommitted));
  let id = 0;
  const rows: ReadDelay[] = [];
  try {
    for (const reader of readers) await reader.assign([{ topic, partition: 0, from: 'beginning' }]);
    for (const held of heldMs) {
      tell(`a transaction held open for ${held} ms`);
      const delays: (readonly number[])[] = [];
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        signal.throwIfAborted();
        const [inside, behind] = [++id, ++id] as const;
        transactional.begin();
        const insideMs = performance.now();
        await sendBatch(transactional, recordOf(topic, inside));
        const behindMs = performance.now();
        await sendBatch(plain, recordOf(topic, behind));
        await sleep(held);
        await transactional.commit();
        await bothSeen([uncommitted, committed], [inside, behind]);
        delays.push([
          (uncommitted.get(inside) ?? Number.NaN) - insideMs,
          (committed.get(inside) ?? Number.NaN) - insideMs,
          (uncommitted.get(behind) ?? Number.NaN) - behindMs,
          (committed.get(behind) ?? Number.NaN) - behindMs,
        ]);
      }
      const of = (at: number) => median(delays.map((each) => each[at] ?? Number.NaN));
      rows.push({
        heldMs: held,
        uncommittedMs: of(0),
        committedMs: of(1),
        behindUncommittedMs: of(2),
        behindCommittedMs: of(3),
      });
    }
    return rows;
  } finally {
    for (const reader of readers) reader.close();
  }
}

function recordOf(topic: string, id: number) {
  return { topic, partition: 0, bytes: numberedBatch([id], valueBytes), records: 1 };
}

function readerOf(target: DriverTarget, seen: Seen, readCommitted: boolean): EngineConsumer {
  return new EngineConsumer(
    target,
    { checkCrc: true, fetch: { readCommitted, maxWaitMs: 100 } },
    {
      visitorOf: () => (_offset, _timestampMs, bytes, _keyStart, _keyEnd, valueStart, valueEnd) => {
        if (valueEnd - valueStart < 4) return;
        const id = Buffer.from(bytes.buffer, bytes.byteOffset + valueStart, 4).readUInt32BE(0);
        if (!seen.has(id)) seen.set(id, performance.now());
      },
      onError: () => {},
    },
  );
}

async function bothSeen(readers: readonly Seen[], ids: readonly number[]): Promise<void> {
  const untilMs = performance.now() + readWithinMs;
  while (readers.some((seen) => ids.some((id) => !seen.has(id)))) {
    if (performance.now() > untilMs)
      throw new Error(`records ${ids.join(' and ')} were not read in ${readWithinMs} ms`);
    await sleep(1);
  }
}

export function delayTable(rows: readonly ReadDelay[]): ScenarioTable {
  return {
    title: 'From send to read while a transaction is held open',
    columns: [
      'held open, ms',
      'in it, read_uncommitted, ms',
      'in it, read_committed, ms',
      'behind it, read_uncommitted, ms',
      'behind it, read_committed, ms',
    ],
    rows: rows.map((row) => [
      row.heldMs,
      rounded(row.uncommittedMs, 1),
      rounded(row.committedMs, 1),
      rounded(row.behindUncommittedMs, 1),
      rounded(row.behindCommittedMs, 1),
    ]),
  };
}
