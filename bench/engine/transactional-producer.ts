/**
 * Transactions on the engine's producer: begin, send, then commit or abort. The partitions of a transaction are told to its
 * coordinator before the first batch goes to them. After a failed send only abort is allowed, and it begins a new epoch.
 */
import { HeadroomError } from '../../lib/errors.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import { batchLayout, transactionalFlag } from './batch-layout.ts';
import { Cluster } from './cluster.ts';
import { EngineProducer, maxIdempotentInFlight, type OnSettled } from './producer.ts';
import type { ProducerIdentity } from './producer-identity.ts';
import { TransactionCoordinator, type TransactionPartition } from './transaction-coordinator.ts';

export interface TransactionalSettings {
  readonly transactionalId: string;
  /** The coordinator aborts what is open for longer. */
  readonly transactionTimeoutMs: number;
  readonly deliveryTimeoutMs: number;
}

const requestTimeoutMs = 30_000;

export class TransactionalProducer {
  readonly #target: DriverTarget;
  readonly #settings: TransactionalSettings;
  readonly #cluster: Cluster;
  readonly #coordinator: TransactionCoordinator;
  #identity: ProducerIdentity;
  #producer: EngineProducer;
  /** By topic and partition: resolves when it takes part. Null outside of a transaction. */
  #parts: Map<string, Promise<void>> | null = null;
  #sends: Promise<void>[] = [];
  #failure: Error | null = null;

  static async open(target: DriverTarget, settings: TransactionalSettings): Promise<TransactionalProducer> {
    const cluster = new Cluster(target, { requestTimeoutMs });
    try {
      await cluster.refresh([]);
      const coordinator = new TransactionCoordinator(cluster, settings.transactionalId, settings.deliveryTimeoutMs);
      const identity = await coordinator.identity(settings.transactionTimeoutMs);
      const producer = await openProducer(target, settings, identity);
      return new TransactionalProducer(target, settings, { cluster, coordinator, identity, producer });
    } catch (error) {
      cluster.close();
      throw error;
    }
  }

  private constructor(
    target: DriverTarget,
    settings: TransactionalSettings,
    parts: {
      readonly cluster: Cluster;
      readonly coordinator: TransactionCoordinator;
      readonly identity: ProducerIdentity;
      readonly producer: EngineProducer;
    },
  ) {
    this.#target = target;
    this.#settings = settings;
    this.#cluster = parts.cluster;
    this.#coordinator = parts.coordinator;
    this.#identity = parts.identity;
    this.#producer = parts.producer;
  }

  begin(): void {
    if (this.#parts !== null) throw new HeadroomError('INTERNAL', 'a transaction is open already');
    this.#parts = new Map();
  }

  /** As `EngineProducer.send`; what is acknowledged counts only once the transaction is committed. */
  send(topic: string, partition: number, bytes: Buffer, records: number, settled: OnSettled): void {
    if (this.#parts === null) throw new HeadroomError('INTERNAL', 'a batch was sent outside of a transaction');
    bytes.writeInt16BE(bytes.readInt16BE(batchLayout.attributes) | transactionalFlag, batchLayout.attributes);
    const joined = this.#join({ topic, partition });
    const sent = joined.then(
      async () =>
        await new Promise<void>((resolve) => {
          this.#producer.send(topic, partition, bytes, records, (error, baseOffset) => {
            this.#failure ??= error;
            settled(error, baseOffset);
            resolve();
          });
        }),
      (error: Error) => {
        this.#failure ??= error;
        settled(error, null);
      },
    );
    this.#sends.push(sent);
  }

  /** Rejects with the failure of a send, if there was one: then nothing is committed, and `abort` must follow. */
  async commit(): Promise<void> {
    const took = await this.#finishSends();
    if (this.#failure !== null) throw this.#failure;
    if (took) await this.#coordinator.end(this.#identity, true);
    this.#parts = null;
  }

  async abort(): Promise<void> {
    const took = await this.#finishSends();
    if (this.#failure !== null) await this.#beginEpoch();
    else if (took) await this.#coordinator.end(this.#identity, false);
    this.#failure = null;
    this.#parts = null;
  }

  /** Leaves an open transaction to the coordinator, which aborts it. */
  async close(waitMaxMs?: number): Promise<void> {
    await this.#producer.close(waitMaxMs);
    this.#cluster.close();
  }

  /** Whether any partition took part. */
  async #finishSends(): Promise<boolean> {
    if (this.#parts === null) throw new HeadroomError('INTERNAL', 'no transaction is open');
    await Promise.all(this.#sends.splice(0));
    return this.#parts.size > 0;
  }

  async #join(part: TransactionPartition): Promise<void> {
    const parts = this.#parts ?? new Map<string, Promise<void>>();
    const key = `${part.topic}-${part.partition}`;
    const known = parts.get(key) ?? this.#coordinator.add(this.#identity, part);
    parts.set(key, known);
    await known;
  }

  /** Sequence numbers after a failure are anybody's guess; a new epoch aborts what was open and begins them anew. */
  async #beginEpoch(): Promise<void> {
    await this.#producer.close(0);
    this.#identity = await this.#coordinator.identity(this.#settings.transactionTimeoutMs);
    this.#producer = await openProducer(this.#target, this.#settings, this.#identity);
  }
}

async function openProducer(
  target: DriverTarget,
  { transactionalId, deliveryTimeoutMs }: TransactionalSettings,
  identity: ProducerIdentity,
): Promise<EngineProducer> {
  const settings = { acks: 'all', idempotent: true, deliveryTimeoutMs, maxInFlight: maxIdempotentInFlight } as const;
  return await EngineProducer.open(target, { ...settings, transaction: { transactionalId, identity } }, []);
}
