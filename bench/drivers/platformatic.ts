/** @platformatic/kafka behind the driver interface. */
import { clientSoftwareVersion } from '@platformatic/kafka';
import { compressions } from '../../lib/requirements/types.ts';
import { createDeadlineProducer } from './deadline.ts';
import type { Driver } from './driver.ts';
import { patiently } from './patience.ts';
import { createPlatformaticConsumer } from './platformatic-consumer.ts';
import { connectPlatformaticProducer } from './platformatic-producer.ts';

export const platformaticDriver: Driver = {
  name: '@platformatic/kafka',
  version: clientSoftwareVersion,
  compressions,
  maxOutstandingSends: ({ idempotent }) => (idempotent ? 1 : Number.POSITIVE_INFINITY),
  createProducer: async (target, settings) =>
    await createDeadlineProducer(
      settings,
      async () => await patiently(async () => await connectPlatformaticProducer(target, settings)),
    ),
  createConsumer: createPlatformaticConsumer,
};
