/** The consumer against a broker that keeps records and does with its answers what a test wants. */
import { Writer } from '@platformatic/kafka';
import { afterEach, describe, expect, it } from 'vitest';
import { batchLayout } from '../../../bench/engine/batch-layout.ts';
import { EngineConsumer } from '../../../bench/engine/consumer.ts';
import { encodeBatch, sealBatch, unidentified } from '../../../bench/engine/record-batch.ts';
import { type FakeBroker, type FakeRequest, metadata, metadataKey, startFakeBroker } from './fake-broker.ts';

const partitions = 4;
const batches = 20;
const perBatch = 10;
let brokers: FakeBroker[] = [];

afterEach(() => {
  for (const broker of brokers) broker.close();
});

/** The batch at `offset`, a multiple of `perBatch`. */
function batchAt(offset: number): Buffer {
  const records = Array.from({ length: perBatch }, (_, index) => ({
    key: null,
    value: Buffer.from(`${offset + index}`),
    timestampMs: 1,
  }));
  const batch = encodeBatch(records, 'none');
  sealBatch(batch, unidentified);
  batch.writeBigInt64BE(BigInt(offset), batchLayout.baseOffset);
  return batch;
}

const outOfRange = 1;
const unknownTopic = 3;
const notLeader = 6;

interface Asked {
  readonly partition: number;
  readonly offset: number;
}

/** The partitions of a Fetch, in its order. */
function askedBy({ body }: FakeRequest): Asked[] {
  body.skip(4 + 4 + 4 + 4 + 1 + 4 + 4);
  const asked: Asked[] = [];
  body.readArray((topic) => {
    topic.readString();
    topic.readArray((each) => {
      const partition = each.readInt32();
      each.skip(4);
      asked.push({ partition, offset: Number(each.readInt64()) });
      each.skip(4 + 8 + 4);
    });
  });
  return asked;
}

/** One batch for the first partition asked for that has more, as of a broker whose answers have little room. */
function fetched(asked: readonly Asked[], refused?: number, errorCode = outOfRange): Writer {
  const served = asked.find(({ partition, offset }) => partition !== refused && offset < batches * perBatch);
  return Writer.create()
    .appendInt32(0)
    .appendInt16(0)
    .appendInt32(0)
    .appendArray(['t'], (topicWriter, topic) => {
      topicWriter.appendString(topic).appendArray([...asked], (writer, { partition, offset }) => {
        const records = partition === served?.partition ? batchAt(offset - (offset % perBatch)) : Buffer.alloc(0);
        writer.appendInt32(partition).appendInt16(partition === refused ? errorCode : 0);
        writer.appendInt64(200n).appendInt64(200n).appendInt64(0n);
        writer.appendArray([], () => {}).appendInt32(-1);
        writer.appendUnsignedVarInt(records.length + 1).append(records);
      });
    })
    .appendTaggedFields();
}

const listOffsetsKey = 2;

/** Of partition 2. */
function oldestOffset(errorCode: number, offset: bigint): Writer {
  return Writer.create()
    .appendInt32(0)
    .appendArray(['t'], (topicWriter, topic) => {
      topicWriter.appendString(topic).appendArray([2], (writer, partition) => {
        writer.appendInt32(partition).appendInt16(errorCode).appendInt64(-1n).appendInt64(offset).appendInt32(0);
      });
    })
    .appendTaggedFields();
}

/** What is read to the ends of all partitions. */
async function readWith(answer: (request: FakeRequest) => Writer | null, count = 1) {
  const start = async () =>
    await startFakeBroker((request) =>
      request.apiKey === metadataKey
        ? metadata(
            brokers.map(({ port }) => port),
            { partitions },
          )
        : answer(request),
    );
  brokers = await Promise.all(Array.from({ length: count }, start));
  const found: { partition: number; offset: number; value: string }[] = [];
  const errors: Error[] = [];
  const consumer = new EngineConsumer(
    { bootstrap: [`127.0.0.1:${brokers[0]?.port}`], clientId: 'consumer-test' },
    { checkCrc: true },
    {
      visitorOf: (_topic, partition) => (offset, _time, bytes, _keyStart, _keyEnd, start, end) =>
        found.push({ partition, offset, value: bytes.toString('latin1', start, end) }),
      onError: (error) => errors.push(error),
    },
  );
  await consumer.assign(Array.from({ length: partitions }, (_, partition) => ({ topic: 't', partition, from: 0 })));
  const ends = () => consumer.positions().every(({ offset }) => offset === batches * perBatch);
  for (let turn = 0; turn < 500 && !ends(); turn++) await new Promise((done) => setTimeout(done, 10));
  consumer.close();
  expect(errors.filter(({ message }) => !message.includes('reading goes on at'))).toEqual([]);
  return found;
}

