import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readClientConfig } from '../../../bench/security/client-config.ts';
import { parseProperties } from '../../../bench/security/properties.ts';
import { awsIamSecurity, type Security } from '../../../bench/security/security.ts';

let dir: string;
const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const key = '-----BEGIN PRIVATE KEY-----\nMIIC\n-----END PRIVATE KEY-----\n';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'headroom-client-config-'));
  writeFileSync(join(dir, 'ca.pem'), pem);
  writeFileSync(join(dir, 'client.pem'), key + pem);
  writeFileSync(join(dir, 'client.p12'), Buffer.from([1, 2, 3]));
});

function read(...lines: readonly string[]): Security {
  writeFileSync(join(dir, 'client.properties'), lines.join('\n'));
  return readClientConfig('client.properties', dir);
}

function faultsOf(...lines: readonly string[]): string {
  try {
    read(...lines);
  } catch (error) {
    expect(error).toMatchObject({ code: 'CLIENT_CONFIG_INVALID', exitCode: 64 });
    return (error as Error).message;
  }
  throw new Error('no fault was found');
}

const publicTls = { trustedCertificates: null, identity: null, verifyHost: true };

describe('client settings', () => {
  it('read TLS with an authority and a certificate of its own, relative to the file', () => {
    const tls = ['security.protocol=SSL', 'ssl.truststore.type=PEM', 'ssl.truststore.location=ca.pem'];
    expect(read(...tls)).toEqual({ tls: { ...publicTls, trustedCertificates: pem }, sasl: null });
    const own = ['security.protocol=SSL', 'ssl.keystore.type=PEM', 'ssl.keystore.location=client.pem'];
    expect(read(...own, 'ssl.key.password=pw', 'ssl.endpoint.identification.algorithm=').tls).toEqual({
      trustedCertificates: null,
      identity: { kind: 'pem', certificates: key + pem, key: key + pem, keyPassword: 'pw' },
      verifyHost: false,
    });
    const store = ['security.protocol=SSL', 'ssl.keystore.type=PKCS12', 'ssl.keystore.location=client.p12'];
    expect(read(...store, 'ssl.keystore.password=pw').tls?.identity).toEqual({
      kind: 'pkcs12',
      base64: 'AQID',
      password: 'pw',
    });
  });

  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])('read a password for %s', (mechanism) => {
    const login = 'org.apache.kafka.common.security.scram.ScramLoginModule required \\';
    expect(
      read(
        'security.protocol=SASL_SSL',
        `sasl.mechanism = ${mechanism}`,
        `sasl.jaas.config: ${login}`,
        '   username="al\\\\"ice" password="p=w;#1";',
      ),
    ).toEqual({ tls: publicTls, sasl: { mechanism, username: 'al"ice', password: 'p=w;#1' } });
  });

  it('read where tokens come from', () => {
    const bearer = ['security.protocol=SASL_PLAINTEXT', 'sasl.mechanism=OAUTHBEARER'];
    const url = 'sasl.oauthbearer.token.endpoint.url=';
    const token = (...lines: readonly string[]) => (read(...bearer, ...lines).sasl as { token: unknown }).token;
    expect(token(`${url}file:///run/token`)).toEqual({ kind: 'file', path: '/run/token' });
    const login = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="i" ';
    expect(token(`${url}https://idp/token`, `sasl.jaas.config=${login} clientSecret='s' scope=kafka;`)).toEqual({
      kind: 'endpoint',
      url: 'https://idp/token',
      clientId: 'i',
      clientSecret: 's',
      scope: 'kafka',
    });
  });

  it('read the AWS credentials of the environment, in both ways that users write them', () => {
    const iam = awsIamSecurity();
    expect(
      read(
        'security.protocol=SASL_SSL',
        'sasl.mechanism=AWS_MSK_IAM',
        'sasl.jaas.config=software.amazon.msk.auth.iam.IAMLoginModule required;',
        'sasl.client.callback.handler.class=software.amazon.msk.auth.iam.IAMClientCallbackHandler',
      ),
    ).toEqual(iam);
    expect(
      read(
        'security.protocol=SASL_SSL',
        'sasl.mechanism=OAUTHBEARER',
        'sasl.login.callback.handler.class=software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler',
        'sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required awsProfileName="ci";',
      ).sasl,
    ).toMatchObject({ token: { kind: 'awsIam', profile: 'ci' } });
  });
});

