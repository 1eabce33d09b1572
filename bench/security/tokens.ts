/** Gets bearer tokens. Called for every authentication, the repeated ones in mid-run too, so that none is out of date. */
import { readFile } from 'node:fs/promises';
import { generateAuthToken, generateAuthTokenFromProfile, generateAuthTokenFromRole } from 'aws-msk-iam-sasl-signer-js';
import { HeadroomError } from '../../lib/errors.ts';
import type { TokenSource } from './security.ts';

const endpointTimeoutMs = 10_000;

/** Rejects with AUTHENTICATION_FAILED when there is no token; neither token nor secret is in the error. */
export async function fetchToken(source: TokenSource, bootstrap: readonly string[]): Promise<string> {
  try {
    if (source.kind === 'file') return (await readFile(source.path, 'utf8')).trim();
    if (source.kind === 'endpoint') return await fromEndpoint(source);
    return await fromAws(source, bootstrap);
  } catch (cause) {
    if (cause instanceof HeadroomError) throw cause;
    throw new HeadroomError('AUTHENTICATION_FAILED', `no token: ${cause instanceof Error ? cause.message : cause}`, {
      hint: remedies[source.kind],
    });
  }
}

const remedies: Readonly<Record<TokenSource['kind'], string>> = {
  file: 'check the file of sasl.oauthbearer.token.endpoint.url',
  endpoint: 'check the address, the client id and the client secret of the token endpoint',
  awsIam: 'check the AWS credentials of this environment, for instance with: aws sts get-caller-identity',
};

/** The client credentials grant, RFC 6749 section 4.4, as Kafka's own client asks for it. */
async function fromEndpoint(source: Extract<TokenSource, { kind: 'endpoint' }>): Promise<string> {
  const { url, clientId, clientSecret, scope } = source;
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === null ? {} : { scope }) });
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      accept: 'application/json',
    },
    body,
    signal: AbortSignal.timeout(endpointTimeoutMs),
  });
  if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
  const { access_token: token } = (await response.json()) as { access_token?: unknown };
  if (typeof token !== 'string' || token === '') throw new Error('the token endpoint gave no access_token');
  return token;
}

/** Signed by AWS's own signer for `kafka-cluster:Connect`, as Amazon MSK asks. */
async function fromAws(
  { region: stated, profile, roleArn }: Extract<TokenSource, { kind: 'awsIam' }>,
  bootstrap: readonly string[],
): Promise<string> {
  const region = stated ?? regionOf(bootstrap) ?? process.env.AWS_REGION;
  if (region === undefined || region === '') {
    throw new HeadroomError(
      'AUTHENTICATION_FAILED',
      'no token: the AWS region follows neither from the brokers nor from AWS_REGION',
      { hint: 'set AWS_REGION to the region of the cluster' },
    );
  }
  if (roleArn !== null) return (await generateAuthTokenFromRole({ region, awsRoleArn: roleArn })).token;
  if (profile !== null) return (await generateAuthTokenFromProfile({ region, awsProfileName: profile })).token;
  return (await generateAuthToken({ region })).token;
}

/** Amazon MSK's brokers carry it in their names: b-1.name.x1y2z3.c2.kafka.us-east-1.amazonaws.com. */
export function regionOf(bootstrap: readonly string[]): string | null {
  for (const entry of bootstrap) {
    const [, region] = /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com/.exec(entry) ?? [];
    if (region !== undefined) return region;
  }
  return null;
}
