import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../lib/measurement/ledger.ts';
import { Pages } from '../../lib/measurement/pages.ts';

const guarantee = { loss: 'never', duplicates: 'never', order: 'key' } as const;

function ledgerOf(options: { groups?: readonly string[]; keys?: number | null; producers?: number } = {}) {
  const keys = options.keys === undefined ? 4 : options.keys;
  return new Ledger({
    topic: 'orders',
    guarantee,
    groups: options.groups ?? ['lecture'],
    partitions: 2,
    producers: options.producers ?? 1,
    keys,
    keyOf: (id) => id % (keys ?? 1),
  });
}

/** Sends and acknowledges `count` records to partition 0 from offset 0. */
function acknowledged(ledger: Ledger, count: number): number[] {
  const ids = Array.from({ length: count }, (_, id) => id);
  for (const id of ids) ledger.sent(id, 0);
  ledger.acked(0, 0, ids);
  return ids;
}

function groupOf(ledger: Ledger, index = 0) {
  const group = ledger.integrity().groups[index];
  if (group === undefined) throw new Error('no such group');
  return group;
}

const clean = { lost: 0, unseen: 0, duplicates: 0, redelivered: 0, orderInversions: 0, examples: [] };

describe('ledger', () => {
  it('of an empty record shows nothing received, so that it cannot pass for a result', () => {
    expect(ledgerOf().integrity()).toEqual({
      topic: 'orders',
      guarantee,
      acknowledged: 0,
      unknown: 0,
      groups: [{ group: 'lecture', received: 0, ...clean }],
      missingAckEntries: 0,
      offsetCollisions: 0,
      examples: [],
    });
  });

  it('finds nothing wrong with a clean run, gaps between offsets included', () => {
    const ledger = ledgerOf();
    for (const [id, offset] of [0, 5, 900_000, 2 ** 40].entries()) {
      ledger.sent(id, 0);
      ledger.acked(0, offset, [id]);
      expect(ledger.read(0, 0, offset, id)).toBe(true);
    }
    ledger.groups[0]?.drained(0, 4);
    expect(ledger.integrity()).toMatchObject({ acknowledged: 4, unknown: 0, offsetCollisions: 0 });
    expect(groupOf(ledger)).toEqual({ group: 'lecture', received: 4, ...clean });
  });

  it('names a lost record once the group drained past it; before that it is unseen', () => {
    const ledger = ledgerOf();
    for (const id of acknowledged(ledger, 10)) if (id !== 6) ledger.read(0, 0, id, id);
    expect(groupOf(ledger)).toMatchObject({ received: 9, lost: 0, unseen: 1, examples: [] });
    ledger.groups[0]?.drained(0, 10);
    expect(groupOf(ledger)).toMatchObject({
      lost: 1,
      unseen: 0,
      examples: ['lost: producer 0 sequence 6, acknowledged in partition 0, never read'],
    });
  });

  it('counts what is acknowledged and unread by group; a read record of unknown outcome makes no other one read', () => {
    const ledger = ledgerOf({ groups: ['lecture', 'billing'] });
    for (let id = 0; id < 6; id += 1) ledger.sent(id, 0);
    ledger.unknown([0, 1]);
    ledger.read(0, 0, 0, 0);
    ledger.read(0, 0, 1, 1);
    ledger.acked(0, 2, [2, 3, 4]);
    expect([ledger.unread(0), ledger.unread(1)]).toEqual([3, 3]);
    ledger.read(0, 0, 2, 2);
    ledger.read(0, 0, 2, 2);
    expect([ledger.unread(0), ledger.unread(1)]).toEqual([2, 3]);
    // Read before the acknowledgement arrives, and acknowledged late after a timeout.
    ledger.read(0, 0, 5, 5);
    ledger.acked(0, 5, [5]);
    ledger.acked(0, 0, [0]);
    ledger.acked(0, 0, [0]);
    expect([ledger.unread(0), ledger.unread(1)]).toEqual([2, 5]);
  });

  it('judges each group and each partition by its own draining', () => {
    const ledger = ledgerOf({ groups: ['lecture', 'billing'] });
    acknowledged(ledger, 2);
    ledger.groups[0]?.drained(1, 2);
    ledger.groups[1]?.drained(0, 1);
    expect(groupOf(ledger, 0)).toMatchObject({ lost: 0, unseen: 2 });
    expect(groupOf(ledger, 1)).toMatchObject({ lost: 1, unseen: 1 });
  });

  it('names a duplicate: one id at two offsets, however often each is read', () => {
    const ledger = ledgerOf();
    acknowledged(ledger, 3);
    for (const [offset, id] of [0, 1, 2, 1].entries()) ledger.read(0, 0, offset, id);
    ledger.read(0, 0, 3, 1);
    expect(groupOf(ledger)).toMatchObject({ received: 3, duplicates: 1, redelivered: 1, orderInversions: 0 });
    expect(groupOf(ledger).examples).toEqual([
      'duplicate: producer 0 sequence 1 at partition 0 offset 3, also stored elsewhere',
    ]);
  });

  it('sees a duplicate in another partition at the same offset', () => {
    const ledger = ledgerOf();
    acknowledged(ledger, 1);
    ledger.read(0, 0, 0, 0);
    ledger.read(0, 1, 0, 0);
    expect(groupOf(ledger)).toMatchObject({ duplicates: 1, redelivered: 0 });
  });

  it('keeps a redelivery apart from a duplicate and from an inversion', () => {
    const ledger = ledgerOf();
    for (const id of acknowledged(ledger, 3)) ledger.read(0, 0, id, id);
    expect(ledger.read(0, 0, 0, 0)).toBe(false);
    expect(groupOf(ledger)).toEqual({ group: 'lecture', received: 3, ...clean, redelivered: 1 });
  });

  it('names a swap: a record read after a later one of its producer and key', () => {
    const ledger = ledgerOf();
    acknowledged(ledger, 9);
    for (const id of [0, 1, 2, 3, 8, 5, 4, 6, 7]) ledger.read(0, 0, id, id);
    expect(groupOf(ledger)).toMatchObject({
      orderInversions: 1,
      examples: ['out of order: producer 0 sequence 4 at partition 0 offset 4, read after 8 of key 0'],
    });
  });

  it('asks for no order between producers, and without keys for order within a partition', () => {
    const two = ledgerOf({ producers: 2 });
    acknowledged(two, 8);
    for (const id of [1, 0, 5, 4, 3, 2, 7, 6]) two.read(0, 0, id, id);
    expect(groupOf(two)).toMatchObject({ orderInversions: 0 });
    const keyless = ledgerOf({ keys: null });
    acknowledged(keyless, 2);
    keyless.read(0, 0, 1, 1);
    keyless.read(0, 0, 0, 0);
    expect(groupOf(keyless)).toMatchObject({ orderInversions: 1 });
  });

  it('finds two ids at one offset among acknowledgements', () => {
    const ledger = ledgerOf();
    for (const id of [0, 1]) ledger.sent(id, 0);
    ledger.acked(0, 7, [0]);
    ledger.acked(0, 7, [1]);
    expect(ledger.integrity()).toMatchObject({
      offsetCollisions: 1,
      examples: [
        'two records at partition 0 offset 7: producer 0 sequence 0 and, acknowledged later, producer 0 sequence 1',
      ],
    });
  });

  it('finds two ids at one offset between acknowledgement and read, counted once for all groups', () => {
    const ledger = ledgerOf({ groups: ['lecture', 'billing'] });
    for (const id of [0, 1]) ledger.sent(id, 0);
    ledger.acked(0, 0, [0]);
    ledger.read(0, 0, 0, 1);
    ledger.read(1, 0, 0, 1);
    expect(ledger.integrity().offsetCollisions).toBe(1);
    const readFirst = ledgerOf();
    readFirst.sent(0, 0);
    readFirst.read(0, 0, 0, 1);
    readFirst.acked(0, 0, [0]);
    expect(readFirst.integrity().offsetCollisions).toBe(1);
  });

  it('names a missing acknowledgement entry and holds its records for unknown, not lost', () => {
    const ledger = ledgerOf();
    for (const id of [0, 1, 2]) ledger.sent(id, id === 0 ? 1 : 0);
    ledger.acked(1, 0, [0]);
    ledger.missingAck(0, [1, 2]);
    ledger.read(0, 1, 0, 0);
    ledger.groups[0]?.drained(0, 3);
    expect(ledger.integrity()).toMatchObject({
      acknowledged: 1,
      unknown: 2,
      missingAckEntries: 2,
      groups: [{ lost: 0, unseen: 0 }],
      examples: ['no acknowledgement entry: 2 records for partition 0, from producer 0 sequence 1'],
    });
  });

  it('holds a send of unknown outcome for neither lost nor safe, until it is acknowledged late or read by a group', () => {
    const ledger = ledgerOf({ groups: ['lecture', 'billing'] });
    for (const id of [0, 1, 2]) ledger.sent(id, 0);
    ledger.unknown([0, 1, 2]);
    for (const group of ledger.groups) group.drained(0, 3);
    expect(ledger.integrity()).toMatchObject({ acknowledged: 0, unknown: 3, groups: [{ lost: 0 }, { lost: 0 }] });
    ledger.acked(0, 0, [0]);
    ledger.read(0, 0, 1, 1);
    expect(ledger.integrity()).toMatchObject({ acknowledged: 1, unknown: 2 });
    expect(groupOf(ledger, 0).lost).toBe(1);
    expect(groupOf(ledger, 1).lost).toBe(2);
  });

  it('counts acknowledgements without offsets (acks=0)', () => {
    const ledger = ledgerOf();
    ledger.sent(0, 0);
    ledger.acked(0, null, [0]);
    ledger.acked(0, null, [0]);
    expect(ledger.integrity()).toMatchObject({ acknowledged: 1, unknown: 0, offsetCollisions: 0 });
  });

  it('finds exactly the planted set of losses and duplicates', () => {
    const ids = fc.uniqueArray(fc.nat(199), { maxLength: 30 });
    fc.assert(
      fc.property(ids, ids, (lost, doubled) => {
        const ledger = ledgerOf();
        acknowledged(ledger, 200);
        const kept = doubled.filter((id) => !lost.includes(id));
        for (let id = 0; id < 200; id += 1) if (!lost.includes(id)) ledger.read(0, 0, id, id);
        for (const [index, id] of kept.entries()) ledger.read(0, 0, 200 + index, id);
        ledger.groups[0]?.drained(0, 200);
        const found = groupOf(ledger);
        expect(found).toMatchObject({ received: 200 - lost.length, lost: lost.length, duplicates: kept.length });
      }),
    );
  });
});

