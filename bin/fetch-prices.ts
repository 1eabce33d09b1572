/** Asks AWS's price list. The only place that knows the pricing client; what the answers mean is up to `lib/plan/facts/prices`. */
import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing';
import type { OnProgress } from '../bench/progress.ts';
import { HeadroomError } from '../lib/errors.ts';
import { type PriceQuery, priceQueries } from '../lib/plan/facts/prices/aws-price-list.ts';

/** The price list of all regions is served from a few of them. */
const servedFrom = 'us-east-1';
const connectMs = 5_000;
const answerMs = 20_000;

/** Texts of all products asked for. Throws RESOURCE_MISSING without credentials that may ask, TARGET_UNREACHABLE without an answer. */
export async function fetchPriceList(
  region: string,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<readonly string[]> {
  const client = new PricingClient({
    region: servedFrom,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: connectMs, requestTimeout: answerMs },
  });
  try {
    const products: string[] = [];
    const queries = priceQueries(region);
    for (const [index, query] of queries.entries()) {
      onProgress({ stage: "reading AWS's price list", detail: query.serviceCode, fraction: index / queries.length });
      products.push(...(await fetchQuery(client, query, signal)));
    }
    return products;
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error);
  } finally {
    client.destroy();
  }
}

async function fetchQuery(
  client: PricingClient,
  { serviceCode, attributes }: PriceQuery,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const products: string[] = [];
  let token: string | undefined;
  do {
    const answer = await client.send(
      new GetProductsCommand({
        ServiceCode: serviceCode,
        FormatVersion: 'aws_v1',
        Filters: Object.entries(attributes).map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value })),
        MaxResults: 100,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
      { abortSignal: signal },
    );
    products.push(...(answer.PriceList ?? []).map(String));
    token = answer.NextToken === '' ? undefined : answer.NextToken;
  } while (token !== undefined);
  return products;
}

const refusals = [
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'ExpiredTokenException',
];

function explained(error: unknown): HeadroomError {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'CredentialsProviderError')
    return new HeadroomError('RESOURCE_MISSING', "no AWS credentials were found to ask AWS's price list with", {
      hint: 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write a price file by hand: docs/reference/facts.md',
      cause: error,
    });
  if (refusals.includes(name))
    return new HeadroomError(
      'RESOURCE_MISSING',
      `AWS refuses the credentials for its price list: ${name}: ${message}`,
      {
        hint: 'they need the permission pricing:GetProducts',
        cause: error,
      },
    );
  return new HeadroomError('TARGET_UNREACHABLE', `AWS's price list does not answer: ${name}: ${message}`, {
    hint: 'check the network and proxy, then try again',
    cause: error,
  });
}
