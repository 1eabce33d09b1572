/**
 * Names of the secrets that hold certificates. The stack never makes them: a certificate must be there before the first
 * instance boots, and its key must never pass through a template. scripts/make-certificates.sh makes them.
 */
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

const secretPrefix = (clusterName: string): string => `headroom/${clusterName}`;

/** Certificate of the authority that signs all others; no secret, but kept beside them. */
export const authoritySecret = (clusterName: string): string => `${secretPrefix(clusterName)}/authority`;
/** Key and certificate of one node. */
export const nodeSecret = (clusterName: string, nodeId: number): string =>
  `${secretPrefix(clusterName)}/node-${nodeId}`;
/** Key and certificate of one client, whose principal in Kafka is its name. */
export const clientSecret = (clusterName: string, clientName: string): string =>
  `${secretPrefix(clusterName)}/client-${clientName}`;

/** Secrets Manager ends each ARN with six characters of its own choice, so exactly six are left open. */
export function secretArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${name}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
