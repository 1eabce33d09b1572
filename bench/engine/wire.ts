/**
 * Requests and responses on the socket of a library's connection, without its copies: buffers are written as they are
 * (one system call for all of them), a response stays the chunks it arrived in. The library connects, encrypts and
 * authenticates, and goes on using the connection for its own requests; the two are told apart by the correlation id.
 * While it authenticates anew (KIP-368) a broker takes nothing else on that connection: our requests wait.
 */
import { type Connection, ConnectionStatuses } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import { ChunkCursor } from './chunk-cursor.ts';

/** The library counts from 1; ours begin far above, and both stay positive for longer than any run. */
const firstCorrelationId = 0x4000_0000;
const lengthBytes = 4;
/** Before the client id: length, API key and version, correlation id, length of the client id. */
const requestHeadBytes = 14;
/** Of an answer: length, correlation id, no tagged fields. */
export const answerHeaderBytes = 9;
/** Length of the largest answer that can be meant; more is a broker that speaks something else. */
const maxFrameBytes = 512 * 1024 * 1024;
const timeoutChecksPerTimeout = 20;

/** The chunks of a whole frame, its content `answerHeaderBytes` in; or the error after which nothing more comes on this wire. */
export type OnResponse = (error: Error | null, frame: readonly Buffer[] | null) => void;

interface Outstanding {
  readonly correlationId: number;
  readonly deadlineMs: number;
  readonly done: OnResponse;
}

export interface WireRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  /** Written in order, and not to be changed before the answer (without one: before `done`). */
  readonly body: readonly Buffer[];
  readonly expectsResponse: boolean;
}

export class Wire {
  readonly connection: Connection;
  readonly #clientId: Buffer;
  readonly #requestTimeoutMs: number;
  readonly #timer: NodeJS.Timeout;
  /** In the order of sending, which is that of the answers. */
  readonly #outstanding: Outstanding[] = [];
  readonly #libraryListeners: ((chunk: Buffer) => void)[];
  readonly #held: { readonly request: WireRequest; readonly done: OnResponse }[] = [];
  #nextCorrelationId = firstCorrelationId;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #wanted = lengthBytes;

  constructor(connection: Connection, clientId: string, requestTimeoutMs: number) {
    this.connection = connection;
    this.#clientId = Buffer.from(clientId);
    this.#requestTimeoutMs = requestTimeoutMs;
    const { socket } = connection;
    this.#libraryListeners = socket.listeners('data') as ((chunk: Buffer) => void)[];
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#timer = setInterval(() => this.#checkTimeout(), requestTimeoutMs / timeoutChecksPerTimeout);
    connection.once('close', () => this.#end());
    // Also when it has authenticated anew.
    connection.on('connect', () => {
      for (const { request, done } of this.#held.splice(0)) this.send(request, done);
    });
  }

  get isOpen(): boolean {
    return this.connection.isConnected() || this.#isReauthenticating;
  }

  /** Resolves when the library may send requests of its own on the connection; rejects when it ends before. */
  async ready(): Promise<void> {
    await whenReady(this.connection);
  }

  get #isReauthenticating(): boolean {
    return this.connection.status === ConnectionStatuses.REAUTHENTICATING;
  }

  /** Ends the connection at once: its requests fail, and a broker that hangs cannot hold us up. */
  break(): void {
    this.connection.socket.destroy();
  }

  send(request: WireRequest, done: OnResponse): void {
    const { socket } = this.connection;
    if (!this.isOpen) {
      done(broken('was closed'), null);
      return;
    }
    if (this.#isReauthenticating) {
      this.#held.push({ request, done });
      return;
    }
    const correlationId = this.#nextCorrelationId++;
    if (request.expectsResponse) {
      this.#outstanding.push({ correlationId, deadlineMs: Date.now() + this.#requestTimeoutMs, done });
    }
    const { body } = request;
    const last = body.length - 1;
    socket.cork();
    socket.write(this.#head(request, correlationId));
    for (let index = 0; index < last; index++) socket.write(body[index] as Buffer);
    if (request.expectsResponse) socket.write(body[last] as Buffer);
    else socket.write(body[last] as Buffer, (error) => done(error ?? null, null));
    socket.uncork();
  }

  /** Length, API, correlation id, client id, no tagged fields. */
  #head({ apiKey, apiVersion, body }: WireRequest, correlationId: number): Buffer {
    const head = Buffer.allocUnsafe(requestHeadBytes + this.#clientId.length + 1);
    let bytes = head.length - lengthBytes;
    for (let index = 0; index < body.length; index++) bytes += (body[index] as Buffer).length;
    head.writeInt32BE(bytes, 0);
    head.writeInt16BE(apiKey, 4);
    head.writeInt16BE(apiVersion, 6);
    head.writeInt32BE(correlationId, 8);
    head.writeInt16BE(this.#clientId.length, 12);
    head.set(this.#clientId, requestHeadBytes);
    head[head.length - 1] = 0;
    return head;
  }

  #receive(chunk: Buffer): void {
    // Nearly always: one small answer, alone and whole.
    if (this.#bytes === 0 && chunk.length > lengthBytes && chunk.length === lengthBytes + chunk.readInt32BE(0)) {
      this.#deliver([chunk]);
      return;
    }
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes >= this.#wanted) {
      const cursor = new ChunkCursor(this.#chunks);
      const at = cursor.peek(lengthBytes);
      const frameBytes = lengthBytes + cursor.buffer.readInt32BE(at);
      if (frameBytes < 2 * lengthBytes || frameBytes > maxFrameBytes) {
        this.connection.socket.destroy(broken(`sent a frame of ${frameBytes} bytes`));
        return;
      }
      if (this.#bytes < frameBytes) {
        this.#wanted = frameBytes;
        return;
      }
      const frame = cursor.takeViews(frameBytes);
      this.#chunks = cursor.takeViews(cursor.remaining);
      this.#bytes -= frameBytes;
      this.#wanted = lengthBytes;
      this.#deliver(frame);
    }
  }

  #deliver(frame: readonly Buffer[]): void {
    const cursor = new ChunkCursor(frame);
    const at = cursor.peek(2 * lengthBytes);
    const correlationId = cursor.buffer.readInt32BE(at + lengthBytes);
    if (correlationId < firstCorrelationId) {
      for (const listener of this.#libraryListeners)
        for (const chunk of frame) listener.call(this.connection.socket, chunk);
      return;
    }
    const outstanding = this.#outstanding.shift();
    if (outstanding?.correlationId !== correlationId) {
      this.connection.socket.destroy(broken(`answered request ${correlationId} out of turn`));
      outstanding?.done(broken('answered out of turn'), null);
      return;
    }
    outstanding.done(null, frame);
  }

  #checkTimeout(): void {
    const oldest = this.#outstanding[0];
    if (oldest !== undefined && oldest.deadlineMs <= Date.now()) this.break();
  }

  #end(): void {
    clearInterval(this.#timer);
    for (const { done } of this.#outstanding.splice(0)) done(broken('was closed before its answer'), null);
    for (const { done } of this.#held.splice(0)) done(broken('was closed'), null);
  }
}

/** Resolves at once unless the connection is about to authenticate anew. */
export async function whenReady(connection: Connection): Promise<void> {
  if (connection.status === ConnectionStatuses.REAUTHENTICATING) await connection.ready();
}

function broken(what: string): HeadroomError {
  return new HeadroomError('TARGET_UNREACHABLE', `the connection to a broker ${what}`);
}
