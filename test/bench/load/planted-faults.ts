/** Faults planted between the load and a driver: each makes a library or a cluster lie in one way that the checks must find. */
import type { BatchAck, Driver, DriverProducer, PartitionBatch } from '../../../bench/drivers/driver.ts';

export type Send = DriverProducer['send'];
/** Gets a send and the real one behind it; sends are counted over all producers of the driver, from 0. */
export type Fault = (batches: readonly PartitionBatch[], send: Send, count: number) => ReturnType<Send>;

/** The send that a fault hits: early, so that a slow machine gets to it too. */
const faultySend = 5;

export function withFault(driver: Driver, fault: Fault): Driver {
  let count = 0;
  return {
    ...driver,
    createProducer: async (target, settings) => {
      const producer = await driver.createProducer(target, settings);
      return {
        send: async (batches) => {
          count += 1;
          return await fault(batches, producer.send, count - 1);
        },
        close: producer.close,
      };
    },
  };
}

/** No fault: sends without acknowledgement are done when handed over, and those of the first producer arrive late, in order. */
export function withSlowFirstProducer(driver: Driver, lateMs: number): Driver {
  let producers = 0;
  return {
    ...driver,
    createProducer: async (target, settings) => {
      const delayMs = producers === 0 ? lateMs : 0;
      producers += 1;
      const producer = await driver.createProducer(target, settings);
      return {
        send: async (batches) => {
          setTimeout(() => void producer.send(batches), delayMs);
          return batches.map(({ topic, partition }) => ({ topic, partition, baseOffset: null }));
        },
        close: producer.close,
      };
    },
  };
}

/** Drops one batch and claims its acknowledgement, without an offset. */
export function loseOneBatch(): Fault {
  return async (batches, send, count) => {
    const [lost, ...kept] = batches;
    if (count !== faultySend || lost === undefined) return await send(batches);
    const acks: BatchAck[] = kept.length === 0 ? [] : [...(await send(kept))];
    return [...acks, { topic: lost.topic, partition: lost.partition, baseOffset: null }];
  };
}

/** Sends one batch twice and reports the first. */
export function doubleOneBatch(): Fault {
  return async (batches, send, count) => {
    const acks = await send(batches);
    if (count === faultySend) await send(batches.slice(0, 1));
    return acks;
  };
}

/** Holds one send back until another one has overtaken it; needs more than one send outstanding. */
export function swapTwoSends(): Fault {
  let release = (): void => {};
  return async (batches, send, count) => {
    if (count === faultySend) {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    }
    const acks = await send(batches);
    if (count > faultySend) release();
    return acks;
  };
}

/** Leaves one batch out of the acknowledgements of a send that did write it. */
export function forgetOneEntry(): Fault {
  return async (batches, send, count) => {
    const acks = await send(batches);
    return count === faultySend ? acks.slice(1) : acks;
  };
}

/** Holds every send back from `afterMs` after the first one on, for `lengthMs`. */
export function stall(afterMs: number, lengthMs: number): Fault {
  let beginMs: number | null = null;
  return async (batches, send) => {
    beginMs ??= performance.now() + afterMs;
    const leftMs = beginMs + lengthMs - performance.now();
    if (performance.now() >= beginMs && leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
    return await send(batches);
  };
}
