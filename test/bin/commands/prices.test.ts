/** `headroom prices` with AWS's own client against a stand-in on loopback that speaks the API's protocol; never a real account. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { command } from '../../../bin/commands/prices.ts';
import { exitCodes } from '../../../lib/errors.ts';
import { parsePriceTable } from '../../../lib/plan/facts/prices/price-file.ts';
import { seoulProducts } from '../../plan/facts/price-products.ts';
import { runCommand } from '../run-command.ts';

interface Query {
  readonly ServiceCode: string;
  readonly Filters: readonly { Field: string; Value: string }[];
  readonly NextToken?: string;
}

let server: Server;
let folder = '';
let queries: Query[] = [];
let answer: (query: Query) => { readonly status: number; readonly body: object };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-prices-'));
  server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  queries = [];
  // Every page holds half of the MSK products; the other services have one page.
  answer = ({ ServiceCode, NextToken }) => {
    const service = ServiceCode === 'AmazonMSK' ? /Kafka|Express/ : /EBS|BoxUsage|DataTransfer/;
    const products = seoulProducts.filter((text) => service.test(text));
    if (ServiceCode !== 'AmazonMSK') return { status: 200, body: { PriceList: products } };
    const half = Math.ceil(products.length / 2);
    return NextToken === undefined
      ? { status: 200, body: { PriceList: products.slice(0, half), NextToken: 'next' } }
      : { status: 200, body: { PriceList: products.slice(half) } };
  };
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL_PRICING: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'stand-in',
    AWS_SECRET_ACCESS_KEY: 'stand-in',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    AWS_CONFIG_FILE: join(folder, 'none'),
    AWS_PROFILE: undefined,
  }))
    vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const query = JSON.parse(text) as Query;
  queries.push(query);
  const { status, body } = answer(query);
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}

async function prices(...argv: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await runCommand(command, argv, folder);
  expect(exitCode).toBe(exitCodes.met);
  return stdout;
}

describe('headroom prices', () => {
  it('reads every page and writes a table that plans accept', async () => {
    const text = await prices('--region', 'ap-northeast-2');
    expect(text).toMatch(
      /prices of ap-northeast-2, 2026-11-18: 2 MSK brokers, 1 Express brokers, 1 EC2 types, 14 of 15/,
    );
    expect(text).toContain('missing  expressDataInGb: not listed');
    const file = readFileSync(join(folder, 'prices-ap-northeast-2.json'), 'utf8');
    expect(parsePriceTable(file, 'prices.json', 'ap-northeast-2').mskStorageGbMonth).toBe(0.11);
    expect(queries.filter(({ ServiceCode }) => ServiceCode === 'AmazonMSK').map(({ NextToken }) => NextToken)).toEqual([
      undefined,
      'next',
    ]);
    for (const { Filters } of queries) expect(Filters.map(({ Value }) => Value)).toContain('ap-northeast-2');
  });

  it('prints the same as JSON', async () => {
    const { table, missing, file } = JSON.parse(
      await prices('--region', 'ap-northeast-2', '--out', 'seoul.json', '--json'),
    );
    expect(file).toBe('seoul.json');
    expect(JSON.parse(readFileSync(join(folder, 'seoul.json'), 'utf8'))).toEqual(table);
    expect(missing).toContain('expressDataInGb: not listed');
  });

  it('exits 69 without credentials, and says where they are looked for', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    await expect(prices('--region', 'eu-central-1')).rejects.toMatchObject({
      code: 'RESOURCE_MISSING',
      exitCode: 69,
      message: expect.stringContaining('no AWS credentials were found'),
      hint: expect.stringContaining('AWS_PROFILE'),
    });
  });

  it.each([
    ['AccessDeniedException', 'RESOURCE_MISSING', /refuses the credentials/],
    ['InternalErrorException', 'TARGET_UNREACHABLE', /does not answer/],
  ])('exits 69 when AWS answers %s', async (type, code, message) => {
    answer = () => ({ status: 400, body: { __type: type, message: 'planted' } });
    await expect(prices('--region', 'eu-central-1')).rejects.toMatchObject({
      code,
      exitCode: 69,
      message: expect.stringMatching(message),
    });
  });

  it('never writes a table of nothing', async () => {
    answer = () => ({ status: 200, body: { PriceList: [] } });
    await expect(prices('--region', 'eu-west-3')).rejects.toMatchObject({ code: 'RESOURCE_MISSING', exitCode: 69 });
  });

  it.each([[[]], [['--region', 'eu-centrl-1']]])('refuses %j before anything is asked', async (argv) => {
    await expect(prices(...argv)).rejects.toMatchObject({ code: 'USAGE', exitCode: 64 });
    expect(queries).toEqual([]);
  });
});
