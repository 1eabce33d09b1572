/** What AWS says a cluster is, against what the plan says it must be: before any load, because a run on another cluster proves nothing. */
import { HeadroomError } from '../../lib/errors.ts';
import type { ProvisionedCluster, SettingReadBack } from '../../lib/measurement/types.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { formatBytes } from '../../lib/units.ts';

interface Comparison {
  readonly setting: string;
  /** Null: the plan does not say. */
  readonly planned: string | null;
  /** Null: AWS does not say. */
  readonly found: string | null;
  readonly isAsPlanned: boolean;
}

/** One row each, in the form of the other settings that are read back; subject `cluster`. */
export function clusterRows(plan: Plan, found: ProvisionedCluster): readonly SettingReadBack[] {
  return compare(plan, found).map(({ setting, planned, found: text }) => ({
    subject: 'cluster',
    setting,
    planned,
    found: text,
  }));
}

/** Throws CLUSTER_DIFFERS with every difference. */
export function requireAsPlanned(plan: Plan, found: ProvisionedCluster): void {
  const different = compare(plan, found).filter(({ isAsPlanned }) => !isAsPlanned);
  if (different.length === 0) return;
  const lines = different.map(
    ({ setting, planned, found: text }) => `  ${setting}: planned ${planned}, found ${text ?? 'nothing'}`,
  );
  throw new HeadroomError(
    'CLUSTER_DIFFERS',
    [`${found.arn} is not the cluster that is planned:`, ...lines].join('\n'),
    {
      hint: 'deploy the plan, or write what is there into the use case (cluster.target, brokers, zones); to load it as it is, name it by --bootstrap and --cluster-id',
    },
  );
}

function compare(plan: Plan, found: ProvisionedCluster): readonly Comparison[] {
  const { cluster, storage } = plan;
  const isBuilt = cluster.target !== 'existing';
  const isServerless = found.target === 'msk-serverless';
  return [
    equal('target', isBuilt ? cluster.target : null, found.target),
    ...(isServerless
      ? []
      : [
          equal('brokers', isBuilt ? String(cluster.brokers) : null, text(found.brokers)),
          equal('zones', isBuilt ? String(cluster.zones) : null, text(found.zones)),
          equal('instanceType', cluster.instanceType, found.instanceType),
        ]),
    ...(found.target === 'msk' ? volume(storage, found) : []),
    ...settings(plan, found),
  ];
}

/** Volumes may have grown since, so more is as planned. */
function volume(storage: Plan['storage'], found: ProvisionedCluster): readonly Comparison[] {
  const { provisionedBytesPerBroker: bytes, provisionedThroughputMiBps: throughput } = storage;
  return [
    {
      setting: 'volume of a broker',
      planned: bytes === null ? null : `at least ${formatBytes(bytes)}`,
      found: found.volumeBytes === null ? null : formatBytes(found.volumeBytes),
      isAsPlanned: bytes === null || (found.volumeBytes !== null && found.volumeBytes >= bytes),
    },
    {
      setting: 'throughput bought for a volume',
      planned: throughput === 0 ? null : `at least ${throughput} MiB/s`,
      found: found.throughputMiBps === null ? null : `${found.throughputMiBps} MiB/s`,
      isAsPlanned: throughput === 0 || (found.throughputMiBps ?? 0) >= throughput,
    },
  ];
}

/** Express and Serverless fix it themselves; on Standard brokers the default is true, which loses acknowledged records. */
function settings({ topics }: Plan, found: ProvisionedCluster): readonly Comparison[] {
  const setting = 'unclean.leader.election.enable';
  if (found.target !== 'msk' || !topics.some(({ guarantee }) => guarantee.loss === 'never')) return [];
  // A configuration that could not be read is told in a note; the brokers are asked again once they are reached.
  if (found.settings === null) return [{ setting, planned: 'false', found: null, isAsPlanned: true }];
  return [equal(setting, 'false', found.settings[setting] ?? 'true (MSK default)')];
}

function equal(setting: string, planned: string | null, found: string | null): Comparison {
  return { setting, planned, found, isAsPlanned: planned === null || planned === found };
}

function text(value: number | null): string | null {
  return value === null ? null : String(value);
}
