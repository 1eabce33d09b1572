/**
 * Reads how to reach a secured cluster from a file of Kafka's own client settings, the one that Java's tools take with
 * `--command-config`. All faults are reported at once; none of them repeats a value, since values are secrets.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import { type Property, parseProperties } from './properties.ts';
import { readSasl } from './sasl-settings.ts';
import type { Security } from './security.ts';
import { readTls } from './tls-settings.ts';

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

/** Every setting that is understood; another one is refused, as it would be without effect. */
const knownKeys = [
  'security.protocol',
  'sasl.mechanism',
  'sasl.jaas.config',
  'sasl.client.callback.handler.class',
  'sasl.login.callback.handler.class',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.client.credentials.client.id',
  'sasl.oauthbearer.client.credentials.client.secret',
  'sasl.oauthbearer.scope',
  'ssl.truststore.type',
  'ssl.truststore.location',
  'ssl.truststore.certificates',
  'ssl.keystore.type',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.keystore.key',
  'ssl.keystore.certificate.chain',
  'ssl.key.password',
  'ssl.endpoint.identification.algorithm',
];

/** Reads the file, and the files it names. Throws FILE_UNREADABLE, or CLIENT_CONFIG_INVALID with every fault. */
export function readClientConfig(file: string, cwd: string): Security {
  const path = resolve(cwd, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new HeadroomError('FILE_UNREADABLE', `${file} cannot be read: ${(cause as Error).message}`, {
      hint: 'name the file with the client settings, such as --client-config client.properties',
      cause,
    });
  }
  const settings = new ClientSettings(parseProperties(text), dirname(path));
  const security = securityOf(settings);
  if (settings.faults.length > 0) throw invalid(file, settings.faults);
  return security;
}

function securityOf(settings: ClientSettings): Security {
  for (const property of settings.properties) {
    if (!knownKeys.includes(property.key)) settings.unknown(property, knownKeys);
  }
  const protocol = settings.valueOf('security.protocol') ?? 'PLAINTEXT';
  if (!protocols.includes(protocol)) {
    settings.fault('security.protocol', `security.protocol: expected one of ${protocols.join(', ')}`);
  }
  const isEncrypted = protocol.endsWith('SSL');
  const isAuthenticated = protocol.startsWith('SASL_');
  for (const { key, line } of settings.properties) {
    if (key.startsWith('ssl.') && !isEncrypted) settings.faults.push({ line, text: withoutEffect(key, protocol) });
    if (key.startsWith('sasl.') && !isAuthenticated) settings.faults.push({ line, text: withoutEffect(key, protocol) });
  }
  return {
    tls: isEncrypted ? readTls(settings) : null,
    sasl: isAuthenticated ? readSasl(settings) : null,
  };
}

function withoutEffect(key: string, protocol: string): string {
  return `${key} has no effect with security.protocol ${protocol}; set security.protocol or remove it`;
}

export interface ConfigFault {
  /** From 1; 0 for what is missing. */
  readonly line: number;
  readonly text: string;
}

/** The settings of one file, and what is wrong with them. */
export class ClientSettings {
  readonly faults: ConfigFault[] = [];
  readonly properties: readonly Property[];
  /** Against which the file's relative paths are meant. */
  readonly folder: string;

  constructor(properties: readonly Property[], folder: string) {
    this.properties = properties;
    this.folder = folder;
  }

  /** The last one of that key, as Java takes it; undefined when there is none or it is empty. */
  valueOf(key: string): string | undefined {
    return this.properties.findLast((property) => property.key === key)?.value || undefined;
  }

  /** At the line of `key`, or without a line when the key is not there. */
  fault(key: string, text: string): void {
    this.faults.push({ line: this.properties.findLast((property) => property.key === key)?.line ?? 0, text });
  }

  unknown({ key, line }: Property, known: readonly string[]): void {
    const meant = nearest(key, known);
    const hint = meant === null ? 'only security settings belong in this file' : `did you mean ${meant}?`;
    this.faults.push({ line, text: `unknown setting ${key}; ${hint}` });
  }

  /** Text of a file that a setting names; null, with a fault, when it cannot be read. */
  fileOf(key: string, encoding: 'utf8' | 'base64' = 'utf8'): string | null {
    const path = this.valueOf(key);
    if (path === undefined) return null;
    try {
      return readFileSync(resolve(this.folder, path)).toString(encoding);
    } catch (error) {
      this.fault(key, `${key}: ${path} cannot be read: ${(error as Error).message}`);
      return null;
    }
  }
}

function invalid(file: string, faults: readonly ConfigFault[]): HeadroomError {
  const lines = [...faults]
    .sort((a, b) => a.line - b.line)
    .map(({ line, text }) => (line === 0 ? `${file}: ${text}` : `${file}:${line}: ${text}`));
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return new HeadroomError('CLIENT_CONFIG_INVALID', `${file} has ${count}:\n${lines.join('\n')}`, {
    hint: 'docs/security.md shows a file for each way to authenticate',
  });
}
