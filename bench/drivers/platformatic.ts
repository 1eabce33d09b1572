/** @platformatic/kafka behind the driver interface. */
import { clientSoftwareVersion } from '@platformatic/kafka';
import { createDeadlineProducer } from './deadline.ts';
import type { Driver } from './driver.ts';
import { patiently } from './patience.ts';
import { createPlatformaticConsumer } from './platformatic-consumer.ts';
import { connectPlatformaticProducer } from './platformatic-producer.ts';

export const platformaticDriver: Driver = {
  name: '@platformatic/kafka',
  version: clientSoftwareVersion,
  // zstd needs a newer Node.js than the oldest we run on.
  compressions: ['none', 'gzip', 'snappy', 'lz4'],
  maxOutstandingSends: ({ idempotent }) => (idempotent ? 1 : Number.POSITIVE_INFINITY),
  createProducer: async (target, settings) =>
    await createDeadlineProducer(
      settings,
      async () => await patiently(async () => await connectPlatformaticProducer(target, settings)),
    ),
  createConsumer: createPlatformaticConsumer,
};
