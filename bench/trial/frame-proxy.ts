/**
 * Stands between clients and brokers and understands where requests begin and end, so that one of them can be made to fail:
 * it is altered on its way, so that the broker refuses it, or its answer is lost with the connection. It tells clients its own
 * addresses in the answers to Metadata, so none goes past it. Plain connections only.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { moveBrokers } from './metadata-answer.ts';

/** `alter`: the broker finds the checksum wrong; `loseAnswer`: it is carried out, and the connection breaks before the answer. */
export type Fate = 'pass' | 'alter' | 'loseAnswer';

export interface ProxiedRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  /** Of this API, over all connections, from 0. */
  readonly index: number;
}

export interface FrameProxy {
  /** Where clients connect instead of the brokers. */
  readonly bootstrap: readonly string[];
  /** Bytes of answers handed to clients so far, by API. */
  readonly answerBytes: ReadonlyMap<number, number>;
  close(): Promise<void>;
}

interface Broker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

export const produceApi = 0;
export const fetchApi = 1;
const metadataApi = 3;
const loopback = '127.0.0.1';
/** Into the values of a record batch from its end: behind it lie only a few tagged fields. */
const alteredFromEnd = 24;

export async function startFrameProxy(
  brokers: readonly Broker[],
  fateOf: (request: ProxiedRequest) => Fate,
): Promise<FrameProxy> {
  const counts = new Map<number, number>();
  const answerBytes = new Map<number, number>();
  const ports = new Map<number, number>();
  const sockets = new Set<Socket>();
  const servers = await Promise.all(
    brokers.map(async (broker) => {
      const server = createServer((client) => relay(client, broker));
      server.listen(0, loopback);
      await once(server, 'listening');
      ports.set(broker.id, (server.address() as AddressInfo).port);
      return server;
    }),
  );

  function relay(client: Socket, { host, port }: Broker): void {
    const upstream = connect(port, host);
    const pending = new Map<number, { readonly request: ProxiedRequest; readonly fate: Fate }>();
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    onFrames(client, (frame) => {
      const apiKey = frame.readInt16BE(4);
      const index = counts.get(apiKey) ?? 0;
      counts.set(apiKey, index + 1);
      const request = { apiKey, apiVersion: frame.readInt16BE(6), index };
      const fate = fateOf(request);
      pending.set(frame.readInt32BE(8), { request, fate });
      const at = frame.length - alteredFromEnd;
      if (fate === 'alter') frame[at] = (frame[at] ?? 0) ^ 0xff;
      upstream.write(frame);
    });
    onFrames(upstream, (frame) => {
      const asked = pending.get(frame.readInt32BE(4));
      pending.delete(frame.readInt32BE(4));
      if (asked?.fate === 'loseAnswer') {
        end();
        return;
      }
      const { apiKey = -1, apiVersion = 0 } = asked?.request ?? {};
      answerBytes.set(apiKey, (answerBytes.get(apiKey) ?? 0) + frame.length);
      const answer = apiKey === metadataApi ? moveBrokers(frame, apiVersion, loopback, ports) : frame;
      // A client that reads no more must hold the broker back, as without a proxy.
      if (!client.write(answer)) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
    });
  }

  return {
    bootstrap: [...ports.values()].map((port) => `${loopback}:${port}`),
    answerBytes,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map(closed));
    },
  };
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

/** Calls with every whole frame, its length in front. */
function onFrames(socket: Socket, use: (frame: Buffer) => void): void {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let wanted = 4;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    while (bytes >= wanted) {
      const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      const length = 4 + all.readInt32BE(0);
      chunks = [all];
      if (bytes < length) {
        wanted = length;
        return;
      }
      use(Buffer.from(all.subarray(0, length)));
      chunks = [all.subarray(length)];
      bytes -= length;
      wanted = 4;
    }
  });
}
