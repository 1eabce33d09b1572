/** Security in the words of the client libraries. */
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import {
  AuthenticationError,
  type ConnectionOptions,
  type SASLCustomAuthenticator,
  saslOAuthBearer,
} from '@platformatic/kafka';
import type { KafkaConfig, Mechanism, SASLOptions } from 'kafkajs';
import type { Security, TlsSettings } from './security.ts';
import { fetchToken } from './tokens.ts';

const longestSessionMs = 86_400_000n;

export interface SecuredTarget {
  /** host:port */
  readonly bootstrap: readonly string[];
  /** Left out: neither encrypted nor authenticated. */
  readonly security?: Security | undefined;
}

/** For every client and connection of @platformatic/kafka. */
export function platformaticSecurity({ security, bootstrap }: SecuredTarget): Pick<ConnectionOptions, 'tls' | 'sasl'> {
  if (security === undefined) return {};
  const { tls, sasl } = security;
  return {
    ...(tls === null ? {} : { tls: tlsOptions(tls) }),
    ...(sasl === null
      ? {}
      : {
          sasl:
            sasl.mechanism === 'OAUTHBEARER'
              ? {
                  mechanism: sasl.mechanism,
                  token: async () => await fetchToken(sasl.token, bootstrap),
                  authenticate: bearer,
                  authBytesValidator: (answer, callback) => callback(tokenRefusal(answer), answer),
                }
              : sasl,
        }),
  };
}

/**
 * The library's own exchange, with the session's lifetime cut to what its timer can count: a token that is good for a month
 * would make it authenticate anew without a pause.
 */
const bearer: SASLCustomAuthenticator = (_mechanism, connection, api, _user, _password, token, callback) => {
  if (token === undefined) throw new TypeError('a bearer needs a token');
  saslOAuthBearer.authenticate(api, connection, token, {}, (error, response) => {
    if (response === undefined || error) callback(error ?? new AuthenticationError('no answer'));
    else callback(null, { ...response, sessionLifetimeMs: shorter(response.sessionLifetimeMs) });
  });
};

function shorter(lifetimeMs: bigint): bigint {
  return lifetimeMs > longestSessionMs ? longestSessionMs : lifetimeMs;
}

const kafkajsNames = { PLAIN: 'plain', 'SCRAM-SHA-256': 'scram-sha-256', 'SCRAM-SHA-512': 'scram-sha-512' } as const;

export function kafkajsSecurity({ security, bootstrap }: SecuredTarget): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  if (security === undefined) return {};
  const { tls, sasl } = security;
  const ssl = tls === null ? {} : { ssl: tlsOptions(tls) };
  if (sasl === null) return ssl;
  if (sasl.mechanism === 'OAUTHBEARER') {
    return { ...ssl, sasl: kafkajsBearer(async () => await fetchToken(sasl.token, bootstrap)) };
  }
  const { username, password } = sasl;
  return { ...ssl, sasl: { mechanism: kafkajsNames[sasl.mechanism], username, password } as SASLOptions };
}

/** The mechanism anew: the library's own takes a refused token for an accepted one, as the refusal is no error code. */
function kafkajsBearer(token: () => Promise<string>): Mechanism {
  return {
    mechanism: 'OAUTHBEARER',
    authenticationProvider: ({ saslAuthenticate }) => ({
      authenticate: async () => {
        const message = Buffer.from(`n,,\x01auth=Bearer ${await token()}\x01\x01`);
        const length = Buffer.alloc(4);
        length.writeInt32BE(message.length);
        await saslAuthenticate({
          request: { encode: () => Buffer.concat([length, message]) },
          response: {
            decode: (answer) => answer,
            parse: (answer: Buffer) => {
              const refusal = tokenRefusal(answer);
              if (refusal !== null) throw refusal;
            },
          },
        });
      },
    }),
  };
}

/** RFC 7628 section 3.2.2: the answer to a token that is not accepted says so in JSON; the one to an accepted token is empty. */
function tokenRefusal(answer: Buffer): AuthenticationError | null {
  const [, status] = /"status"\s*:\s*"([\w ]+)"/.exec(answer.toString()) ?? [];
  return status === undefined ? null : new AuthenticationError(`the token is not accepted: ${status}`);
}

export function tlsOptions({ trustedCertificates, identity, verifyHost }: TlsSettings): TlsOptions {
  return {
    ...(trustedCertificates === null ? {} : { ca: trustedCertificates }),
    ...identityOptions(identity),
    ...(verifyHost ? {} : { checkServerIdentity: () => undefined }),
  };
}

function identityOptions(identity: TlsSettings['identity']): TlsOptions {
  if (identity === null) return {};
  if (identity.kind === 'pem') {
    const { certificates, key, keyPassword } = identity;
    return { cert: certificates, key, ...(keyPassword === null ? {} : { passphrase: keyPassword }) };
  }
  const { base64, password } = identity;
  return { pfx: Buffer.from(base64, 'base64'), ...(password === null ? {} : { passphrase: password }) };
}
