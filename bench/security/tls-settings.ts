/** The `ssl.` settings of a client, from PEM files or texts and PKCS12 key stores. */
import type { ClientSettings } from './client-config.ts';
import type { TlsIdentity, TlsSettings } from './security.ts';

const pemMark = '-----BEGIN CERTIFICATE-----';

export function readTls(settings: ClientSettings): TlsSettings {
  return {
    trustedCertificates: trustedCertificates(settings),
    identity: identity(settings),
    verifyHost: verifiesHost(settings),
  };
}

function trustedCertificates(settings: ClientSettings): string | null {
  const type = settings.valueOf('ssl.truststore.type');
  const place =
    settings.valueOf('ssl.truststore.certificates') === undefined
      ? 'ssl.truststore.location'
      : 'ssl.truststore.certificates';
  const text = settings.valueOf('ssl.truststore.certificates') ?? settings.fileOf('ssl.truststore.location');
  if (text === null) return null;
  if (type === 'PEM' && text.includes(pemMark)) return text;
  settings.fault(
    place,
    `${place}: expected certificates in PEM form and ssl.truststore.type=PEM; ` +
      'export them from a Java key store with: keytool -exportcert -rfc -alias ALIAS -keystore STORE -file ca.pem',
  );
  return null;
}

function identity(settings: ClientSettings): TlsIdentity | null {
  const type = settings.valueOf('ssl.keystore.type');
  const inline = settings.valueOf('ssl.keystore.key');
  const location = settings.valueOf('ssl.keystore.location');
  if (inline === undefined && location === undefined) return null;
  const keyPassword = settings.valueOf('ssl.key.password') ?? null;
  if (type === 'PKCS12') {
    const base64 = settings.fileOf('ssl.keystore.location', 'base64');
    const password = settings.valueOf('ssl.keystore.password') ?? null;
    return base64 === null ? null : { kind: 'pkcs12', base64, password };
  }
  if (type !== 'PEM') {
    settings.fault('ssl.keystore.type', 'ssl.keystore.type: expected PEM or PKCS12; keytool -importkeystore converts');
    return null;
  }
  const store = inline === undefined ? settings.fileOf('ssl.keystore.location') : null;
  const key = inline ?? store;
  const certificates = inline === undefined ? store : settings.valueOf('ssl.keystore.certificate.chain');
  if (key?.includes('PRIVATE KEY-----') && certificates?.includes(pemMark)) {
    return { kind: 'pem', certificates, key, keyPassword };
  }
  const place = inline === undefined ? 'ssl.keystore.location' : 'ssl.keystore.key';
  settings.fault(place, `${place}: expected a private key and its certificates in PEM form`);
  return null;
}

/** Set to nothing, it switches the check off; left out, the check is on. */
function verifiesHost(settings: ClientSettings): boolean {
  const key = 'ssl.endpoint.identification.algorithm';
  const found = settings.properties.findLast((property) => property.key === key)?.value ?? 'https';
  if (found !== '' && found.toLowerCase() !== 'https') settings.fault(key, `${key}: expected https or nothing`);
  return found !== '';
}
