/** What a driver is told of the planned producer; the one place that knows when a send is given up. */
import type { ProducerConfig } from '../../lib/plan/types.ts';
import type { ProducerSettings } from '../drivers/driver.ts';

/** Where the plan sets none: a quarter of the Java client's default, so that a lost broker does not outlast a phase. */
const defaultDeliveryTimeoutMs = 30_000;

export function producerSettings(config: ProducerConfig): ProducerSettings {
  const timeoutMs = config['delivery.timeout.ms'];
  return {
    acks: config.acks,
    idempotent: config['enable.idempotence'],
    compression: config['compression.type'],
    deliveryTimeoutMs: typeof timeoutMs === 'number' ? timeoutMs : defaultDeliveryTimeoutMs,
  };
}
