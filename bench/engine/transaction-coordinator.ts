/** The requests of a transaction: who coordinates it, who takes part, how it ends. */
import {
  createAPI,
  endTxnV3,
  FindCoordinatorKeyTypes,
  findCoordinatorV4,
  initProducerIdV4,
  type Reader,
  TimeoutError,
  Writer,
} from '@platformatic/kafka';
import { brokerErrors, refused } from './broker-errors.ts';
import type { Cluster } from './cluster.ts';
import { type ProducerIdentity, untilAnswered } from './producer-identity.ts';

export interface TransactionPartition {
  readonly topic: string;
  readonly partition: number;
}

export class TransactionCoordinator {
  readonly #cluster: Cluster;
  readonly #transactionalId: string;
  /** How long a request is tried again: coordinators move, and are busy with the end of the transaction before. */
  readonly #patienceMs: number;
  /** The coordinator, once it is known and as long as it answers. */
  #broker: number | null = null;

  constructor(cluster: Cluster, transactionalId: string, patienceMs: number) {
    this.#cluster = cluster;
    this.#transactionalId = transactionalId;
    this.#patienceMs = patienceMs;
  }

  /** A new epoch: what an earlier producer of this name left open is aborted, and that producer is fenced off. */
  async identity(timeoutMs: number): Promise<ProducerIdentity> {
    return await this.#ask(async (connection) => {
      const found = await initProducerIdV4.api.async(connection, this.#transactionalId, timeoutMs, -1n, -1);
      return { producerId: found.producerId, producerEpoch: found.producerEpoch };
    });
  }

  /** Before anything is sent to it in this transaction. */
  async add({ producerId, producerEpoch }: ProducerIdentity, part: TransactionPartition): Promise<void> {
    await this.#ask(async (connection) => {
      await addPartitions.async(connection, this.#transactionalId, producerId, producerEpoch, part);
    });
  }

  async end({ producerId, producerEpoch }: ProducerIdentity, isCommit: boolean): Promise<void> {
    await this.#ask(async (connection) => {
      await endTxnV3.api.async(connection, this.#transactionalId, producerId, producerEpoch, isCommit);
    });
  }

  async #ask<T>(request: (connection: Awaited<ReturnType<Cluster['anyLink']>>) => Promise<T>): Promise<T> {
    return await untilAnswered(this.#patienceMs, async () => {
      const connection = await this.#cluster.connectionTo(await this.#find());
      try {
        return await request(connection);
      } catch (error) {
        this.#broker = null;
        // The library goes on with a connection that does not answer.
        if (error instanceof TimeoutError) connection.socket.destroy();
        throw error;
      }
    });
  }

  async #find(): Promise<number> {
    if (this.#broker !== null) return this.#broker;
    const any = await this.#cluster.anyLink();
    const keys = [this.#transactionalId];
    const { coordinators } = await findCoordinatorV4.api.async(any, FindCoordinatorKeyTypes.TRANSACTION, keys);
    this.#broker = coordinators[0]?.nodeId ?? -1;
    return this.#broker;
  }
}

/** Version 3, the last one for clients: the library sends the brokers' own form of version 4 under that number. */
const addPartitions = createAPI<[string, bigint, number, TransactionPartition], null>(
  24,
  3,
  (transactionalId: string, producerId: bigint, producerEpoch: number, { topic, partition }: TransactionPartition) =>
    Writer.create()
      .appendString(transactionalId)
      .appendInt64(producerId)
      .appendInt16(producerEpoch)
      .appendArray([topic], (writer) => {
        writer
          .appendString(topic)
          .appendArray([partition], (partitionWriter) => partitionWriter.appendInt32(partition), true, false);
      })
      .appendTaggedFields(),
  (_correlationId, _apiKey, _apiVersion, reader: Reader) => {
    // Throttle time; one topic, one partition.
    reader.skip(4);
    reader.readUnsignedVarInt();
    const topic = reader.readString();
    reader.readUnsignedVarInt();
    const partition = reader.readInt32();
    const code = reader.readInt16();
    if (code !== brokerErrors.none) throw refused(`${topic}-${partition} in a transaction`, code);
    return null;
  },
);
