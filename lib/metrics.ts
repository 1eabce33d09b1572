/**
 * The signal table: everything Headroom observes, once, with its name under each profile, and every alert over it.
 * Dashboards, the exporter's configuration, Prometheus rules, CloudWatch alarms and docs/reference/metrics.md are made
 * from it, and from nothing else. Pure data; import it from anywhere.
 */
import { HeadroomError } from './errors.ts';
import { availabilityAlerts } from './metrics/alerts/availability.ts';
import { awsAlerts } from './metrics/alerts/aws.ts';
import { benchAlerts } from './metrics/alerts/bench.ts';
import { capacityAlerts } from './metrics/alerts/capacity.ts';
import { consumerAlerts } from './metrics/alerts/consumers.ts';
import { quorumAlerts } from './metrics/alerts/quorum.ts';
import { sloAlerts } from './metrics/alerts/slo.ts';
import { cloudWatchSignals } from './metrics/signals/cloudwatch-only.ts';
import { clusterSignals } from './metrics/signals/cluster.ts';
import { groupSignals } from './metrics/signals/groups.ts';
import { harnessSignals, plannedSignals } from './metrics/signals/harness.ts';
import { machineSignals } from './metrics/signals/machine.ts';
import { quorumSignals } from './metrics/signals/quorum.ts';
import { requestSignals } from './metrics/signals/requests.ts';
import { storageSignals } from './metrics/signals/storage.ts';
import type { Alert, Signal } from './metrics/types.ts';

export const signals: readonly Signal[] = [
  ...clusterSignals,
  ...quorumSignals,
  ...requestSignals,
  ...storageSignals,
  ...machineSignals,
  ...groupSignals,
  ...harnessSignals,
  ...plannedSignals,
  ...cloudWatchSignals,
];

/** Every alert; its id is also the name of its runbook. */
export const alerts: readonly Alert[] = [
  ...availabilityAlerts,
  ...quorumAlerts,
  ...capacityAlerts,
  ...awsAlerts,
  ...consumerAlerts,
  ...sloAlerts,
  ...benchAlerts,
];

const byId = new Map(signals.map((signal) => [signal.id, signal]));

/** A row of the table. Throws INTERNAL, naming the id, when there is none. */
export function signalOf(id: string): Signal {
  const signal = byId.get(id);
  if (signal === undefined) throw new HeadroomError('INTERNAL', `no signal ${id} in lib/metrics.ts`);
  return signal;
}

/** Where an alert's page is, from the root of the repository. */
export function runbookPath({ id }: Pick<Alert, 'id'>): string {
  return `runbooks/${id}.md`;
}
