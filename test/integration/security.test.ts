/** Every driver reaches the listeners it claims, and a broker that refuses is believed at once. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Driver, DriverTarget } from '../../bench/drivers/driver.ts';
import { drivers } from '../../bench/drivers/index.ts';
import { EngineProducer } from '../../bench/engine/producer.ts';
import { encodeBatch } from '../../bench/engine/record-batch.ts';
import { type ClientMode, clientModes, unsecuredToken } from '../../bench/local/credentials.ts';
import type { LocalCluster, SecuredAccess } from '../../bench/local/local-cluster.ts';
import { startLocalCluster } from '../../bench/local/start.ts';
import { readClientConfig } from '../../bench/security/client-config.ts';
import type { Security } from '../../bench/security/security.ts';
import { createAdmin, reach } from '../../bench/target/connect.ts';
import { HeadroomError } from '../../lib/errors.ts';

/** As short as the test can wait for: the broker ends a session with its token. */
const tokenLifetimeSec = 3;
const settings = { acks: 'all', idempotent: true, compression: 'none', deliveryTimeoutMs: 20_000 } as const;

let dir: string;
let cluster: LocalCluster;
let access: SecuredAccess;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headroom-security-'));
  cluster = await startLocalCluster({
    brokers: 1,
    dir,
    secured: true,
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  if (cluster.secured === null) throw new Error('no secured listeners');
  access = cluster.secured;
  const admin = new Admin({ clientId: 'security-test', bootstrapBrokers: [...cluster.bootstrap] });
  const topics = ['renewed', ...drivers.flatMap(({ name }) => clientModes.map((mode) => topicOf(name, mode)))];
  await admin.createTopics({ topics, partitions: 1, replicas: 1 });
  await admin.close();
});

