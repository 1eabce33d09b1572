import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allDrivers, driverByName, drivers } from '../../../bench/drivers/index.ts';
import { connectionSettings } from '../../../bench/drivers/rdkafka-library.ts';
import { awsIamSecurity, publicTls } from '../../../bench/security/security.ts';

const ready = { onProgress: () => {}, signal: new AbortController().signal };

it('needs nothing but the package for the drivers that are tested everywhere', () => {
  for (const driver of drivers) expect(driver.prepare, driver.name).toBeUndefined();
  expect(allDrivers.map(({ name }) => name)).toEqual([
    'engine',
    '@platformatic/kafka',
    'kafkajs',
    'node-rdkafka',
    'k6',
  ]);
});

it('says how to install node-rdkafka where it is not', async () => {
  const driver = driverByName('node-rdkafka');
  const before = process.cwd();
  const elsewhere = await mkdtemp(join(tmpdir(), 'headroom-rdkafka-'));
  try {
    process.chdir(elsewhere);
    expect(driver.version).toBe('not installed');
    await expect(driver.prepare?.(ready)).rejects.toMatchObject({
      code: 'RESOURCE_MISSING',
      exitCode: 69,
      hint: expect.stringContaining('npm install node-rdkafka'),
    });
  } finally {
    process.chdir(before);
    await rm(elsewhere, { recursive: true });
  }
});

it('tells librdkafka whom to trust and who it is, and refuses what it cannot be told', () => {
  const target = { bootstrap: ['a:1', 'b:2'], clientId: 'c' };
  const plain = { 'metadata.broker.list': 'a:1,b:2', 'client.id': 'c' };
  expect(connectionSettings(target)).toEqual(plain);
  const sasl = { mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' } as const;
  expect(connectionSettings({ ...target, security: { tls: null, sasl } })).toEqual({
    ...plain,
    'security.protocol': 'sasl_plaintext',
    'sasl.mechanisms': 'SCRAM-SHA-512',
    'sasl.username': 'u',
    'sasl.password': 'p',
  });
  const tls = { trustedCertificates: 'CA', identity: null, verifyHost: false };
  expect(connectionSettings({ ...target, security: { tls, sasl: null } })).toEqual({
    ...plain,
    'security.protocol': 'ssl',
    'ssl.ca.pem': 'CA',
    'ssl.endpoint.identification.algorithm': 'none',
  });
  expect(connectionSettings({ ...target, security: publicTls })).toEqual({ ...plain, 'security.protocol': 'ssl' });
  expect(() => connectionSettings({ ...target, security: awsIamSecurity() })).toThrow(/bearer tokens and AWS IAM/);
});
