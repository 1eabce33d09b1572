/** A ledger that gives up the details of what is settled must say the same as one that keeps everything. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Ledger } from '../../lib/measurement/ledger.ts';
import { pageLength } from '../../lib/measurement/pages.ts';
import { SettledPages } from '../../lib/measurement/settled-pages.ts';
import { createRandom } from '../../lib/random.ts';

const partitions = 3;
const groups = ['lecture', 'billing'];
const batchRecords = 64;
const records = 3 * pageLength + 1_000;

function ledgerOf(recordsKept: number): Ledger {
  const guarantee = { loss: 'never', duplicates: 'never', order: 'key' } as const;
  const shape = { partitions, producers: 2, keys: 16, keyOf: (id: number) => id % 16 };
  return new Ledger({ topic: 'orders', guarantee, groups, ...shape }, recordsKept);
}

/** Share of the batches, or of the reads of a batch, in which something goes wrong. */
interface Faults {
  readonly lost: number;
  readonly failed: number;
  readonly storedTwice: number;
  readonly readAgain: number;
  readonly swapped: number;
}

interface Batch {
  readonly partition: number;
  readonly offset: number;
  readonly ids: readonly number[];
}

/** A log of partitions, written in batches and read by every group in its own time; the same for the same seed. */
function play(ledger: Ledger, faults: Faults, seed: number): void {
  const random = createRandom(seed);
  const log: Batch[][] = Array.from({ length: partitions }, () => []);
  const ends = Array.from({ length: partitions }, () => 0);
  const append = (partition: number, ids: readonly number[]): Batch => {
    const batch = { partition, offset: ends[partition] ?? 0, ids };
    // A gap behind some batches, as the mark of a transaction leaves it.
    ends[partition] = batch.offset + ids.length + (random() < 0.1 ? 1 : 0);
    log[partition]?.push(batch);
    return batch;
  };
  const readers = [...groups.keys()].flatMap((group) =>
    [...log.keys()].map((p) => ({ group, log: log[p] ?? [], at: 0 })),
  );
  const read = (group: number, { partition, offset, ids }: Batch): void => {
    const order = [...ids.keys()];
    if (random() < faults.swapped) order.reverse();
    for (const at of order) ledger.read(group, partition, offset + at, ids[at] ?? -1);
  };
  const readOn = (most: number): void => {
    for (const reader of readers) {
      if (random() < faults.readAgain) reader.at = Math.max(0, reader.at - 3);
      const batches = reader.log.slice(reader.at, reader.at + most);
      for (const batch of batches) read(reader.group, batch);
      reader.at += batches.length;
    }
  };
  for (let from = 0; from < records; from += batchRecords) {
    const partition = Math.floor(random() * partitions);
    const ids = Array.from({ length: Math.min(batchRecords, records - from) }, (_, at) => from + at);
    for (const id of ids) ledger.sent(id, partition);
    const isLost = random() < faults.lost;
    const { offset } = isLost ? { offset: ends[partition] ?? 0 } : append(partition, ids);
    if (random() < faults.failed) ledger.unknown(ids);
    else if (isLost) ledger.acked(partition, null, ids);
    else ledger.acked(partition, offset, ids);
    if (random() < faults.storedTwice) append(partition, ids);
    // Long after: a copy of what was settled before.
    if (random() < faults.storedTwice / 4) {
      append(partition, [Math.floor(random() * from), Math.floor(random() * from)]);
    }
    readOn(2);
  }
  readOn(Number.POSITIVE_INFINITY);
  for (const group of ledger.groups) for (let p = 0; p < partitions; p += 1) group.drained(p, records);
}

const share = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.01, noNaN: true }));

it('says of losses, duplicates, redeliveries and order what one says that keeps everything', () => {
  const faults = fc.record({ lost: share, failed: share, storedTwice: share, readAgain: share, swapped: share });
  fc.assert(
    fc.property(faults, fc.nat(1e6), (wrong, seed) => {
      const [all, few] = [ledgerOf(Number.POSITIVE_INFINITY), ledgerOf(0)];
      play(all, wrong, seed);
      play(few, wrong, seed);
      expect(few.integrity()).toEqual(all.integrity());
      for (const group of groups.keys()) {
        expect([...few.unreadIds(group, 0, records)]).toEqual([...all.unreadIds(group, 0, records)]);
        expect(few.unread(group)).toBe(all.unread(group));
      }
    }),
    { numRuns: 15 },
  );
});

it('gives a page up once every record of it is acknowledged and read, and the newest are kept', () => {
  const givenUp: number[] = [];
  const settled = new SettledPages(1, pageLength, (page) => givenUp.push(page));
  const countPage = (page: number, but = -1): void => {
    for (let id = page * pageLength; id < (page + 1) * pageLength; id += 1) {
      settled.count(id);
      if (id !== but) settled.count(id);
    }
  };
  countPage(0);
  // A record of the second page is never read: the page stays whatever comes after it.
  countPage(1, pageLength + 7);
  expect(givenUp).toEqual([]);
  countPage(2);
  countPage(3);
  expect(givenUp).toEqual([0, 2]);
  expect([0, pageLength, 2 * pageLength, 3 * pageLength].map((id) => settled.has(id))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect([...settled.others(pageLength - 2, pageLength + 2)]).toEqual([pageLength, pageLength + 1]);
});

it('finds two acknowledgements of one offset among the latest', () => {
  const ledger = ledgerOf(0);
  for (const id of [0, 1]) ledger.sent(id, 0);
  ledger.acked(0, 7, [0]);
  ledger.acked(0, 7, [1]);
  expect(ledger.integrity().offsetCollisions).toBe(1);
});