afterAll(async () => {
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

function topicOf(driver: string, mode: ClientMode): string {
  return `${driver.replaceAll(/[^a-z]/g, '')}-${mode}`;
}

function securityOf(mode: ClientMode): Security {
  return readClientConfig(access.clientConfigs[mode], dir);
}

function targetOf(mode: ClientMode, security = securityOf(mode)): DriverTarget {
  const bootstrap = mode === 'tls' ? access.tlsBootstrap : access.saslBootstrap;
  return { bootstrap, clientId: 'security-test', security };
}

const modesOfDrivers = drivers.flatMap((driver) => clientModes.map((mode) => [driver.name, mode, driver] as const));

it.each(modesOfDrivers)('%s produces and consumes with %s', async (name, mode, driver: Driver) => {
  const topic = topicOf(name, mode);
  const target = targetOf(mode);
  const producer = await driver.createProducer(target, settings);
  const records = [{ key: null, value: Buffer.from('secured'), timestampMs: Date.now() }];
  const acks = await producer.send([{ topic, partition: 0, records }]);
  await producer.close();
  expect(acks).toEqual([{ topic, partition: 0, baseOffset: 0 }]);
  const read = await new Promise<string>((resolve, reject) => {
    const group = { group: `${topic}-readers`, topics: [topic], from: 'beginning' as const };
    const consuming = driver.createConsumer(
      target,
      group,
      ([record]) => {
        if (record === undefined) return;
        resolve(record.value.toString());
        consuming.then(async (consumer) => await consumer.close()).catch(reject);
      },
      reject,
    );
    consuming.catch(reject);
  });
  expect(read).toBe('secured');
});

it('renews a token that runs out in mid-run, on the same connection, and no record is lost', async () => {
  let asked = 0;
  const endpoint = createServer((_request, response) => {
    asked++;
    response.end(JSON.stringify({ access_token: unsecuredToken('headroom', tokenLifetimeSec) }));
  }).listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/token`;
  const token = { kind: 'endpoint', url, clientId: 'headroom', clientSecret: 'secret', scope: null } as const;
  const target = targetOf('oauthbearer', {
    ...securityOf('oauthbearer'),
    sasl: { mechanism: 'OAUTHBEARER', token },
  });
  const idempotent = { acks: 'all', idempotent: true, deliveryTimeoutMs: 20_000, maxInFlight: 5 } as const;
  const connections = new Set<string>();
  const producer = await EngineProducer.open(target, idempotent, ['renewed']);
  const outcomes: (string | null)[] = [];
  let sent = 0;
  // Two connections, one for metadata: each has asked three times when it was renewed twice.
  const untilMs = performance.now() + 30_000;
  while (asked < 6 && performance.now() < untilMs) {
    const records = [{ key: null, value: Buffer.from(String(sent)), timestampMs: Date.now() }];
    producer.send('renewed', 0, encodeBatch(records, 'none'), 1, (error) => outcomes.push(error?.message ?? null));
    sent++;
    for (const connection of connectionsTo(target.bootstrap)) connections.add(connection);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await producer.close();
  endpoint.close();
  expect(asked).toBe(6);
  expect(connections.size).toBe(2);
  expect(outcomes).toEqual(Array(sent).fill(null));
});

/** The local ends of what is established with these brokers: /proc/net/tcp has both ends and the state, in hexadecimal. */
function connectionsTo(bootstrap: readonly string[]): readonly string[] {
  const ports = bootstrap.map((entry) => Number(entry.slice(entry.lastIndexOf(':') + 1)));
  const established = '01';
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, , remote, state]) =>
        state === established && ports.includes(Number.parseInt(remote?.split(':')[1] ?? '', 16)),
    )
    .map(([, local]) => local ?? '');
}

describe('a cluster that refuses', () => {
  const secret = 'not-the-password-4711';
  const wrong = (mode: ClientMode): Security => {
    const security = securityOf(mode);
    const { sasl } = security;
    if (sasl === null) return { ...security, tls: { trustedCertificates: null, identity: null, verifyHost: true } };
    if (sasl.mechanism !== 'OAUTHBEARER') return { ...security, sasl: { ...sasl, password: secret } };
    return { ...security, sasl: { ...sasl, token: { kind: 'file', path: join(dir, 'expired-token') } } };
  };

  it.each(modesOfDrivers)('ends %s with %s at once, and no secret is told', async (_name, mode, driver: Driver) => {
    await writeFile(join(dir, 'expired-token'), unsecuredToken(secret, 1, 1_000_000_000));
    const target = targetOf(mode, wrong(mode));
    const beganMs = performance.now();
    const refusal = await driver.createProducer(target, settings).then(
      async (producer) => {
        await producer.close();
        return null;
      },
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ code: 'AUTHENTICATION_FAILED', exitCode: 69 });
    // The patience with a cluster that only starts is 15 s.
    expect(performance.now() - beganMs).toBeLessThan(10_000);
    const { message, hint } = refusal as HeadroomError;
    expect(`${message} ${hint}`).not.toContain(secret);
    expect(`${message} ${hint}`).not.toContain(Buffer.from(secret).toString('base64'));
  });

  it.each(['tls', 'plain', 'oauthbearer'] as const)('ends a run with %s before anything is written', async (mode) => {
    const { bootstrap } = targetOf(mode);
    const admin = createAdmin(bootstrap, wrong(mode));
    const refusal = await reach(bootstrap, 'cannot read the cluster', () =>
      admin.metadata({ topics: [], forceUpdate: true }),
    ).catch((error: unknown) => error);
    await admin.close();
    expect(refusal).toBeInstanceOf(HeadroomError);
    expect(refusal).toMatchObject({ code: 'AUTHENTICATION_FAILED' });
  });
});

it('keeps passwords and tokens to the owner of the cluster', async () => {
  const { mode } = await stat(access.clientConfigs.plain);
  expect(mode & 0o077).toBe(0);
  expect(await readFile(access.clientConfigs.plain, 'utf8')).toContain('security.protocol=SASL_SSL');
});
