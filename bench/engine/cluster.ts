/** Connections to the brokers of a cluster, and who leads which partition. */
import { Connection, type ConnectionOptions, metadataV12, ResponseError } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import { platformaticSecurity } from '../security/connection-options.ts';
import { throwRefusal } from '../security/refusal.ts';
import { brokerErrors } from './broker-errors.ts';
import { Wire, type WireOptions, whenReady } from './wire.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ClusterOptions extends Pick<WireOptions, 'requestTimeoutMs'> {
  readonly connectTimeoutMs?: number;
}

const defaultConnectTimeoutMs = 5_000;
/** One broker's metadata may be late; a topic that all of them miss for this long was deleted. */
const goneAfterMs = 2_000;

export class Cluster {
  readonly #target: DriverTarget;
  readonly #options: ConnectionOptions;
  readonly #wireOptions: WireOptions & { readonly connectTimeoutMs: number };
  readonly #addresses = new Map<number, Address>();
  readonly #links = new Map<number, Promise<Wire>>();
  readonly #connections = new Map<number, Promise<Connection>>();
  readonly #leaders = new Map<string, readonly (number | null)[]>();
  /** Since when topics that had been there are missing. */
  readonly #goneSince = new Map<string, number>();
  #metadataLink: Connection | null = null;
  #openingAny: Promise<Connection> | null = null;
  #refreshing: Promise<void> | null = null;
  #closed = false;