const all = Array.from({ length: batches * perBatch }, (_, offset) => offset);

function expectEachOnce(found: Awaited<ReturnType<typeof readWith>>): void {
  for (let index = 0; index < partitions; index++) {
    const own = found.filter(({ partition }) => partition === index);
    expect(own.map(({ offset }) => offset)).toEqual(all);
    expect(own.map(({ value }) => value)).toEqual(all.map(String));
  }
}

describe('EngineConsumer', () => {
  // Brokers that answer in turn must not share one count of turns: each of two would always begin with the same.
  it.each([1, 2])('gives every partition its turn where an answer of %d brokers has room for one', async (count) => {
    const found = await readWith((request) => fetched(askedBy(request)), count);
    expectEachOnce(found);
    // Without turns the last partition would begin when another is read to its end.
    const begins = Array.from({ length: partitions }, (_, index) => found.findIndex((one) => one.partition === index));
    expect(Math.max(...begins)).toBeLessThan(perBatch * batches);
  });

  it('goes on at the oldest record where those asked for are deleted, also when the first to be asked does not know', async () => {
    let lookups = 0;
    const found = await readWith((request) => {
      if (request.apiKey === listOffsetsKey) return oldestOffset(lookups++ === 0 ? notLeader : 0, 150n);
      const asked = askedBy(request);
      const gone = asked.find(({ partition, offset }) => partition === 2 && offset < 150);
      return fetched(asked, gone?.partition);
    }, 1);
    const own = (index: number) => found.filter(({ partition }) => partition === index).map(({ offset }) => offset);
    expect([own(0), own(1), own(2), own(3)]).toEqual([all, all, all.slice(150), all]);
    expect(lookups).toBe(2);
  });

  it('reads on, without loss or repeat, where a connection is cut in the middle of an answer', async () => {
    let cuts = 0;
    const found = await readWith((request) => {
      const { correlationId, socket } = request;
      const whole = fetched(askedBy(request));
      if (cuts >= 30) return whole;
      const head = Writer.create().appendInt32(correlationId).appendTaggedFields();
      const frame = head.appendFrom(whole).prependLength().buffer;
      // At another byte each time, from the head to the end of the records.
      cuts++;
      socket.write(frame.subarray(0, Math.floor((frame.length * cuts) / 31)), () => socket.destroy());
      return null;
    });
    expectEachOnce(found);
    expect(cuts).toBe(30);
  });

  it('says of every partition that its topic is gone, and reads it no more', async () => {
    let isThere = true;
    const broker = await startFakeBroker((request) => {
      if (request.apiKey === metadataKey)
        return metadata([broker.port], isThere ? { partitions: 2 } : { topicError: unknownTopic });
      isThere = false;
      const atTheEnd = askedBy(request).map((each) => ({ ...each, offset: batches * perBatch }));
      return fetched(atTheEnd, 0, unknownTopic);
    });
    brokers = [broker];
    const errors: string[] = [];
    const consumer = new EngineConsumer(
      { bootstrap: [`127.0.0.1:${broker.port}`], clientId: 'consumer-test' },
      { checkCrc: true },
      { visitorOf: () => () => expect.unreachable('a record'), onError: ({ message }) => errors.push(message) },
    );
    await consumer.assign([0, 1].map((partition) => ({ topic: 't', partition, from: 0 })));
    await expect.poll(() => errors.length, { timeout: 20_000 }).toBe(2);
    consumer.close();
    expect(errors.toSorted()).toEqual([
      expect.stringMatching(/^fetching t-0, whose topic is gone: the broker answered UNKNOWN_TOPIC_OR_PARTITION/),
      expect.stringMatching(/^fetching t-1, whose topic is gone/),
    ]);
    expect(consumer.positions()).toEqual([]);
  });
});
