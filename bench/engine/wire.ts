/**
 * The engine's requests on a connection to a broker, without copies: buffers are written as they are (one system call for all
 * of them), an answer is handed over as it arrives, from memory that is used again. A connection that must be encrypted or
 * authenticated is a library's, which goes on using it to authenticate anew (KIP-368); the two are told apart by the
 * correlation id. Meanwhile a broker takes nothing else on that connection: our requests wait.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Connection, ConnectionStatuses } from '@platformatic/kafka';
import { HeadroomError } from '../../lib/errors.ts';
import { ReceiveBuffer } from './receive-buffer.ts';

/** The library counts from 1; ours begin far above, and both stay positive for longer than any run. */
const firstCorrelationId = 0x4000_0000;
const lengthBytes = 4;
/** Before the client id: length, API key and version, correlation id, length of the client id. */
const requestHeadBytes = 14;
/** Of an answer: length, correlation id. */
const answerHeadBytes = 8;
/** Length of the largest answer that can be meant; more is a broker that speaks something else. */
const maxFrameBytes = 512 * 1024 * 1024;
const timeoutChecksPerTimeout = 20;

/** What of an answer was not taken before, behind its header; or the error after which nothing more comes on this wire. */
export type OnResponse = (error: Error | null, content: Buffer | null) => void;

export interface WireRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  /** Written in order, and not to be changed before the answer (without one: before `done`). */
  readonly body: readonly Buffer[];
  readonly expectsResponse: boolean;
  /**
   * Takes of the answer's content while it arrives: called with what is there and not taken, returns how many bytes it takes.
   * What it takes, as what `done` gets, is valid during the call only.
   */
  readonly take?: (content: Buffer) => number;
}

interface Outstanding {
  readonly correlationId: number;
  readonly deadlineMs: number;
  readonly take: WireRequest['take'];
  readonly done: OnResponse;
}

export interface WireOptions {
  readonly clientId: string;
  /** A request without an answer after this counts as failed, and its connection as broken. */
  readonly requestTimeoutMs: number;
}

export class Wire {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  /** Who encrypts and authenticates, where somebody does. */
  readonly #library: Connection | null;
  readonly #libraryListeners: readonly ((chunk: Buffer) => void)[];
  readonly #clientId: Buffer;
  readonly #requestTimeoutMs: number;
  readonly #timer: NodeJS.Timeout;
  /** In the order of sending, which is that of the answers. */
  readonly #outstanding: Outstanding[] = [];
  readonly #held: { readonly request: WireRequest; readonly done: OnResponse; readonly deadlineMs: number }[] = [];
  #nextCorrelationId = firstCorrelationId;
  /** Bytes that are still to be taken of the oldest request's answer; null between answers. */
  #contentLeft: number | null = null;

  /** A connection that is neither encrypted nor authenticated. Rejects when there is none within `connectTimeoutMs`. */
  static async plain(
    { host, port }: { readonly host: string; readonly port: number },
    options: WireOptions & { readonly connectTimeoutMs: number },
  ): Promise<Wire> {
    let wire: Wire | null = null;
    const received = new ReceiveBuffer((bytes) => (wire === null ? 0 : wire.#receive(bytes)));
    const socket = connect({
      host,
      port,
      noDelay: true,
      onread: {
        buffer: () => received.room,
        callback: (bytes) => {
          received.filled(bytes);
          return true;
        },
      },
    });
    const timer = setTimeout(() => {
      socket.destroy(broken(`was not made in ${options.connectTimeoutMs} ms`));
    }, options.connectTimeoutMs);
    try {
      await once(socket, 'connect');
    } finally {
      clearTimeout(timer);
    }
    // Failures reach every request as its own error; without a listener this event would end the process.
    socket.on('error', () => {});
    wire = new Wire(socket, null, options);
    return wire;
  }

  /** On a library's connection, which is open. */
  static over(connection: Connection, options: WireOptions): Wire {
    return new Wire(connection.socket, connection, options);
  }

  private constructor(socket: Socket, library: Connection | null, { clientId, requestTimeoutMs }: WireOptions) {
    this.#socket = socket;
    this.#library = library;
    this.#clientId = Buffer.from(clientId);
    this.#requestTimeoutMs = requestTimeoutMs;
    this.#libraryListeners = socket.listeners('data') as ((chunk: Buffer) => void)[];
    if (library !== null) {
      const received = new ReceiveBuffer((bytes) => this.#receive(bytes));
      socket.removeAllListeners('data');
      socket.on('data', (chunk: Buffer) => received.append(chunk));
      // Also when it has authenticated anew.
      library.on('connect', () => {
        for (const { request, done } of this.#held.splice(0)) this.send(request, done);
      });
    }
    this.#timer = setInterval(() => this.#checkTimeout(), requestTimeoutMs / timeoutChecksPerTimeout);
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#end();
        resolve();
      });
    });
  }

