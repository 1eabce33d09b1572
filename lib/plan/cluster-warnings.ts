/** What is allowed in the cluster and its storage but deserves a word. */
import { ceil, multiply, rational } from '../rational.ts';
import type { ClusterRequirement, Requirements, Warning } from '../requirements/types.ts';
import { formatBytes, formatCount } from '../units.ts';
import type { Sizing } from './capacity/size.ts';
import { targetRules } from './targets.ts';
import type { ClusterPlan, StoragePlan, TopicPlan } from './types.ts';

export function clusterWarnings(
  requirements: Requirements,
  topics: readonly TopicPlan[],
  cluster: ClusterPlan,
  storage: StoragePlan,
  sizing: Sizing,
): readonly Warning[] {
  return [
    ...placementWarnings(requirements.cluster, cluster),
    ...limitWarnings(requirements.cluster, sizing),
    ...diskWarnings(topics, storage),
    ...guaranteedWarnings(requirements, topics, cluster, storage),
  ];
}

function placementWarnings(stated: ClusterRequirement, { brokers, zones, degraded }: ClusterPlan): readonly Warning[] {
  const warnings: Warning[] = [];
  if (targetRules[stated.target].brokersHidden) {
    if (stated.brokers === null) return [];
    warnings.push({
      code: 'BROKERS_IGNORED',
      path: 'cluster.brokers',
      message: `${stated.target} chooses its brokers itself: ${stated.brokers} brokers cannot be asked for`,
      remedy: 'leave brokers out',
    });
    return warnings;
  }
  const { zones: allowedZones, brokersPerZoneEqual } = targetRules[stated.target];
  // No faults: a local run of the same file needs neither.
  if (allowedZones !== null && !allowedZones.includes(zones))
    warnings.push({
      code: 'TARGET_ZONES',
      path: 'cluster.zones',
      message: `${stated.target} spans ${allowedZones.join(' or ')} zones, not ${zones}: only a local run can be made of this`,
      remedy: `write zones: ${allowedZones.at(-1)}, or another target`,
    });
  if (brokers % zones !== 0)
    warnings.push({
      code: 'BROKERS_UNEVEN_ZONES',
      path: 'cluster.brokers',
      message: brokersPerZoneEqual
        ? `${stated.target} needs as many brokers in each of its ${zones} zones, not ${brokers} over all: only a local run can be made of this`
        : `${brokers} brokers do not spread evenly over ${zones} zones: some zones carry more than others`,
      remedy: `use a multiple of ${zones}, for instance ${Math.ceil(brokers / zones) * zones}`,
    });
  if (stated.survive !== 'none' && degraded.brokers < 1)
    warnings.push({
      code: 'SURVIVE_WITHOUT_BROKER',
      path: 'cluster.survive',
      message: `losing a ${stated.survive} leaves no broker of ${brokers} in ${zones} ${zones === 1 ? 'zone' : 'zones'}`,
      remedy: 'use 3 brokers over 3 zones, or survive: none',
    });
  return warnings;
}

function limitWarnings({ target, brokers }: ClusterRequirement, { impossible }: Sizing): readonly Warning[] {
  return impossible.map((message) => ({
    code: 'TARGET_LIMIT_EXCEEDED',
    path: brokers === null ? 'cluster.target' : 'cluster.brokers',
    message: `${target}${brokers === null ? '' : ` with ${brokers} brokers`}: ${message}`,
    remedy: `${brokers === null ? '' : 'leave brokers out so that the plan chooses, '}use another target, or split the use case over several clusters`,
  }));
}

function diskWarnings(topics: readonly TopicPlan[], storage: StoragePlan): readonly Warning[] {
  if (storage.onDiskBytes <= storage.requiredBytes) return [];
  const worst = topics.reduce((a, b) => (b.onDiskBytes - b.retainedBytes > a.onDiskBytes - a.retainedBytes ? b : a));
  const bytesPerRecord = worst.why.find(({ figure }) => figure === 'onDiskBytes')?.inputs.bytesPerRecord;
  const detail =
    typeof bytesPerRecord === 'number'
      ? `; a record of ${worst.name} takes ${formatCount(bytesPerRecord)} B on disk for ${worst.load.messageSizeBytes} B of message`
      : '';
  return [
    {
      code: 'DISK_EXCEEDS_REQUIRED',
      path: 'storage',
      message: `the disks will hold up to ${formatBytes(storage.onDiskBytes)} (${storage.onDiskBytes} bytes), the rule requires ${formatBytes(storage.requiredBytes)} (${storage.requiredBytes} bytes)${detail}`,
      remedy: `provide at least ${formatBytes(storage.onDiskBytes)}, or batch more records together (longer linger, fewer producers, compression)`,
    },
  ];
}

/** The guaranteed part, replicated on the brokers left, against the disks left when each broker has its share of requiredBytes. */
function guaranteedWarnings(
  { topics, cluster: stated }: Requirements,
  plans: readonly TopicPlan[],
  { brokers, degraded }: ClusterPlan,
  storage: StoragePlan,
): readonly Warning[] {
  if (stated.survive === 'none' || degraded.brokers < 1) return [];
  const guaranteed = topics.reduce((sum, { produce, message, retention }, index) => {
    const copies = Math.min(plans[index]?.replicationFactor ?? 1, degraded.brokers);
    return (
      sum +
      ceil(
        multiply(
          produce.ratePerSec,
          rational(message.sizeBytes),
          rational(retention.guaranteedMs ?? 0, 1000),
          rational(copies),
        ),
      )
    );
  }, 0n);
  const left = (BigInt(storage.requiredBytes) * BigInt(degraded.brokers)) / BigInt(brokers);
  if (guaranteed <= left) return [];
  const first = topics.findIndex(({ retention }) => retention.guaranteedMs !== null);
  return [
    {
      code: 'GUARANTEED_RETENTION_CONFLICT',
      path: `topics[${first}].retention.guaranteed`,
      message: `after losing a ${stated.survive} the guaranteed records need ${formatBytes(Number(guaranteed))}, the ${degraded.brokers} of ${brokers} brokers left have ${formatBytes(Number(left))} of the required storage`,
      remedy: 'enlarge storage.buffer, guarantee less, or spread over more brokers or zones',
    },
  ];
}
