/** The `sasl.` settings of a client: a password, a bearer token, or the AWS credentials of the environment. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientSettings } from './client-config.ts';
import { type JaasEntry, parseJaas } from './jaas.ts';
import { type PasswordMechanism, passwordMechanisms, type SaslSettings, type TokenSource } from './security.ts';

const mechanisms = [...passwordMechanisms, 'OAUTHBEARER', 'AWS_MSK_IAM'];
const endpointKey = 'sasl.oauthbearer.token.endpoint.url';
const idKey = 'sasl.oauthbearer.client.credentials.client.id';
const secretKey = 'sasl.oauthbearer.client.credentials.client.secret';

/** Null, with faults, when they do not say who the client is. */
export function readSasl(settings: ClientSettings): SaslSettings | null {
  const mechanism = settings.valueOf('sasl.mechanism');
  if (mechanism === undefined || !mechanisms.includes(mechanism)) {
    settings.fault('sasl.mechanism', `sasl.mechanism: expected one of ${mechanisms.join(', ')}`);
    return null;
  }
  const jaas = jaasOf(settings);
  if (jaas === null) return null;
  if (mechanism === 'AWS_MSK_IAM') return awsIam(jaas);
  if (mechanism === 'OAUTHBEARER') {
    const token = isSignedByAws(settings) ? awsIam(jaas).token : tokenSource(settings, jaas);
    return token === null ? null : { mechanism, token };
  }
  const { username, password } = jaas.options;
  if (username === undefined || password === undefined) {
    settings.fault('sasl.jaas.config', 'sasl.jaas.config: expected username="..." and password="..."');
    return null;
  }
  return { mechanism: mechanism as PasswordMechanism, username, password };
}

const nothing: JaasEntry = { loginModule: '', options: {} };

function jaasOf(settings: ClientSettings): JaasEntry | null {
  const text = settings.valueOf('sasl.jaas.config');
  if (text === undefined) return nothing;
  const entry = parseJaas(text);
  if (entry === null) {
    settings.fault(
      'sasl.jaas.config',
      'sasl.jaas.config: expected a login module, "required", its options, and a semicolon at the end',
    );
  }
  return entry;
}

/** As the login module of aws-msk-iam-auth takes them. */
function awsIam({ options }: JaasEntry): { readonly mechanism: 'OAUTHBEARER'; readonly token: TokenSource } {
  const { awsProfileName, awsRoleArn, awsStsRegion } = options;
  return {
    mechanism: 'OAUTHBEARER',
    token: {
      kind: 'awsIam',
      region: awsStsRegion ?? null,
      profile: awsProfileName ?? null,
      roleArn: awsRoleArn ?? null,
    },
  };
}

function isSignedByAws(settings: ClientSettings): boolean {
  return settings.valueOf('sasl.login.callback.handler.class')?.startsWith('software.amazon.msk.auth.iam.') === true;
}

function tokenSource(settings: ClientSettings, { options }: JaasEntry): TokenSource | null {
  const url = settings.valueOf(endpointKey);
  const scheme = url === undefined || !URL.canParse(url) ? null : new URL(url).protocol;
  if (url !== undefined && scheme === 'file:') {
    return { kind: 'file', path: resolve(settings.folder, fileURLToPath(url)) };
  }
  if (url === undefined || (scheme !== 'https:' && scheme !== 'http:')) {
    settings.fault(endpointKey, `${endpointKey}: expected where tokens come from, https://... or file:///...`);
    return null;
  }
  const clientId = settings.valueOf(idKey) ?? options.clientId;
  const clientSecret = settings.valueOf(secretKey) ?? options.clientSecret;
  if (clientId === undefined || clientSecret === undefined) {
    settings.fault(endpointKey, `${endpointKey} needs ${idKey} and ${secretKey}`);
    return null;
  }
  const scope = settings.valueOf('sasl.oauthbearer.scope') ?? options.scope ?? null;
  return { kind: 'endpoint', url, clientId, clientSecret, scope };
}
