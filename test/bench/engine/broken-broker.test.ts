/** A broker that answers garbage, in pieces, late or never: clear errors, and nothing left behind. */
import type { Socket } from 'node:net';
import { Writer } from '@platformatic/kafka';
import { afterEach, describe, expect, it } from 'vitest';
import { batchLayout } from '../../../bench/engine/batch-layout.ts';
import { EngineConsumer } from '../../../bench/engine/consumer.ts';
import { EngineProducer } from '../../../bench/engine/producer.ts';
import { type BatchIdentity, encodeBatch } from '../../../bench/engine/record-batch.ts';
import { type FakeBroker, type FakeRequest, metadata, metadataKey, startFakeBroker } from './fake-broker.ts';

const produceKey = 0;
const unknownTopic = 3;
const messageTooLarge = 10;
const initProducerIdKey = 22;
const outOfOrderSequence = 45;
const duplicateSequence = 46;
const unknownProducerId = 59;
const listOffsetsKey = 2;
const records = [{ key: null, value: Buffer.from('x'), timestampMs: 1 }];
let broker: FakeBroker;

afterEach(() => broker.close());

/** Answers Metadata for the topic `t` as it should be; everything else as the test says. */
async function start(
  answer: (request: FakeRequest) => Writer | null,
): Promise<{ bootstrap: string[]; clientId: string }> {
  broker = await startFakeBroker((request) =>
    request.apiKey === metadataKey ? metadata([broker.port]) : answer(request),
  );
  return { bootstrap: [`127.0.0.1:${broker.port}`], clientId: 'broken-broker-test' };
}

function produced(baseOffset: bigint, error = 0): Writer {
  return Writer.create()
    .appendArray(['t'], (writer, topic) => {
      writer.appendString(topic).appendArray([0], (partition) => {
        partition.appendInt32(0).appendInt16(error).appendInt64(baseOffset).appendInt64(-1n).appendInt64(0n);
        partition.appendArray([], () => {}).appendString(null);
      });
    })
    .appendInt32(0)
    .appendTaggedFields();
}

function identified(producerId: bigint): Writer {
  return Writer.create().appendInt32(0).appendInt16(0).appendInt64(producerId).appendInt16(0).appendTaggedFields();
}

/** Of the only batch of a Produce request. */
function identityIn({ body }: FakeRequest): BatchIdentity {
  body.readNullableString();
  body.skip(2 + 4); // acks, time limit
  let found: BatchIdentity | null = null;
  body.readArray((topic) => {
    topic.readString();
    topic.readArray((partition) => {
      partition.skip(4);
      const batch = partition.readBytes();
      found = {
        producerId: batch.readBigInt64BE(batchLayout.producerId),
        producerEpoch: batch.readInt16BE(batchLayout.producerEpoch),
        baseSequence: batch.readInt32BE(batchLayout.baseSequence),
      };
    });
  });
  if (found === null) throw new Error('a request without a batch');
  return found;
}

async function sendOne(
  target: { bootstrap: string[]; clientId: string },
  deliveryTimeoutMs: number,
  idempotent = false,
) {
  const settings = { acks: 'all', idempotent, deliveryTimeoutMs, maxInFlight: 5 } as const;
  const producer = await EngineProducer.open(target, settings, ['t']);
  const outcome = await new Promise<Error | number | null>((resolve) => {
    producer.send('t', 0, encodeBatch(records, 'none'), 1, (error, offset) => resolve(error ?? offset));
  });
  await producer.close();
  return outcome;
}

async function untilNoSocket(): Promise<void> {
  for (let turn = 0; turn < 200 && broker.sockets.size > 0; turn++) await new Promise((done) => setTimeout(done, 20));
  expect(broker.sockets.size).toBe(0);
}

/** Writes the frame itself, a byte at a time, so that the client sees every way to cut it. */
function byteByByte(socket: Socket, correlationId: number, body: Writer): void {
  const head = Writer.create().appendInt32(correlationId).appendTaggedFields();
  const frame = head.appendFrom(body).prependLength().buffer;
  let at = 0;
  const next = (): void => {
    if (at === frame.length) return;
    socket.write(frame.subarray(at, ++at), () => setImmediate(next));
  };
  next();
}

