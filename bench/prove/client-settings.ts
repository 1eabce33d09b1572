/** Client settings as the run applies them, beside the plan's. */
import { settingsAt } from '../../lib/experiment/settings.ts';
import type { SettingReadBack } from '../../lib/measurement/types.ts';
import type { Plan, ProducerConfig } from '../../lib/plan/types.ts';
import type { Driver } from '../drivers/driver.ts';
import { producerSettings } from '../load/producer-settings.ts';

const inFlight = 'max.in.flight.requests.per.connection';

/**
 * The harness batches by linger and batch size itself and hands acks, idempotence and compression to the driver as planned;
 * in flight is what the library can keep without breaking what these settings promise. Consumers fetch as planned.
 */
export function clientSettings(plan: Plan, driver: Driver): readonly SettingReadBack[] {
  return plan.topics.flatMap(({ name, producer, consumer }) => {
    const planned: Readonly<Record<string, unknown>> = { ...consumer, ...producer };
    const found = { ...applied(producer, driver), ...settingsAt('consumer', consumer) };
    return Object.entries(found).map(([setting, found]) => ({
      subject: 'client' as const,
      setting: plan.topics.length === 1 ? setting : `${setting} (${name})`,
      planned: String(planned[setting]),
      found: String(found),
    }));
  });
}

function applied(producer: ProducerConfig, driver: Driver): Partial<ProducerConfig> {
  const outstanding = driver.maxOutstandingSends(producerSettings(producer));
  return {
    acks: producer.acks,
    'enable.idempotence': producer['enable.idempotence'],
    [inFlight]: Math.min(producer[inFlight], outstanding),
    'linger.ms': producer['linger.ms'],
    'batch.size': producer['batch.size'],
    'compression.type': producer['compression.type'],
  };
}
