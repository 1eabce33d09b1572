/**
 * moto: a double of AWS's APIs (S3, SNS, MSK, Step Functions with its interpreter). Not a deployment: no IAM, no quotas, no
 * behaviour of MSK. Needs Python with test/doubles/requirements.txt; CI installs it, elsewhere its tests are skipped loudly.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const startWithinMs = 60_000;

/** Where `.ci/run` puts it; HEADROOM_MOTO names another Python. */
const python = process.env.HEADROOM_MOTO ?? join(homedir(), '.cache', 'headroom', 'moto-5.2.5', 'bin', 'python');

/** False where it is not installed; in CI it must be there. */
export function hasMoto(): boolean {
  const isThere = existsSync(python) && spawnSync(python, ['-c', 'import moto.server']).status === 0;
  if (isThere) return true;
  if (process.env.CI === 'true') throw new Error(`moto is not installed at ${python}, and in CI it must be`);
  process.stderr.write(
    `SKIPPED: ${python} has no moto; install it with: python3 -m venv ~/.cache/headroom/moto-5.2.5 && ~/.cache/headroom/moto-5.2.5/bin/pip install -r test/doubles/requirements.txt\n`,
  );
  return false;
}

/** Answers a request in moto's place, or refuses it by rejecting; null leaves it to moto. */
export type Intercept = (path: string, body: string) => Promise<unknown> | null;

export interface Moto {
  /** Of moto behind the interception. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts moto on loopback; its interpreter's calls pass `intercept` first. */
export async function startMoto(intercept: Intercept = () => null): Promise<Moto> {
  const motoPort = await freePort();
  const front = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const path = request.url ?? '/';
      const answer = intercept(path, body.toString('utf8'));
      const forwarded = answer === null ? forward(`http://127.0.0.1:${motoPort}${path}`, request, body) : reply(answer);
      forwarded.then(
        ({ status, headers, content }) => {
          response.writeHead(status, { ...headers, 'content-length': content.length, connection: 'close' });
          response.end(content);
        },
        (error: unknown) => {
          response.writeHead(502, { connection: 'close' });
          response.end(String(error));
        },
      );
    });
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;
  const child = spawn(
    python,
    [join(import.meta.dirname, 'moto-server.py'), '-H', '127.0.0.1', '-p', String(motoPort)],
    {
      env: { ...process.env, MOTO_PORT: String(port), AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
      stdio: 'ignore',
    },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await untilUp(`http://127.0.0.1:${motoPort}`, child);
    const config = JSON.stringify({ stepfunctions: { execute_state_machine: true } });
    await fetch(`${endpoint}/moto-api/config`, {
      method: 'POST',
      body: config,
      headers: { 'content-type': 'application/json' },
    });
  } catch (error) {
    child.kill();
    front.close();
    throw error;
  }
  return {
    endpoint,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      await new Promise((resolve) => front.close(resolve));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly content: Buffer;
}

async function reply(answer: Promise<unknown>): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': 'doubled' };
  try {
    return { status: 200, headers, content: Buffer.from(JSON.stringify(await answer)) };
  } catch (error) {
    const content = Buffer.from(JSON.stringify({ message: String(error) }));
    return { status: 500, headers: { ...headers, 'x-amzn-errortype': 'ServerException' }, content };
  }
}

async function forward(
  url: string,
  request: { method?: string | undefined; headers: object },
  body: Buffer,
): Promise<Answer> {
  const {
    host: _,
    connection: __,
    'content-length': ___,
    expect: ____,
    ...headers
  } = request.headers as Record<string, string>;
  const method = request.method ?? 'GET';
  const response = await fetch(url, { method, headers, ...(body.length === 0 ? {} : { body }) });
  const {
    connection: _____,
    'content-length': ______,
    'content-encoding': _______,
    ...rest
  } = Object.fromEntries(response.headers);
  return { status: response.status, headers: rest, content: Buffer.from(await response.arrayBuffer()) };
}

async function untilUp(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + startWithinMs;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`moto ended with ${child.exitCode}`);
    const isUp = await fetch(`${url}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await sleep(100);
  }
  throw new Error(`moto did not start within ${startWithinMs / 1000} s`);
}

async function freePort(): Promise<number> {
  const socket = createSocket();
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}
