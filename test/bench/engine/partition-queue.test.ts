import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PartitionQueue, type TakenBatch } from '../../../bench/engine/partition-queue.ts';

const bytes = Buffer.alloc(1);
const producer = { producerId: 7n, producerEpoch: 0 };

function queueOf(count: number, records = 1) {
  const queue = new PartitionQueue(producer);
  for (let index = 0; index < count; index++) queue.add({ bytes, records, deadlineMs: index, done: () => {} });
  return queue;
}

const take = (queue: PartitionQueue): TakenBatch => {
  const batch = queue.take();
  if (batch === null) throw new Error('nothing to take');
  return batch;
};

describe('PartitionQueue', () => {
  it('numbers the batches by their records, in order', () => {
    const queue = queueOf(3, 10);
    expect([take(queue), take(queue), take(queue)].map(({ identity }) => identity.baseSequence)).toEqual([0, 10, 20]);
    expect([queue.inFlight, queue.pending, queue.take()]).toEqual([3, 3, null]);
  });

  it('begins again at 0 behind the highest sequence number', () => {
    const queue = queueOf(3, 2 ** 30);
    expect([take(queue), take(queue), take(queue)].map(({ identity }) => identity.baseSequence)).toEqual([
      0,
      2 ** 30,
      0,
    ]);
  });

  it('gives no sequence without a producer id', () => {
    const queue = new PartitionQueue(null);
    queue.add({ bytes, records: 1, deadlineMs: 0, done: () => {} });
    expect(take(queue).identity).toEqual({ producerId: -1n, producerEpoch: -1, baseSequence: -1 });
  });

  it('sends failed batches again one at a time, oldest first, before any new one', () => {
    const queue = queueOf(4);
    const [first, second, third] = [take(queue), take(queue), take(queue)];
    queue.giveBack(third);
    queue.giveBack(first);
    expect(queue.ready).toBe(false); // the second is still in flight
    queue.giveBack(second);
    for (const expected of [first, second, third]) {
      expect(take(queue)).toBe(expected);
      expect(queue.take()).toBeNull();
      queue.settle(expected);
    }
    expect(take(queue).identity.baseSequence).toBe(3);
  });

  it('keeps the sequence of a failed batch until a new epoch begins', () => {
    const queue = queueOf(3);
    const [first, second] = [take(queue), take(queue)];
    queue.settle(first);
    queue.giveBack(second);
    expect(take(queue).identity).toEqual({ ...producer, baseSequence: 1 });
    expect(queue.beginEpoch()).toBe(true);
    expect(queue.isOfThisEpoch(second)).toBe(false);
    queue.giveBack(second);
    expect(take(queue).identity).toEqual({ producerId: 7n, producerEpoch: 1, baseSequence: 0 });
  });

  it('has no epoch after the last', () => {
    expect(new PartitionQueue({ producerId: 1n, producerEpoch: 32_767 }).beginEpoch()).toBe(false);
  });

  it('expires what waits, not what is in flight', () => {
    const queue = queueOf(3);
    take(queue);
    expect(queue.expire(1).map(({ deadlineMs }) => deadlineMs)).toEqual([1]);
    expect(queue.pending).toBe(2);
  });

  it('gives nothing while blocked', () => {
    const queue = queueOf(1);
    queue.blocked = true;
    expect(queue.take()).toBeNull();
  });
});

/** A partition leader as the protocol describes it: appends the next sequence, knows the last five again, refuses the rest. */
class Leader {
  readonly log: number[] = [];
  #epoch = 0;
  #next = 0;
  #recent: number[] = [];

  receive(batch: TakenBatch, content: number): 'written' | 'duplicate' | 'outOfOrder' {
    const { producerEpoch, baseSequence } = batch.identity;
    if (producerEpoch > this.#epoch && baseSequence === 0) {
      this.#epoch = producerEpoch;
      this.#next = 0;
      this.#recent = [];
    }
    if (producerEpoch !== this.#epoch) return 'outOfOrder';
    if (this.#recent.includes(baseSequence)) return 'duplicate';
    if (baseSequence !== this.#next) return 'outOfOrder';
    this.#next += batch.records;
    this.#recent = [...this.#recent, baseSequence].slice(-5);
    this.log.push(content);
    return 'written';
  }
}

type Fate = 'answer' | 'refuse' | 'loseAnswer' | 'cutAll';

/** A connection to the leader on which the planned fates befall one request after the other. */
class Exchange {
  readonly leader = new Leader();
  readonly settled: number[] = [];
  readonly #wire: TakenBatch[] = [];
  readonly #queue: PartitionQueue;
  readonly #fates: Fate[];

  constructor(queue: PartitionQueue, fates: readonly Fate[]) {
    this.#queue = queue;
    this.#fates = [...fates];
  }

  step(maxInFlight: number): void {
    while (this.#wire.length < maxInFlight && this.#queue.ready) this.#wire.push(take(this.#queue));
    const fate = this.#fates.shift() ?? 'answer';
    if (fate === 'cutAll') this.#cut();
    else {
      const batch = this.#wire.shift() as TakenBatch;
      if (fate === 'refuse') this.#queue.giveBack(batch);
      else this.#read(batch, fate === 'answer');
    }
  }

  /** The connection breaks; the leader may have read the oldest of what was on it. */
  #cut(): void {
    const read = this.#fates.length % (this.#wire.length + 1);
    for (const batch of this.#wire.slice(0, read)) this.leader.receive(batch, batch.order);
    for (const batch of this.#wire.splice(0)) this.#queue.giveBack(batch);
  }

  #read(batch: TakenBatch, answered: boolean): void {
    const found = this.leader.receive(batch, batch.order);
    // An earlier batch always explains a gap here, so no epoch is ever begun.
    if (found === 'outOfOrder') expect(this.#queue.hasEarlier(batch)).toBe(true);
    if (found === 'outOfOrder' || !answered) {
      this.#queue.giveBack(batch);
      return;
    }
    this.#queue.settle(batch);
    this.settled.push(batch.order);
  }
}

describe('PartitionQueue with a leader that fails', () => {
  const fates = fc.array(fc.constantFrom<Fate>('answer', 'answer', 'refuse', 'loseAnswer', 'cutAll'), {
    maxLength: 60,
  });

  it('writes every batch once and in order, whatever answers are lost', () => {
    fc.assert(
      fc.property(fates, fc.integer({ min: 1, max: 5 }), (plan, maxInFlight) => {
        const queue = queueOf(20);
        const exchange = new Exchange(queue, plan);
        for (let step = 0; queue.pending > 0; step++) {
          expect(step).toBeLessThan(2_000);
          exchange.step(maxInFlight);
        }
        const all = Array.from({ length: 20 }, (_, order) => order);
        expect(exchange.leader.log).toEqual(all);
        expect(exchange.settled.sort((a, b) => a - b)).toEqual(all);
      }),
      { numRuns: 300 },
    );
  });
});