describe('pages', () => {
  it('keep values by index, far apart and near, and 0 elsewhere', () => {
    const pages = new Pages();
    pages.set(2 ** 45, 7);
    pages.set(3, 4_294_967_295);
    pages.set(32_768, 1);
    expect([pages.get(2 ** 45), pages.get(3), pages.get(32_768), pages.get(4), pages.get(99_999)]).toEqual([
      7, 4_294_967_295, 1, 0, 0,
    ]);
  });

  it('are as one array, in whatever order they are used and dropped', () => {
    const length = 8;
    const step = fc.record({
      what: fc.constantFrom('set', 'set', 'drop', 'drop before'),
      index: fc.nat(5 * length),
      value: fc.nat(2 ** 32 - 1),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const pages = new Pages(length);
        const expected = new Array<number>(6 * length).fill(0);
        for (const { what, index, value } of steps) {
          const start = index - (index % length);
          if (what === 'set') {
            pages.set(index, value);
            expected[index] = value;
          } else if (what === 'drop') {
            pages.drop(start / length);
            expected.fill(0, start, start + length);
          } else {
            pages.dropBefore(index);
            expected.fill(0, 0, start);
          }
          expect(pages.get(index)).toBe(expected[index]);
        }
        expect(expected.map((_, at) => pages.get(at))).toEqual(expected);
      }),
    );
  });
});
