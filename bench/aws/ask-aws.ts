/** A question to an AWS API; its failure in words a user can act on. */
import { HeadroomError } from '../../lib/errors.ts';

const missing = new Set(['NotFoundException', 'NoSuchKey', 'NoSuchBucket', 'ResourceNotFoundException']);
const refused = new Set(['ForbiddenException', 'AccessDenied', 'AccessDeniedException', 'UnauthorizedException']);
const noCredentials = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
]);

/** Throws RESOURCE_MISSING for what is not there, TARGET_UNREACHABLE otherwise. A HeadroomError passes as it is. */
export async function askAws<T>(what: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof HeadroomError) throw error;
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const code = missing.has(name) ? 'RESOURCE_MISSING' : 'TARGET_UNREACHABLE';
    throw new HeadroomError(code, `AWS did not ${what}: ${name}: ${message}`, { hint: remedy(name), cause: error });
  }
}

function remedy(name: string): string {
  if (noCredentials.has(name)) return 'give credentials by AWS_PROFILE, the environment, or the role of this machine';
  if (refused.has(name)) return 'let the role that runs this do it: docs/nightly.md lists the actions it needs';
  if (missing.has(name)) return 'check the name, the region in it, and the account of the credentials';
  return 'check the network, the region and the credentials';
}