  get isOpen(): boolean {
    // A socket that is destroyed or ending is not writable.
    const { status } = this.#library ?? { status: ConnectionStatuses.CONNECTED };
    const isReady = status === ConnectionStatuses.CONNECTED || status === ConnectionStatuses.REAUTHENTICATING;
    return isReady && this.#socket.writable;
  }

  /** Whether more than the socket takes waits to be sent; `onDrained` calls back once when nothing waits any more. */
  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }

  onDrained(callback: () => void): void {
    this.#socket.once('drain', callback);
  }

  /** Ends the connection at once: its requests fail, and a broker that hangs cannot hold us up. */
  break(): void {
    this.#socket.destroy();
  }

  send(request: WireRequest, done: OnResponse): void {
    if (!this.isOpen) {
      done(broken('was closed'), null);
      return;
    }
    const deadlineMs = Date.now() + this.#requestTimeoutMs;
    if (this.#library?.status === ConnectionStatuses.REAUTHENTICATING) {
      this.#held.push({ request, done, deadlineMs });
      return;
    }
    const correlationId = this.#nextCorrelationId++;
    const { body, expectsResponse, take } = request;
    if (expectsResponse) {
      this.#outstanding.push({ correlationId, deadlineMs, take, done });
    }
    const last = body.length - 1;
    this.#socket.cork();
    this.#socket.write(this.#head(request, correlationId));
    for (let index = 0; index < last; index++) this.#socket.write(body[index] as Buffer);
    if (expectsResponse) this.#socket.write(body[last] as Buffer);
    else this.#socket.write(body[last] as Buffer, (error) => done(error ?? null, null));
    this.#socket.uncork();
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

  /** Returns how many of the bytes are done with. */
  #receive(bytes: Buffer): number {
    let at = 0;
    while (!this.#socket.destroyed) {
      if (this.#contentLeft === null) {
        const head = this.#begin(bytes, at);
        if (head === 0) return at;
        at += head;
      } else {
        const there = Math.min(this.#contentLeft, bytes.length - at);
        at += this.#content(this.#contentLeft, bytes.subarray(at, at + there));
        if (this.#contentLeft !== null) return at;
      }
    }
    return bytes.length;
  }

  /** The head of an answer of ours, or a whole answer of the library's; returns its bytes, 0 when more must come first. */
  #begin(bytes: Buffer, at: number): number {
    if (bytes.length - at <= answerHeadBytes) return 0;
    const frameBytes = lengthBytes + bytes.readInt32BE(at);
    if (frameBytes <= answerHeadBytes || frameBytes > maxFrameBytes) {
      this.#socket.destroy(broken(`sent a frame of ${frameBytes} bytes`));
      return 0;
    }
    const correlationId = bytes.readInt32BE(at + lengthBytes);
    if (correlationId < firstCorrelationId && this.#library !== null) {
      if (bytes.length - at < frameBytes) return 0;
      // A copy: the library may keep it, and this memory is used again.
      const frame = Buffer.from(bytes.subarray(at, at + frameBytes));
      for (const listener of this.#libraryListeners) listener.call(this.#socket, frame);
      return frameBytes;
    }
    if (this.#outstanding[0]?.correlationId !== correlationId) {
      this.#socket.destroy(broken(`answered request ${correlationId} out of turn`));
      return 0;
    }
    // Behind them an answer has tagged fields; brokers know none there, so one byte says that there are none.
    this.#contentLeft = frameBytes - answerHeadBytes - 1;
    return answerHeadBytes + 1;
  }

  /** Returns how many bytes of the content are done with. */
  #content(left: number, there: Buffer): number {
    const { take, done } = this.#outstanding[0] as Outstanding;
    const taken = take?.(there) ?? 0;
    this.#contentLeft = left - taken;
    if (there.length < left) return taken;
    this.#contentLeft = null;
    this.#outstanding.shift();
    done(null, there.subarray(taken));
    return there.length;
  }

  #checkTimeout(): void {
    const oldest = this.#outstanding[0] ?? this.#held[0];
    // A library that failed to authenticate anew may leave the connection half open.
    if (!this.isOpen || (oldest !== undefined && oldest.deadlineMs <= Date.now())) this.break();
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
