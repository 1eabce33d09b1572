/** A broker that says what a test wants it to say. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Reader, Writer } from '@platformatic/kafka';

export interface FakeRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  /** Behind the request's header. */
  readonly body: Reader;
  readonly socket: Socket;
}

/** Bytes of the answer behind its header; null answers nothing. */
export type FakeAnswer = (request: FakeRequest) => Writer | null;

export interface FakeBroker {
  readonly port: number;
  /** Sockets that are open. */
  readonly sockets: ReadonlySet<Socket>;
  close(): void;
}

/** Requests whose header and answer have no tagged fields: SaslHandshake. */
const plainHeaders = new Set([17]);

export async function startFakeBroker(answer: FakeAnswer): Promise<FakeBroker> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
        const end = 4 + pending.readInt32BE(0);
        reply(pending.subarray(4, end), socket, answer);
        pending = pending.subarray(end);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

export const metadataKey = 3;

/** Of the topic `t`, whose partitions the brokers at these ports lead in turn. */
export function metadata(ports: readonly number[], { topicError = 0, partitions = 1 } = {}): Writer {
  const ids = (writer: Writer, values: readonly number[]) =>
    writer.appendArray([...values], (each, id) => each.appendInt32(id), true, false);
  return Writer.create()
    .appendInt32(0)
    .appendArray([...ports], (writer, port, index) => {
      writer
        .appendInt32(index + 1)
        .appendString('127.0.0.1')
        .appendInt32(port)
        .appendString(null);
    })
    .appendString('cluster')
    .appendInt32(1)
    .appendArray(['t'], (writer, topic) => {
      writer.appendInt16(topicError).appendString(topic).append(Buffer.alloc(16)).appendBoolean(false);
      const indexes = Array.from({ length: topicError === 0 ? partitions : 0 }, (_, index) => index);
      writer.appendArray(indexes, (partition, index) => {
        const leader = 1 + (index % ports.length);
        partition.appendInt16(0).appendInt32(index).appendInt32(leader).appendInt32(0);
        ids(ids(ids(partition, [leader]), [leader]), []);
      });
      writer.appendInt32(0);
    })
    .appendTaggedFields();
}

function reply(frame: Buffer, socket: Socket, answer: FakeAnswer): void {
  const apiKey = frame.readInt16BE(0);
  const clientBytes = Math.max(0, frame.readInt16BE(8));
  const isPlain = plainHeaders.has(apiKey);
  const body = Reader.from(frame.subarray(10 + clientBytes + (isPlain ? 0 : 1)));
  const correlationId = frame.readInt32BE(4);
  const said = answer({ apiKey, apiVersion: frame.readInt16BE(2), correlationId, body, socket });
  if (said === null) return;
  const head = Writer.create().appendInt32(correlationId);
  if (!isPlain) head.appendTaggedFields();
  socket.write(head.appendFrom(said).prependLength().buffer);
}
