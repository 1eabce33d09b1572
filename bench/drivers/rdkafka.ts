/**
 * node-rdkafka behind the driver interface: librdkafka, in C, under a thin layer. Not among the dependencies, since it is compiled when
 * it is installed; whoever has it can drive with it. librdkafka batches by itself, so that what is handed over as one batch may
 * travel as several.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { HeadroomError } from '../../lib/errors.ts';
import { packageRoot } from '../package-root.ts';
import type { Driver } from './driver.ts';
import { patiently } from './patience.ts';
import { createRdkafkaConsumer } from './rdkafka-consumer.ts';
import type { Rdkafka } from './rdkafka-library.ts';
import { connectRdkafkaProducer } from './rdkafka-producer.ts';

const packageName = 'node-rdkafka';
/** librdkafka keeps the order of what is in flight, idempotent or not; as many as the Java client has. */
const mostInFlight = 5;

export const rdkafkaDriver: Driver = {
  name: packageName,
  get version() {
    const found = locate();
    return found === null
      ? 'not installed'
      : // 3.6.1 calls itself v3.6.1.
        (found.require(`${packageName}/package.json`) as { version: string }).version.replace(/^v/, '');
  },
  compressions: ['none', 'gzip', 'snappy', 'lz4'],
  maxOutstandingSends: ({ idempotent }) => (idempotent ? mostInFlight : Number.POSITIVE_INFINITY),
  prepare: async () => void load(),
  createProducer: async (target, settings) => await connectRdkafkaProducer(load(), target, settings),
  createConsumer: async (target, settings, onRecords, onError) =>
    await patiently(async () => await createRdkafkaConsumer(load(), { target, settings, onRecords, onError })),
};

/** Throws RESOURCE_MISSING with the remedy. */
function load(): Rdkafka {
  const found = locate();
  const hint = `install it with: npm install ${packageName} (it compiles librdkafka, about a minute), or use another --driver`;
  if (found === null)
    throw new HeadroomError('RESOURCE_MISSING', `the package ${packageName} is not installed`, { hint });
  try {
    return found.require(packageName) as Rdkafka;
  } catch (cause) {
    throw new HeadroomError('RESOURCE_MISSING', `the package ${packageName} cannot be loaded: ${String(cause)}`, {
      hint,
      cause,
    });
  }
}

/** Beside Headroom, or in the folder where it is used. */
function locate(): { readonly require: NodeJS.Require } | null {
  for (const place of [packageRoot, process.cwd()]) {
    const require = createRequire(join(place, 'package.json'));
    try {
      require.resolve(`${packageName}/package.json`);
      return { require };
    } catch {
      // Not here.
    }
  }
  return null;
}