  constructor(target: DriverTarget, options: ClusterOptions) {
    this.#target = target;
    const { requestTimeoutMs, connectTimeoutMs = defaultConnectTimeoutMs } = options;
    this.#wireOptions = { clientId: target.clientId, requestTimeoutMs, connectTimeoutMs };
    this.#options = {
      ...platformaticSecurity(target),
      requestTimeout: requestTimeoutMs,
      connectTimeout: connectTimeoutMs,
    };
  }

  /** Broker that leads the partition, by the last metadata; null while there is none. */
  leaderOf(topic: string, partition: number): number | null {
    return this.#leaders.get(topic)?.[partition] ?? null;
  }

  /** Partitions of the topic, by the last metadata; 0 when it was not there. */
  partitionsOf(topic: string): number {
    return this.#leaders.get(topic)?.length ?? 0;
  }

  /** Whether the topic had been there and is not any more, by the last metadata and those before it. */
  isGone(topic: string): boolean {
    const sinceMs = this.#goneSince.get(topic);
    return sinceMs !== undefined && Date.now() - sinceMs >= goneAfterMs;
  }

  /** Reads the topics' leaders anew; calls at the same time share one request. Rejects when no broker answers. */
  refresh(topics: readonly string[]): Promise<void> {
    this.#refreshing ??= this.#readMetadata(topics).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** The one connection to that broker for the engine's requests, opened when first wanted and again after it broke. */
  async link(broker: number): Promise<Wire> {
    if (this.#closed) throw closed(broker);
    const wire = await kept(
      this.#links,
      broker,
      async () => await this.#openWire(this.#addressOf(broker)),
      (one, forget) => one.closed.then(forget),
    );
    if (wire.isOpen) return wire;
    // It has failed and is about to be forgotten: to hand it out would be asked for again at once, for ever.
    wire.break();
    await wire.closed;
    return await this.link(broker);
  }

  /** The same for what only the library asks. */
  async connectionTo(broker: number): Promise<Connection> {
    if (this.#closed) throw closed(broker);
    const connection = await kept(
      this.#connections,
      broker,
      async () => await this.#open(this.#addressOf(broker)),
      (one, forget) => one.once('close', forget),
    );
    await whenReady(connection).catch(() => {});
    // One that failed to authenticate anew may stay half open, and would be asked in vain.
    if (!connection.isConnected()) connection.socket.destroy();
    return connection;
  }

  /** Any broker's connection, for requests that every broker answers. Calls at the same time share one. */
  async anyLink(): Promise<Connection> {
    const known = this.#metadataLink;
    if (known !== null) await whenReady(known).catch(() => {});
    if (known?.isConnected()) return known;
    this.#openingAny ??= this.#openAny().finally(() => {
      this.#openingAny = null;
    });
    return await this.#openingAny;
  }

  async #openAny(): Promise<Connection> {
    let cause: unknown;
    for (const address of this.#entryPoints()) {
      try {
        this.#metadataLink = await this.#open(address);
        return this.#metadataLink;
      } catch (error) {
        throwRefusal(error);
        cause = error;
      }
    }
    throw unreachable(this.#target.bootstrap.join(', '), cause);
  }

  close(): void {
    this.#closed = true;
    this.#metadataLink?.socket.destroy();
    for (const opening of this.#links.values()) opening.then((wire) => wire.break()).catch(() => {});
    for (const opening of this.#connections.values()) opening.then(({ socket }) => socket.destroy()).catch(() => {});
  }

  #addressOf(broker: number): Address {
    const address = this.#addresses.get(broker);
    if (address === undefined) throw unreachable(`broker ${broker}`);
    return address;
  }

  async #openWire(address: Address): Promise<Wire> {
    const isPlain = this.#options.tls === undefined && this.#options.sasl === undefined;
    const wire = isPlain
      ? await Wire.plain(address, this.#wireOptions).catch((error: unknown) => {
          throw unreachable(`${address.host}:${address.port}`, error);
        })
      : Wire.over(await this.#open(address), this.#wireOptions);
    if (this.#closed) wire.break();
    return wire;
  }

  async #open({ host, port }: Address): Promise<Connection> {
    const connection = new Connection(this.#target.clientId, this.#options);
    // Failures reach every request as its own error; without a listener this event would end the process.
    connection.on('error', () => {});
    await connection.connect(host, port);
    if (this.#closed) connection.socket.destroy();
    return connection;
  }

  #entryPoints(): Address[] {
    const bootstrap = this.#target.bootstrap.map((entry) => {
      const colon = entry.lastIndexOf(':');
      return { host: entry.slice(0, colon), port: Number(entry.slice(colon + 1)) };
    });
    return [...this.#addresses.values(), ...bootstrap];
  }

  async #readMetadata(topics: readonly string[]): Promise<void> {
    const connection = await this.anyLink();
    const metadata = await metadataV12.api.async(connection, [...topics], false, false).catch((error: unknown) => {
      // A topic without a leader makes the whole answer an error, with the answer inside.
      if (error instanceof ResponseError)
        return (error as ResponseError & { response: metadataV12.MetadataResponse }).response;
      connection.socket.destroy();
      throw unreachable(this.#target.bootstrap.join(', '), error);
    });
    for (const { nodeId, host, port } of metadata.brokers) this.#addresses.set(nodeId, { host, port });
    for (const { name, partitions, errorCode } of metadata.topics) {
      if (!name) continue;
      if (errorCode !== brokerErrors.unknownTopicOrPartition) this.#goneSince.delete(name);
      else if (this.partitionsOf(name) > 0) this.#goneSince.set(name, Date.now());
      const leaders: (number | null)[] = [];
      for (const { partitionIndex, leaderId } of partitions) leaders[partitionIndex] = leaderId < 0 ? null : leaderId;
      this.#leaders.set(name, leaders);
    }
  }
}

/** What is open or being opened for that broker; opens it where there is nothing, and forgets it once it is closed. */
function kept<T>(
  opened: Map<number, Promise<T>>,
  broker: number,
  open: () => Promise<T>,
  onClosed: (one: T, forget: () => void) => void,
): Promise<T> {
  const known = opened.get(broker);
  if (known !== undefined) return known;
  const opening = open();
  opened.set(broker, opening);
  const forget = () => {
    if (opened.get(broker) === opening) opened.delete(broker);
  };
  opening.then((one) => onClosed(one, forget), forget);
  return opening;
}

function closed(broker: number): HeadroomError {
  return unreachable(`broker ${broker}, from a client that is closed,`);
}

function unreachable(what: string, cause?: unknown): HeadroomError {
  return new HeadroomError('TARGET_UNREACHABLE', `${what} cannot be reached`, {
    hint: 'Check that the brokers run and that their advertised addresses can be reached from here.',
    cause,
  });
}
