/**
 * Our own thin produce path, with the consumer of @platformatic/kafka: the driver that leaves most of a small machine to the
 * cluster. What an application gets from a client library is measured with that library's own driver.
 */
import { clientSoftwareVersion } from '@platformatic/kafka';
import { createDeadlineProducer } from './deadline.ts';
import { connectDirectProducer } from './direct-producer.ts';
import type { Driver } from './driver.ts';
import { patiently } from './patience.ts';
import { createPlatformaticConsumer } from './platformatic-consumer.ts';

export const directDriver: Driver = {
  name: 'direct',
  /** Of the library whose protocol layer and consumer it uses. */
  version: clientSoftwareVersion,
  compressions: ['none', 'gzip', 'snappy', 'lz4'],
  maxOutstandingSends: ({ idempotent }) => (idempotent ? 1 : Number.POSITIVE_INFINITY),
  createProducer: async (target, settings) =>
    await createDeadlineProducer(
      settings,
      async () => await patiently(async () => await connectDirectProducer(target, settings)),
    ),
  createConsumer: createPlatformaticConsumer,
};
