/** Connections to the brokers of a cluster, and who leads which partition. */
import { Connection, type ConnectionOptions, metadataV12, ResponseError } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import type { DriverTarget } from '../drivers/driver.ts';
import { platformaticSecurity } from '../security/connection-options.ts';
import { throwRefusal } from '../security/refusal.ts';
import { brokerErrors } from './broker-errors.ts';
import { Wire, whenReady } from './wire.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ClusterOptions {
  /** A request without an answer after this counts as failed, and its connection as broken. */
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs?: number;
}

const defaultConnectTimeoutMs = 5_000;
/** One broker's metadata may be late; a topic that all of them miss for this long was deleted. */
const goneAfterMs = 2_000;

export class Cluster {
  readonly #target: DriverTarget;
  readonly #options: ConnectionOptions;
  readonly #requestTimeoutMs: number;
  readonly #addresses = new Map<number, Address>();
  readonly #links = new Map<number, Promise<Wire>>();
  readonly #leaders = new Map<string, readonly (number | null)[]>();
  /** Since when topics that had been there are missing. */
  readonly #goneSince = new Map<string, number>();
  #metadataLink: Connection | null = null;
  #refreshing: Promise<void> | null = null;
  #closed = false;

  constructor(target: DriverTarget, options: ClusterOptions) {
    this.#target = target;
    this.#requestTimeoutMs = options.requestTimeoutMs;
    this.#options = {
      ...platformaticSecurity(target),
      requestTimeout: options.requestTimeoutMs,
      connectTimeout: options.connectTimeoutMs ?? defaultConnectTimeoutMs,
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

  /** The one connection to that broker, opened when first wanted and again after it broke. */
  link(broker: number): Promise<Wire> {
    const known = this.#links.get(broker);
    if (known !== undefined) return known;
    const opening = this.#openWire(broker);
    this.#links.set(broker, opening);
    const forget = () => {
      if (this.#links.get(broker) === opening) this.#links.delete(broker);
    };
    opening.then(({ connection }) => connection.once('close', forget), forget);
    return opening;
  }

  /** Any broker's connection, for requests that every broker answers. */
  async anyLink(): Promise<Connection> {
    const known = this.#metadataLink;
    if (known !== null) await whenReady(known).catch(() => {});
    if (known?.isConnected()) return known;
    let cause: unknown;
    for (const { host, port } of this.#entryPoints()) {
      try {
        this.#metadataLink = await this.#open(host, port);
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
    for (const link of this.#links.values())
      link.then(
        (wire) => wire.break(),
        () => {},
      );
  }

  async #openWire(broker: number): Promise<Wire> {
    const address = this.#addresses.get(broker);
    if (address === undefined) throw unreachable(`broker ${broker}`);
    const connection = await this.#open(address.host, address.port);
    return new Wire(connection, this.#target.clientId, this.#requestTimeoutMs);
  }

  async #open(host: string, port: number): Promise<Connection> {
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

function unreachable(what: string, cause?: unknown): HeadroomError {
  return new HeadroomError('TARGET_UNREACHABLE', `${what} cannot be reached`, {
    hint: 'Check that the brokers run and that their advertised addresses can be reached from here.',
    cause,
  });
}
