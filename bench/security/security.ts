/**
 * How a client proves who it is and whom it trusts: plain data, so that it can be handed to a worker. It holds secrets:
 * never print it, never store it with a run.
 */

export interface Security {
  /** Null: the connection is not encrypted. */
  readonly tls: TlsSettings | null;
  /** Null: the client does not say who it is, other than by a certificate. */
  readonly sasl: SaslSettings | null;
}

export interface TlsSettings {
  /** PEM; null trusts the authorities that Node.js trusts. */
  readonly trustedCertificates: string | null;
  /** Null: no certificate of the client's own. */
  readonly identity: TlsIdentity | null;
  /** Whether the broker's certificate must name the host that was dialled. */
  readonly verifyHost: boolean;
}

export type TlsIdentity =
  | { readonly kind: 'pem'; readonly certificates: string; readonly key: string; readonly keyPassword: string | null }
  | { readonly kind: 'pkcs12'; readonly base64: string; readonly password: string | null };

export type SaslSettings =
  | { readonly mechanism: PasswordMechanism; readonly username: string; readonly password: string }
  | { readonly mechanism: 'OAUTHBEARER'; readonly token: TokenSource };

export const passwordMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
export type PasswordMechanism = (typeof passwordMechanisms)[number];

/** Where a bearer token comes from; it is asked for anew whenever a connection authenticates. */
export type TokenSource =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'endpoint';
      readonly url: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string | null;
    }
  | {
      readonly kind: 'awsIam';
      /** Null: that of the brokers' host names, else AWS_REGION. */
      readonly region: string | null;
      /** Of the shared AWS configuration; null takes the first credentials of the usual chain. */
      readonly profile: string | null;
      /** Assumed with those credentials; null uses them as they are. */
      readonly roleArn: string | null;
    };

/** TLS by the public authorities. */
export const publicTls: Security = {
  tls: { trustedCertificates: null, identity: null, verifyHost: true },
  sasl: null,
};

/** The same where it holds no secret, such as the AWS credentials of wherever it is used; otherwise null. */
export function unlessSecret(security: Security | undefined): Security | null {
  if (security === undefined) return null;
  const { tls, sasl } = security;
  const isOpen = sasl === null || (sasl.mechanism === 'OAUTHBEARER' && sasl.token.kind === 'awsIam');
  return isOpen && (tls === null || tls.identity === null) ? security : null;
}

/** For Amazon MSK: TLS by the public authorities, and the AWS credentials that the environment holds. */
export function awsIamSecurity(region: string | null = null): Security {
  return {
    ...publicTls,
    sasl: { mechanism: 'OAUTHBEARER', token: { kind: 'awsIam', region, profile: null, roleArn: null } },
  };
}
