/**
 * What a local cluster with secured listeners needs: one key store for its brokers, one user, one token, and for each way
 * to authenticate a client settings file that `--client-config` and Kafka's own tools take. Random, of that cluster only.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HeadroomError } from '../../lib/errors.ts';
import type { Environment } from './executable.ts';
import type { Java } from './java.ts';
import { loopback } from './ports.ts';
import { renderProperties } from './properties-file.ts';
import { runProgram } from './run-program.ts';

export interface Credentials {
  readonly keystorePath: string;
  readonly keystorePassword: string;
  readonly user: string;
  readonly password: string;
}

export const clientModes = ['tls', 'plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'] as const;
export type ClientMode = (typeof clientModes)[number];

const user = 'headroom';
/** Longer than any trial; the cluster's certificates and tokens end with its folder. */
const validDays = 3_650;
const ownerOnly = 0o600;

export function clientConfigPath(dir: string, mode: ClientMode): string {
  return join(dir, 'clients', `${mode}.properties`);
}

export interface CredentialsRequest {
  /** The cluster's own. */
  readonly dir: string;
  readonly java: Java;
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/** Makes the credentials, or reads those that the cluster had before. */
export async function prepareCredentials(request: CredentialsRequest): Promise<Credentials> {
  const folder = join(request.dir, 'clients');
  const path = join(folder, 'credentials.json');
  const known = await readFile(path, 'utf8').catch(() => null);
  if (known !== null) return JSON.parse(known) as Credentials;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const credentials = {
    keystorePath: join(folder, 'brokers.p12'),
    keystorePassword: randomBytes(18).toString('base64url'),
    user,
    password: randomBytes(18).toString('base64url'),
  };
  await makeKeystore(credentials, folder, request);
  await writeClientConfigs(credentials, request.dir);
  await writeFile(path, JSON.stringify(credentials), { mode: ownerOnly });
  return credentials;
}

async function makeKeystore(
  { keystorePath, keystorePassword }: Credentials,
  folder: string,
  { java, env, signal }: CredentialsRequest,
): Promise<void> {
  const keytool = async (args: readonly string[]): Promise<void> => {
    const { exitCode, lines } = await runProgram({
      file: join(dirname(java.jcmdPath), 'keytool'),
      // By its name in the environment: arguments can be read by every user of the machine.
      args: ['-J-XX:TieredStopAtLevel=1', ...args, '-alias', 'broker', '-keystore', keystorePath].concat([
        '-storetype',
        'PKCS12',
        '-storepass:env',
        'HEADROOM_STORE_PASSWORD',
      ]),
      env: { ...env, HEADROOM_STORE_PASSWORD: keystorePassword },
      signal,
    });
    if (exitCode === 0) return;
    throw new HeadroomError('BROKER_START_FAILED', `keytool ended with ${exitCode}:\n${lines.slice(-3).join('\n')}`, {
      hint: `check that ${folder} can be written to`,
    });
  };
  const names = `SAN=ip:${loopback},dns:localhost`;
  await keytool(
    ['-genkeypair', '-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', String(validDays)].concat([
      '-dname',
      'CN=headroom-local',
      '-ext',
      names,
    ]),
  );
  await chmod(keystorePath, ownerOnly);
  await keytool(['-exportcert', '-rfc', '-file', join(folder, 'ca.pem')]);
}

async function writeClientConfigs({ user: name, password }: Credentials, dir: string): Promise<void> {
  const folder = join(dir, 'clients');
  const trust = { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': join(folder, 'ca.pem') };
  const tokenPath = join(folder, 'token');
  const sasl = (mechanism: string, more: Readonly<Record<string, string>>) => ({
    'security.protocol': 'SASL_SSL',
    ...trust,
    'sasl.mechanism': mechanism,
    ...more,
  });
  const login = (module: string) => ({
    'sasl.jaas.config': `org.apache.kafka.common.security.${module} required username="${name}" password="${password}";`,
  });
  const configs: Readonly<Record<ClientMode, Readonly<Record<string, string>>>> = {
    tls: { 'security.protocol': 'SSL', ...trust },
    plain: sasl('PLAIN', login('plain.PlainLoginModule')),
    'scram-sha-256': sasl('SCRAM-SHA-256', login('scram.ScramLoginModule')),
    'scram-sha-512': sasl('SCRAM-SHA-512', login('scram.ScramLoginModule')),
    oauthbearer: sasl('OAUTHBEARER', { 'sasl.oauthbearer.token.endpoint.url': pathToFileURL(tokenPath).href }),
  };
  for (const mode of clientModes) {
    await writeFile(clientConfigPath(dir, mode), renderProperties(configs[mode]), { mode: ownerOnly });
  }
  await writeFile(tokenPath, unsecuredToken(name, validDays * 86_400), { mode: ownerOnly });
}

/** An unsigned token (RFC 7515 section 6), which Kafka's listener takes where it has no keys to check others: for trials only. */
export function unsecuredToken(subject: string, lifetimeSec: number, nowSec = Math.floor(Date.now() / 1_000)): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: nowSec, exp: nowSec + lifetimeSec })}.`;
}
