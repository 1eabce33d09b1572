import { describe, expect, it } from 'vitest';
import { createDeadlineProducer } from '../../../bench/drivers/deadline.ts';
import type { BatchAck, DriverProducer, PartitionBatch } from '../../../bench/drivers/driver.ts';

const batch: PartitionBatch = { topic: 't', partition: 0, records: [] };
const ack: BatchAck = { topic: 't', partition: 0, baseOffset: 0 };

/** Each producer that connects is one of `sends`, in order. */
function producers(...sends: readonly DriverProducer['send'][]) {
  const closed: number[] = [];
  let connected = 0;
  const connect = async (): Promise<DriverProducer> => {
    const index = connected;
    connected += 1;
    const send = sends[index];
    if (send === undefined) throw new Error('no more producers');
    return {
      send,
      close: async () => {
        closed.push(index);
      },
    };
  };
  return { connect, closed, count: () => connected };
}

const never = async (): Promise<never> => await new Promise(() => {});
const settings = (idempotent: boolean) => ({ idempotent, deliveryTimeoutMs: 20 });

describe('createDeadlineProducer', () => {
  it('gives up on a send that has no answer in time', async () => {
    const { connect, count } = producers(never);
    const producer = await createDeadlineProducer(settings(false), connect);
    await expect(producer.send([batch])).rejects.toThrow('no answer within 20 ms');
    expect(count()).toBe(1);
  });

  it('replaces an idempotent producer whose send has an unknown outcome, and closes the old one', async () => {
    const { connect, closed, count } = producers(never, async () => [ack]);
    const producer = await createDeadlineProducer(settings(true), connect);
    await expect(producer.send([batch])).rejects.toThrow('no answer');
    await expect(producer.send([batch])).resolves.toEqual([ack]);
    expect(count()).toBe(2);
    expect(closed).toEqual([0]);
    await producer.close();
    expect(closed).toEqual([0, 1]);
  });

  it.each([
    ['an entry is missing', [] as readonly BatchAck[]],
    ['an entry is an error', [{ ...ack, error: 'refused' }]],
  ])('replaces it too when %s', async (_, acks) => {
    const { connect, count } = producers(
      async () => acks,
      async () => [ack],
    );
    const producer = await createDeadlineProducer(settings(true), connect);
    await expect(producer.send([batch])).resolves.toEqual(acks);
    await producer.send([batch]);
    expect(count()).toBe(2);
  });

  it('keeps idempotent sends one behind the other, and others not', async () => {
    const observe = async (idempotent: boolean): Promise<number> => {
      let open = 0;
      let most = 0;
      const { connect } = producers(async () => {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setTimeout(resolve, 5));
        open -= 1;
        return [ack];
      });
      const producer = await createDeadlineProducer({ idempotent, deliveryTimeoutMs: 1000 }, connect);
      await Promise.all([producer.send([batch]), producer.send([batch]), producer.send([batch])]);
      return most;
    };
    expect(await observe(true)).toBe(1);
    expect(await observe(false)).toBe(3);
  });

  it('goes on after a failed send', async () => {
    let count = 0;
    const { connect } = producers(async () => {
      count += 1;
      if (count === 1) throw new Error('connection lost');
      return [ack];
    });
    const producer = await createDeadlineProducer(settings(false), connect);
    await expect(producer.send([batch])).rejects.toThrow('connection lost');
    await expect(producer.send([batch])).resolves.toEqual([ack]);
  });

  it('rejects when the first connection fails', async () => {
    await expect(createDeadlineProducer(settings(true), producers().connect)).rejects.toThrow('no more producers');
  });
});