describe('a broker', () => {
  it('may cut its answers anywhere', async () => {
    const target = await start(({ socket, correlationId }) => {
      byteByByte(socket, correlationId, produced(41n));
      return null;
    });
    expect(await sendOne(target, 20_000)).toBe(41);
    await untilNoSocket();
  });

  it.each([
    ['nothing', () => null, /not acknowledged within 400 ms; it may have been written/],
    ['an empty answer', () => Writer.create(), /not acknowledged within 400 ms; it may have been written/],
    ['an answer cut short', () => Writer.create().append(produced(0n).buffer.subarray(0, 12)), /may have been written/],
    ['noise', () => Writer.create().append(Buffer.alloc(64, 0xff)), /may have been written/],
  ])('that answers %s ends in a failure that says what is known, in time', async (_, answer, message) => {
    const outcome = await sendOne(await start(answer), 400);
    expect(outcome).toMatchObject({ code: 'DELIVERY_FAILED', message: expect.stringMatching(message) });
    await untilNoSocket();
  });

  it('that refuses a record as too large is believed at once', async () => {
    const beganMs = performance.now();
    const outcome = await sendOne(await start(() => produced(-1n, messageTooLarge)), 60_000);
    expect(outcome).toMatchObject({
      code: 'DELIVERY_FAILED',
      message: expect.stringMatching(/a batch of 1 records for t-0: the broker answered MESSAGE_TOO_LARGE/),
    });
    expect(performance.now() - beganMs).toBeLessThan(30_000);
    await untilNoSocket();
  });

  it('that has no topic of that name any more ends what is sent to it, long before the delivery timeout', async () => {
    let isThere = true;
    broker = await startFakeBroker(({ apiKey }) => {
      if (apiKey === metadataKey) return metadata([broker.port], isThere ? {} : { topicError: unknownTopic });
      isThere = false;
      return produced(-1n, unknownTopic);
    });
    const beganMs = performance.now();
    const target = { bootstrap: [`127.0.0.1:${broker.port}`], clientId: 'broken-broker-test' };
    expect(await sendOne(target, 120_000)).toMatchObject({
      code: 'DELIVERY_FAILED',
      message:
        '1 records for t-0 were not acknowledged because the topic is gone: somebody deleted it; it was not written',
    });
    expect(performance.now() - beganMs).toBeLessThan(60_000);
    await untilNoSocket();
  });

  it.each([
    ['forgot the producer', unknownProducerId],
    ['misses a batch that nothing explains', outOfOrderSequence],
  ])('that %s gets the batch again, as the first of a new epoch', async (_, errorCode) => {
    const identities: BatchIdentity[] = [];
    const target = await start((request) => {
      if (request.apiKey === initProducerIdKey) return identified(4_000n);
      identities.push(identityIn(request));
      return identities.length === 1 ? produced(-1n, errorCode) : produced(7n);
    });
    expect(await sendOne(target, 20_000, true)).toBe(7);
    expect(identities).toEqual([0, 1].map((producerEpoch) => ({ producerId: 4_000n, producerEpoch, baseSequence: 0 })));
    await untilNoSocket();
  });

  it('that has the batch already counts as one that wrote it', async () => {
    const target = await start(({ apiKey }) =>
      apiKey === initProducerIdKey ? identified(4_000n) : produced(-1n, duplicateSequence),
    );
    expect(await sendOne(target, 20_000, true)).toBeNull();
    await untilNoSocket();
  });

  // With acks=0 a closed connection is all that a broker says to records for a partition it does not lead.
  it('that closes the connection is asked who leads before more is sent', async () => {
    let hasMoved = false;
    let written = 0;
    const leader = await startFakeBroker(({ apiKey }) => {
      if (apiKey === produceKey) written++;
      return null;
    });
    broker = await startFakeBroker(({ apiKey, socket }) => {
      if (apiKey === metadataKey) return metadata([hasMoved ? leader.port : broker.port]);
      hasMoved = true;
      socket.destroy();
      return null;
    });
    const target = { bootstrap: [`127.0.0.1:${broker.port}`], clientId: 'broken-broker-test' };
    const settings = { acks: '0', idempotent: false, deliveryTimeoutMs: 60_000, maxInFlight: 5 } as const;
    const producer = await EngineProducer.open(target, settings, ['t']);
    const send = () => producer.send('t', 0, encodeBatch(records, 'none'), 1, () => {});
    send();
    await expect.poll(() => hasMoved, { timeout: 20_000 }).toBe(true);
    // What a broker hears of no more: the connection that asks for metadata stays.
    await expect.poll(() => broker.sockets.size, { timeout: 20_000 }).toBe(1);
    send();
    await expect.poll(() => written, { timeout: 20_000 }).toBe(1);
    await producer.close();
    leader.close();
    await untilNoSocket();
  });

  it('that sends a frame of no length loses the connection, not the process', async () => {
    const target = await start(({ socket }) => {
      socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 1, 2, 3, 4]));
      return null;
    });
    expect(await sendOne(target, 400)).toMatchObject({ code: 'DELIVERY_FAILED' });
    await untilNoSocket();
  });

  it('that answers a request nobody sent loses the connection, not the process', async () => {
    const target = await start(({ socket, apiKey }) => {
      if (apiKey === produceKey) {
        const head = Writer.create().appendInt32(0x7000_0000).appendTaggedFields();
        socket.write(head.appendFrom(produced(0n)).prependLength().buffer);
      }
      return null;
    });
    expect(await sendOne(target, 400)).toMatchObject({ code: 'DELIVERY_FAILED' });
    await untilNoSocket();
  });

  it('that fetches noise is asked again, and the consumer can be closed', async () => {
    let fetches = 0;
    const target = await start(({ apiKey }) => {
      if (apiKey === listOffsetsKey) return null;
      fetches++;
      return Writer.create().append(Buffer.alloc(40, 0xff));
    });
    const consumer = new EngineConsumer(
      target,
      { checkCrc: true },
      { visitorOf: () => () => expect.unreachable('a record out of noise'), onError: () => {} },
    );
    await consumer.assign([{ topic: 't', partition: 0, from: 0 }]);
    for (let turn = 0; turn < 500 && fetches < 3; turn++) await new Promise((done) => setTimeout(done, 20));
    expect(fetches).toBeGreaterThanOrEqual(3);
    consumer.close();
    await untilNoSocket();
  });
});
