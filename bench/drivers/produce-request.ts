/** The requests of the direct producer: Produce with batches that are encoded already, and InitProducerId. */
import {
  type Base,
  type Broker,
  type Callback,
  type Connection,
  createAPI,
  initProducerIdV3,
  kGetBootstrapConnection,
  kGetConnection,
  NetworkError,
  produceV9,
  Writer,
} from '@platformatic/kafka';
import type { BatchProducer } from './record-batch.ts';

export interface Encoded {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

export type ProduceResponse = ReturnType<typeof produceV9.parseResponse>;

const produceApiKey = 0;
/** Known to every broker since Kafka 2.4, and to Kafka 4. */
const produceVersion = 9;
/** InitProducerId asks for it; without transactions it means nothing. */
const transactionTimeoutMs = 60_000;

/** Arguments: acks as on the wire, the broker's time limit, batches with at most one a partition. */
export const produce = createAPI<[number, number, readonly Encoded[]], ProduceResponse | boolean>(
  produceApiKey,
  produceVersion,
  (acks: number, timeoutMs: number, batches: readonly Encoded[]) => {
    const writer = Writer.create()
      .appendString(null)
      .appendInt16(acks)
      .appendInt32(timeoutMs)
      .appendArray(byTopic(batches), (topicWriter, [topic, group]) => {
        topicWriter.appendString(topic).appendArray(group, (partitionWriter, { partition, bytes }) => {
          partitionWriter
            .appendInt32(partition)
            .appendUnsignedVarInt(bytes.length + 1)
            .append(bytes);
        });
      })
      .appendTaggedFields();
    if (acks === 0) writer.context.noResponse = true;
    return writer;
  },
  produceV9.parseResponse,
);

function byTopic(batches: readonly Encoded[]): [string, Encoded[]][] {
  const groups = new Map<string, Encoded[]>();
  for (const batch of batches) {
    const group = groups.get(batch.topic);
    if (group === undefined) groups.set(batch.topic, [batch]);
    else group.push(batch);
  }
  return [...groups];
}

/** A new id, with sequence numbers from 0. */
export async function initProducer(client: Base): Promise<BatchProducer> {
  const connection = await connect((callback) => client[kGetBootstrapConnection](callback));
  const found = await initProducerIdV3.api.async(connection, null, transactionTimeoutMs, -1n, -1);
  return { id: found.producerId, epoch: found.producerEpoch };
}

export async function connectionTo(client: Base, broker: Broker): Promise<Connection> {
  return await connect((callback) => client[kGetConnection](broker, callback));
}

async function connect(ask: (callback: Callback<Connection>) => void): Promise<Connection> {
  return await new Promise((resolve, reject) => {
    ask((error, connection) => {
      if (connection !== undefined && !error) resolve(connection);
      else reject(error ?? new NetworkError('no connection'));
    });
  });
}
