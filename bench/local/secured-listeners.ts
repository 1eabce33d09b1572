/** The listeners of a local broker that clients reach by TLS, without and with SASL, beside the plain one. */
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { alterUserScramCredentialsV0, Connection } from '@platformatic/kafka';
import type { Credentials } from './credentials.ts';
import { loopback, type SecuredPorts } from './ports.ts';

export interface SecuredListeners {
  readonly ports: SecuredPorts;
  readonly credentials: Credentials;
}

/** Of one broker: what goes into its lists of listeners, and the settings of each. */
export function securedListenerProperties({ ports, credentials }: SecuredListeners): {
  readonly listeners: readonly string[];
  readonly protocols: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
} {
  const { keystorePath, keystorePassword, user, password } = credentials;
  const module = (name: string, options = '') => `org.apache.kafka.common.security.${name} required${options};`;
  const sasl = 'listener.name.sasl';
  return {
    listeners: [`TLS://${loopback}:${ports.tlsPort}`, `SASL://${loopback}:${ports.saslPort}`],
    protocols: ['TLS:SSL', 'SASL:SASL_SSL'],
    settings: {
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': keystorePath,
      'ssl.keystore.password': keystorePassword,
      // A token's own life of ten years is more than clients count.
      'connections.max.reauth.ms': '3600000',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
      [`${sasl}.plain.sasl.jaas.config`]: module('plain.PlainLoginModule', ` user_${user}="${password}"`),
      [`${sasl}.scram-sha-256.sasl.jaas.config`]: module('scram.ScramLoginModule'),
      [`${sasl}.scram-sha-512.sasl.jaas.config`]: module('scram.ScramLoginModule'),
      [`${sasl}.oauthbearer.sasl.jaas.config`]: module(
        'oauthbearer.OAuthBearerLoginModule',
        ' unsecuredLoginStringClaim_sub="broker"',
      ),
    },
  };
}

/** Kafka's own minimum. */
const iterations = 4_096;
const scramKinds = [
  { mechanism: 1, digest: 'sha256', bytes: 32 },
  { mechanism: 2, digest: 'sha512', bytes: 64 },
] as const;

/** SCRAM users live in the cluster's metadata, so this one is entered once the cluster serves; again is no harm. */
export async function enterScramUser(
  plainPort: number,
  { user, password }: Pick<Credentials, 'user' | 'password'>,
): Promise<void> {
  const connection = new Connection('headroom-local');
  connection.on('error', () => {});
  await connection.connect(loopback, plainPort);
  try {
    // A request may name a user once.
    for (const { mechanism, digest, bytes } of scramKinds) {
      const salt = randomBytes(16);
      const saltedPassword = pbkdf2Sync(password, salt, iterations, bytes, digest);
      const upsertion = { name: user, mechanism, iterations, salt, saltedPassword };
      await alterUserScramCredentialsV0.api.async(connection, [], [upsertion]);
    }
  } finally {
    await connection.close();
  }
}
