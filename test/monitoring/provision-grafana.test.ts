/** The script that brings boards into a Grafana, against a server that records what it is asked. No real Grafana. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';

const script = join(packageRoot, 'scripts', 'provision-grafana.mjs');
const managed = 'https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1/';

interface Asked {
  readonly line: string;
  readonly token: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: the body of any request
  readonly body: any;
}

/** Runs the script against a server that answers with the status of each request line, 200 where none is given. */
async function provision(
  statuses: Readonly<Record<string, number>>,
  options: readonly string[] = [managed],
  token = 'secret',
) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      const line = `${request.method} ${request.url}`;
      asked.push({ line, token: request.headers.authorization, body: JSON.parse(text) });
      response.writeHead(statuses[line] ?? 200).end('said by the server');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { PATH: process.env.PATH, GRAFANA_TOKEN: token };
  const result = await new Promise<{ code: number; text: string }>((done) => {
    execFile(process.execPath, [script, url, ...options], { env }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }),
    );
  });
  server.close();
  return { ...result, asked };
}

describe('scripts/provision-grafana.mjs', () => {
  it('makes the data source, signed where Prometheus is managed, and writes every board', async () => {
    const { code, text, asked } = await provision({ 'PUT /api/datasources/uid/headroom-prometheus': 404 });
    expect([code, text]).toEqual([0, expect.stringContaining('10 boards of msk')]);
    expect(asked.slice(0, 2).map(({ line }) => line)).toEqual([
      'PUT /api/datasources/uid/headroom-prometheus',
      'POST /api/datasources',
    ]);
    expect(asked[1]?.body).toMatchObject({ type: 'prometheus', url: managed, jsonData: { sigV4Region: 'us-east-1' } });
    const boards = asked.slice(2);
    expect(boards.map(({ line }) => line)).toEqual(Array(10).fill('POST /api/dashboards/db'));
    expect(boards.map(({ body }) => body.dashboard.uid)).toContain('headroom-overview');
    expect(boards.every(({ body, token }) => body.overwrite === true && token === 'Bearer secret')).toBe(true);
  });

  it('writes over what is there', async () => {
    const { code, asked } = await provision({}, ['http://prometheus:9090', 'local']);
    expect(code).toBe(0);
    expect(asked[0]?.body.jsonData).toEqual({});
    expect(asked.filter(({ line }) => line === 'POST /api/datasources')).toEqual([]);
  });

  it('says what Grafana said when it refuses, and asks nothing on bad input', async () => {
    const refused = await provision({ 'POST /api/dashboards/db': 403 });
    expect([refused.code, refused.text]).toEqual([
      69,
      expect.stringContaining('answered with 403: said by the server'),
    ]);
    expect(refused.text).not.toContain('secret');
    for (const [options, token, words] of [
      [[managed, 'other'], 'secret', 'expected a profile of ec2, local, msk, got "other"'],
      [['prometheus'], 'secret', 'expected two addresses'],
      [[managed], '', 'GRAFANA_TOKEN is not set'],
    ] as const) {
      const { code, text, asked } = await provision({}, options, token);
      expect([code, text, asked]).toEqual([64, expect.stringContaining(words), []]);
    }
  });
});