describe('faults', () => {
  it('are told all at once, each at its line, and without the values', () => {
    const text = faultsOf(
      'security.protocol=SASL_SSL',
      'sasl.mechanism=SCRAM-SHA-512',
      'sasl.jaas.confg=secret-1',
      'sasl.jaas.config=secret-2',
      'acks=secret-3',
      'ssl.truststore.location=missing.pem',
      'ssl.truststore.type=PEM',
    );
    expect(text).toMatch(/client\.properties has 4 faults/);
    expect(text).toMatch(/client\.properties:3: unknown setting sasl\.jaas\.confg; did you mean sasl\.jaas\.config\?/);
    expect(text).toMatch(/client\.properties:4: sasl\.jaas\.config: expected a login module/);
    expect(text).toMatch(/client\.properties:5: unknown setting acks; only security settings/);
    expect(text).toMatch(/client\.properties:6: ssl\.truststore\.location: missing\.pem cannot be read/);
    expect(text).not.toMatch(/secret-\d/);
  });

  it.each([
    ['no such protocol', ['security.protocol=TLS'], /expected one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL/],
    ['no such mechanism', ['security.protocol=SASL_SSL', 'sasl.mechanism=GSSAPI'], /sasl\.mechanism: expected one of/],
    ['settings without effect', ['security.protocol=SSL', 'sasl.mechanism=PLAIN'], /:2: sasl\.mechanism has no effect/],
    ['no password', ['security.protocol=SASL_SSL', 'sasl.mechanism=PLAIN'], /expected username=.* and password=/],
    [
      'a Java trust store',
      ['security.protocol=SSL', 'ssl.truststore.location=client.p12'],
      /expected certificates in PEM form .* keytool -exportcert -rfc/,
    ],
    [
      'a Java key store',
      ['security.protocol=SSL', 'ssl.keystore.type=JKS', 'ssl.keystore.location=client.p12'],
      /expected PEM or PKCS12/,
    ],
    [
      'no token endpoint',
      ['security.protocol=SASL_SSL', 'sasl.mechanism=OAUTHBEARER'],
      /expected where tokens come from/,
    ],
    [
      'an endpoint without a client',
      [
        'security.protocol=SASL_SSL',
        'sasl.mechanism=OAUTHBEARER',
        'sasl.oauthbearer.token.endpoint.url=https://idp/token',
      ],
      /needs sasl\.oauthbearer\.client\.credentials\.client\.id/,
    ],
  ])('name %s', (_, lines, message) => {
    expect(faultsOf(...lines)).toMatch(message);
  });

  it('say which file is not there', () => {
    expect(() => readClientConfig('absent.properties', dir)).toThrow(
      expect.objectContaining({ code: 'FILE_UNREADABLE', message: expect.stringContaining('absent.properties') }),
    );
  });
});

it('properties are read as Java reads them', () => {
  const text = '# c\n! c\n\n a = 1\nb:2\nc\\=d e\nf=x\\\n   y\ng=\\u0041\\t|\nh\n';
  expect(parseProperties(text)).toEqual([
    { key: 'a', value: '1', line: 4 },
    { key: 'b', value: '2', line: 5 },
    { key: 'c=d', value: 'e', line: 6 },
    { key: 'f', value: 'xy', line: 7 },
    { key: 'g', value: 'A\t|', line: 9 },
    { key: 'h', value: '', line: 10 },
  ]);
});
