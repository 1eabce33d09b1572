/** The token for Amazon MSK, against the algorithm of its signature, and its renewal. Never run against AWS itself. */
import { createHash, createHmac } from 'node:crypto';
import { Connection, Writer } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { platformaticSecurity } from '../../../bench/security/connection-options.ts';
import { awsIamSecurity } from '../../../bench/security/security.ts';
import { fetchToken, regionOf } from '../../../bench/security/tokens.ts';
import { startFakeBroker } from '../engine/fake-broker.ts';

const keyId = 'AKIDEXAMPLE';
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const region = 'eu-central-1';
const source = { kind: 'awsIam', region, profile: null, roleArn: null } as const;
const kept = { ...process.env };

beforeAll(() => {
  process.env.AWS_ACCESS_KEY_ID = keyId;
  process.env.AWS_SECRET_ACCESS_KEY = secret;
  delete process.env.AWS_SESSION_TOKEN;
  delete process.env.AWS_PROFILE;
});

afterAll(() => {
  process.env = kept;
});

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signature Version 4 of a presigned URL, by the published algorithm and nothing else. */
function signatureOf(url: URL): string {
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature' && name !== 'User-Agent')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const emptyHash = createHash('sha256').update('').digest('hex');
  const canonical = ['GET', '/', query, `host:${url.host}`, '', 'host', emptyHash].join('\n');
  const time = url.searchParams.get('X-Amz-Date') ?? '';
  const scope = `${time.slice(0, 8)}/${region}/kafka-cluster/aws4_request`;
  const hash = createHash('sha256').update(canonical).digest('hex');
  const key = [region, 'kafka-cluster', 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, time.slice(0, 8)));
  return hmac(key, ['AWS4-HMAC-SHA256', time, scope, hash].join('\n')).toString('hex');
}

function urlOf(token: string): URL {
  expect(token).toMatch(/^[\w-]+$/);
  return new URL(Buffer.from(token, 'base64url').toString());
}

it('is a signed request to connect, valid for fifteen minutes', async () => {
  const url = urlOf(await fetchToken(source, []));
  expect(url.host).toBe(`kafka.${region}.amazonaws.com`);
  expect(url.searchParams.get('Action')).toBe('kafka-cluster:Connect');
  expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
  expect(url.searchParams.get('X-Amz-Credential')).toMatch(new RegExp(`^${keyId}/\\d{8}/${region}/kafka-cluster/`));
  expect(url.searchParams.get('X-Amz-Signature')).toBe(signatureOf(url));
  url.searchParams.set('Action', 'kafka-cluster:AlterCluster');
  expect(url.searchParams.get('X-Amz-Signature')).not.toBe(signatureOf(url));
});

it.each([
  ['b-1.orders.a1b2c3.c2.kafka.us-east-1.amazonaws.com:9098', 'us-east-1'],
  ['boot-x1y2.c3.kafka-serverless.ap-northeast-2.amazonaws.com:9098', 'ap-northeast-2'],
  ['127.0.0.1:9092', null],
])('knows the region of %s: %s', (entry, expected) => {
  expect(regionOf([entry])).toBe(expected);
});

it('says what is missing instead of guessing a region', async () => {
  delete process.env.AWS_REGION;
  const found = fetchToken({ ...source, region: null }, ['broker:9098']);
  await expect(found).rejects.toMatchObject({
    code: 'AUTHENTICATION_FAILED',
    hint: expect.stringContaining('AWS_REGION'),
  });
});

it('is signed anew when the session ends, on the same connection', async () => {
  // Signatures count whole seconds.
  const sessionMs = 2_000n;
  const tokens: string[] = [];
  const broker = await startFakeBroker(({ apiKey, body }) => {
    if (apiKey === 17)
      return Writer.create()
        .appendInt16(0)
        .appendArray(['OAUTHBEARER'], (w, name) => w.appendString(name, false), false, false);
    const message = body.readBytes().toString();
    tokens.push(message.split('\x01')[1]?.replace('auth=Bearer ', '') ?? '');
    return Writer.create()
      .appendInt16(0)
      .appendString(null)
      .appendBytes(Buffer.alloc(0))
      .appendInt64(sessionMs)
      .appendTaggedFields();
  });
  const security = { ...awsIamSecurity(region), tls: null };
  const connection = new Connection('iam-test', platformaticSecurity({ bootstrap: [], security }));
  connection.on('error', () => {});
  await connection.connect('127.0.0.1', broker.port);
  const untilMs = performance.now() + 20_000;
  while (tokens.length < 3 && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(broker.sockets.size).toBe(1);
  await connection.close();
  broker.close();
  expect(tokens.length).toBeGreaterThanOrEqual(3);
  expect(new Set(tokens).size).toBe(tokens.length);
  for (const token of tokens) expect(urlOf(token).searchParams.get('X-Amz-Signature')).toBe(signatureOf(urlOf(token)));
});
