/** Name and help of a metric of the harness, as the signal table has them. */
import type { Registry } from 'prom-client';
import { isAvailable } from '../../lib/metrics/types.ts';
import { signalOf } from '../../lib/metrics.ts';

export function metricOf(registry: Registry, id: string): { name: string; help: string; registers: Registry[] } {
  const { meaning, sources } = signalOf(id);
  const name = isAvailable(sources.selfManaged) ? sources.selfManaged.metric : id;
  return { name, help: meaning, registers: [registry] };
}
