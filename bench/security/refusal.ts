/** Tells a cluster that refuses us, or that we do not trust, from one that cannot be reached: trying again mends neither. */
import { HeadroomError } from '../../lib/errors.ts';

/** The certificate errors of Node.js and of OpenSSL, by their codes. */
const certificateCodes =
  /^(ERR_TLS_CERT_ALTNAME_INVALID|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|ERR_SSL_)/;
const authenticationErrors = new Set(['PLT_KFK_AUTHENTICATION', 'KafkaJSSASLAuthenticationError']);

/** AUTHENTICATION_FAILED when the error, or what caused it, says so; null otherwise. */
export function refusalOf(error: unknown): HeadroomError | null {
  const chain = causesOf(error);
  const own = chain.find((each) => each instanceof HeadroomError && each.code === 'AUTHENTICATION_FAILED');
  if (own !== undefined) return own as HeadroomError;
  const certificate = chain.find((each) => certificateCodes.test(codeOf(each)) || isCertificateText(each));
  if (certificate !== undefined) {
    return new HeadroomError('AUTHENTICATION_FAILED', `the broker's TLS is not accepted: ${certificate.message}`, {
      hint: 'name the authority of its certificate in ssl.truststore.location (PEM), and dial the host it names',
      cause: error,
    });
  }
  const refused = chain.some((each) => authenticationErrors.has(codeOf(each)) || authenticationErrors.has(each.name));
  if (!refused) return null;
  const reason = chain.at(-1)?.message ?? 'no reason given';
  return new HeadroomError('AUTHENTICATION_FAILED', `the cluster refused the client: ${reason}`, {
    hint: 'check the mechanism, the name and the secret in the file of --client-config',
    cause: error,
  });
}

/** Throws AUTHENTICATION_FAILED instead of an error that says so. */
export function throwRefusal(error: unknown): void {
  const refusal = refusalOf(error);
  if (refusal !== null) throw refusal;
}

/** kafkajs keeps no cause of a failed TLS handshake, only its text. */
function isCertificateText({ name, message }: Error): boolean {
  return name === 'KafkaJSConnectionError' && /certificate|altname|SSL routines/i.test(message);
}

function codeOf(error: Error): string {
  return String((error as Error & { code?: unknown }).code ?? '');
}

/** The error, what it is made of and what caused it, outermost first. */
function causesOf(error: unknown): readonly Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors : [];
  return [error, ...[...inner, error.cause, ...originals(error)].flatMap(causesOf)];
}

/** kafkajs' own name for a cause. */
function originals(error: Error): readonly unknown[] {
  return 'originalError' in error ? [error.originalError] : [];
}
