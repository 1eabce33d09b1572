import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type Fate, type FrameProxy, startFrameProxy } from '../../../bench/trial/frame-proxy.ts';
import { moveBrokers } from '../../../bench/trial/metadata-answer.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

function frame(...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function int(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
}

const text = (value: string) => Buffer.concat([int(value.length, 2), Buffer.from(value)]);
const compact = (value: string) => Buffer.concat([Buffer.from([value.length + 1]), Buffer.from(value)]);

it('moves the brokers of an answer to Metadata, old and flexible, and leaves the rest', () => {
  const rest = Buffer.from('the topics');
  const ports = new Map([[2, 9_999]]);
  const old = (host: string, port: number) =>
    frame(
      int(7, 4),
      int(0, 4),
      int(2, 4),
      int(1, 4),
      text('a.example'),
      int(9_092, 4),
      int(-1, 2),
      int(2, 4),
      text(host),
      int(port, 4),
      text('rack'),
      rest,
    );
  expect(moveBrokers(old('b.example', 9_093), 5, '127.0.0.1', ports)).toEqual(old('127.0.0.1', 9_999));
  const flexible = (host: string, port: number) =>
    frame(
      int(7, 4),
      Buffer.from([0]),
      int(0, 4),
      Buffer.from([2]),
      int(2, 4),
      compact(host),
      int(port, 4),
      Buffer.from([0]),
      Buffer.from([1, 0, 2, 65, 66]),
      rest,
    );
  expect(moveBrokers(flexible('b.example', 9_093), 12, '127.0.0.1', ports)).toEqual(flexible('127.0.0.1', 9_999));
});

/** A broker that answers every request with its own bytes, behind a proxy. */
async function behindProxy(fateOf: (request: { apiKey: number; index: number }) => Fate) {
  const server = createServer((socket) => {
    socket.on('data', (chunk: Buffer) => socket.write(frame(chunk.subarray(8, 12), chunk)));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(server);
  const { port } = server.address() as AddressInfo;
  const proxy: FrameProxy = await startFrameProxy([{ id: 1, host: '127.0.0.1', port }], fateOf);
  opened.push(proxy);
  const client = connect(Number(proxy.bootstrap[0]?.split(':')[1]), '127.0.0.1');
  opened.push({ close: () => client.destroy() });
  return { proxy, client };
}

const request = (apiKey: number, correlation: number) =>
  frame(int(apiKey, 2), int(9, 2), int(correlation, 4), Buffer.alloc(40, 'x'));

it('passes requests on, alters the one it is told to, and counts the bytes of answers', async () => {
  const { proxy, client } = await behindProxy(({ apiKey, index }) => (apiKey === 0 && index === 1 ? 'alter' : 'pass'));
  client.write(request(0, 1));
  const [first] = (await once(client, 'data')) as [Buffer];
  expect(first.subarray(8)).toEqual(request(0, 1));
  client.write(request(0, 2));
  const [second] = (await once(client, 'data')) as [Buffer];
  expect(second.subarray(8)).not.toEqual(request(0, 2));
  expect(second).toHaveLength(first.length);
  expect(proxy.answerBytes.get(0)).toBe(2 * first.length);
});

it('loses an answer together with its connection', async () => {
  const { proxy, client } = await behindProxy(({ index }) => (index === 0 ? 'loseAnswer' : 'pass'));
  client.on('error', () => {});
  client.write(request(0, 1));
  await once(client, 'close');
  expect(proxy.answerBytes.size).toBe(0);
});
