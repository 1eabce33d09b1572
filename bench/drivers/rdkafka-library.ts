/** What is used of node-rdkafka 3, which is not there to take the types from; and how clients are told whom to reach. */
import type { EventEmitter } from 'node:events';
import { HeadroomError } from '../../lib/errors.ts';
import type { DriverTarget } from './driver.ts';

export interface Rdkafka {
  readonly Producer: new (settings: object, topicSettings: object) => RdkafkaProducer;
  readonly KafkaConsumer: new (settings: object, topicSettings: object) => RdkafkaConsumer;
}

interface RdkafkaClient extends EventEmitter {
  connect(options: { readonly timeout: number }, done: (error: Error | null) => void): void;
  disconnect(done: () => void): void;
}

export interface RdkafkaProducer extends RdkafkaClient {
  setPollInterval(intervalMs: number): void;
  /** Throws when its queue is full. */
  produce(
    topic: string,
    partition: number,
    value: Buffer,
    key: Buffer | null,
    timestampMs: number,
    opaque: unknown,
  ): void;
  flush(timeoutMs: number, done: () => void): void;
}

export interface RdkafkaConsumer extends RdkafkaClient {
  subscribe(topics: readonly string[]): void;
  setDefaultConsumeTimeout(timeoutMs: number): void;
  consume(most: number, done: (error: Error | null, messages: readonly RdkafkaMessage[]) => void): void;
}

export interface RdkafkaMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: Buffer | null;
}

const connectTimeoutMs = 10_000;

export async function connectClient(client: RdkafkaClient): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    client.connect({ timeout: connectTimeoutMs }, (error) =>
      error === null || error === undefined ? resolve() : reject(error),
    );
  });
}

export async function disconnectClient(client: RdkafkaClient): Promise<void> {
  await new Promise<void>((resolve) => client.disconnect(resolve));
}

/** Settings of every client, in librdkafka's words. Throws USAGE for what librdkafka is not told here. */
export function connectionSettings({ bootstrap, clientId, security }: DriverTarget): Readonly<Record<string, string>> {
  const plain = { 'metadata.broker.list': bootstrap.join(), 'client.id': clientId };
  if (security === undefined) return plain;
  const { tls, sasl } = security;
  if (sasl?.mechanism === 'OAUTHBEARER') throw unsupported('bearer tokens and AWS IAM');
  if (tls?.identity?.kind === 'pkcs12') throw unsupported('PKCS 12 files');
  return {
    ...plain,
    'security.protocol': `${sasl === null ? '' : 'sasl_'}${tls === null ? 'plaintext' : 'ssl'}`,
    ...(tls?.trustedCertificates == null ? {} : { 'ssl.ca.pem': tls.trustedCertificates }),
    ...(tls === null || tls.verifyHost ? {} : { 'ssl.endpoint.identification.algorithm': 'none' }),
    ...(tls?.identity == null
      ? {}
      : { 'ssl.certificate.pem': tls.identity.certificates, 'ssl.key.pem': tls.identity.key }),
    ...(tls?.identity?.keyPassword == null ? {} : { 'ssl.key.password': tls.identity.keyPassword }),
    ...(sasl === null
      ? {}
      : { 'sasl.mechanisms': sasl.mechanism, 'sasl.username': sasl.username, 'sasl.password': sasl.password }),
  };
}

function unsupported(what: string): HeadroomError {
  return new HeadroomError('USAGE', `the driver node-rdkafka cannot be given ${what}`, {
    hint: 'use another --driver',
  });
}
