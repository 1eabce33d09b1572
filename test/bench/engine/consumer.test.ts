/** The consumer against a broker that keeps records and does with its answers what a test wants. */
import { Writer } from '@platformatic/kafka';
import { afterEach, describe, expect, it } from 'vitest';
import { batchLayout } from '../../../bench/engine/batch-layout.ts';
import { EngineConsumer } from '../../../bench/engine/consumer.ts';
import { encodeBatch, sealBatch, unidentified } from '../../../bench/engine/record-batch.ts';
import { type FakeBroker, type FakeRequest, metadata, metadataKey, startFakeBroker } from './fake-broker.ts';

const partitions = 3;
const batches = 20;
const perBatch = 10;
let broker: FakeBroker;

afterEach(() => broker.close());

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
function fetched(asked: readonly Asked[]): Writer {
  const served = asked.find(({ offset }) => offset < batches * perBatch);
  return Writer.create()
    .appendInt32(0)
    .appendInt16(0)
    .appendInt32(0)
    .appendArray(['t'], (topicWriter, topic) => {
      topicWriter.appendString(topic).appendArray([...asked], (writer, { partition, offset }) => {
        const records = partition === served?.partition ? batchAt(offset - (offset % perBatch)) : Buffer.alloc(0);
        writer.appendInt32(partition).appendInt16(0);
        writer.appendInt64(200n).appendInt64(200n).appendInt64(0n);
        writer.appendArray([], () => {}).appendInt32(-1);
        writer.appendUnsignedVarInt(records.length + 1).append(records);
      });
    })
    .appendTaggedFields();
}

async function readWith(answer: (request: FakeRequest, asked: readonly Asked[]) => Writer | null) {
  broker = await startFakeBroker((request) =>
    request.apiKey === metadataKey ? metadata(broker.port, { partitions }) : answer(request, askedBy(request)),
  );
  const found: { partition: number; offset: number; value: string }[] = [];
  const errors: Error[] = [];
  const consumer = new EngineConsumer(
    { bootstrap: [`127.0.0.1:${broker.port}`], clientId: 'consumer-test' },
    { checkCrc: true },
    {
      visitorOf: (_topic, partition) => (offset, _time, bytes, _keyStart, _keyEnd, start, end) =>
        found.push({ partition, offset, value: bytes.toString('latin1', start, end) }),
      onError: (error) => errors.push(error),
    },
  );
  await consumer.assign(Array.from({ length: partitions }, (_, partition) => ({ topic: 't', partition, from: 0 })));
  const wanted = partitions * batches * perBatch;
  for (let turn = 0; turn < 500 && found.length < wanted; turn++) await new Promise((done) => setTimeout(done, 10));
  consumer.close();
  expect(errors).toEqual([]);
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
  it('gives every partition its turn where an answer has room for one of them', async () => {
    const found = await readWith((_, asked) => fetched(asked));
    expectEachOnce(found);
    // Without turns the last partition would begin when the others are read to their ends.
    const begins = [0, 1, 2].map((index) => found.findIndex(({ partition }) => partition === index));
    expect(Math.max(...begins)).toBeLessThan((partitions - 1) * perBatch * 2);
  });

  it('reads on, without loss or repeat, where a connection is cut in the middle of an answer', async () => {
    let cuts = 0;
    const found = await readWith(({ correlationId, socket }, asked) => {
      const whole = fetched(asked);
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
});
