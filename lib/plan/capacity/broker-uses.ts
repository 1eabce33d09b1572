/**
 * What brokers with disks of their own (MSK Standard, EC2) use of their resources.
 *
 * Traffic is spread over the brokers that are alive: after the loss the survivors carry brokers / survivors of it, replicas
 * included, which covers followers that catch up. Data and partitions stay where they are (a lost broker comes back to its
 * disk), except what must be kept even then (`retention.guaranteed`).
 */
import type { Calibration } from '../calibration/types.ts';
import { kafkaFacts } from '../facts/kafka.ts';
import { awsSafeIngressMiBps } from './aws-model.ts';
import { type BrokerOption, bytesPerMegabit, gibibyte, mebibyte } from './broker.ts';
import type { ClusterLoad } from './cluster-load.ts';
import { clientConnections, connectionsUse, newConnectionsUse } from './connections.ts';
import { cpuUse } from './cpu.ts';
import type { CapacityPolicy } from './policy.ts';
import { type ResourceUse, resourceUse, type Stage, type UseInput } from './resources.ts';

interface Context {
  readonly option: BrokerOption;
  readonly load: ClusterLoad;
  readonly stage: Stage;
  readonly policy: CapacityPolicy;
  readonly calibration: Calibration | null;
}

export function brokerUses(context: Context): readonly ResourceUse[] {
  return [
    ...safeIngress(context),
    ...networkUses(context),
    ...volumeUses(context),
    ...computeUses(context),
    ...countUses(context),
  ];
}

type Partial = Omit<UseInput, 'state'>;

const use = (resource: ResourceUse['resource'], { stage }: Context, input: Partial): ResourceUse =>
  resourceUse(resource, { ...input, state: stage.state });

/** Bytes that survivors read to rebuild a broker whose disk went with it; 0 where the disk outlives the instance. */
function rebuildBytesPerSec({ option, load, stage, policy }: Context): number {
  if (!option.volume.rebuilt || stage.state === 'normal') return 0;
  return load.storedBytes / load.brokers / (policy.rebuildWithinHours * 3600);
}

/** AWS's own sum for a Standard broker; it already holds the loss of a zone, so it is the same in both stages. */
function safeIngress(context: Context): readonly ResourceUse[] {
  const { option, load } = context;
  const { throughputMiBps } = option.volume;
  if (throughputMiBps === null) return [];
  const fanout = load.peakInBytesPerSec > 0 ? load.peakOutBytesPerSec / load.peakInBytesPerSec : 0;
  const networkMiBps = (option.broker.networkMbps * bytesPerMegabit) / mebibyte;
  const capacityMiBps = awsSafeIngressMiBps({
    volumeMiBps: throughputMiBps,
    networkMiBps,
    fanout,
    tiered: option.tiered,
  });
  return [
    use('safeIngress', context, {
      used: load.peakInBytesPerSec / load.brokers,
      capacity: capacityMiBps * mebibyte,
      ceiling: { normal: 1, degraded: 1, reason: 'the sum holds its own reserve' },
      unit: 'bytes/s',
      evidence: 'guidance',
      formula: option.tiered
        ? 'peak ingress / brokers, of min(volume / 8.0, network / (1.5 x fanout + 7.2)) x 0.5'
        : 'peak ingress / brokers, of min(volume / 6.5, network / (1.5 x fanout + 5.7)) x 0.5',
      source: 'mskSizing',
    }),
  ];
}

function networkUses(context: Context): readonly ResourceUse[] {
  const { option, load, stage, policy } = context;
  const shared = {
    capacity: option.broker.networkMbps * bytesPerMegabit,
    ceiling: policy.network,
    unit: 'bytes/s',
    evidence: 'published' as const,
    source: option.broker.networkSource,
  };
  const rebuild = rebuildBytesPerSec(context);
  return [
    use('networkIn', context, {
      ...shared,
      used: (load.peakInBytesPerSec + load.peakReplicationBytesPerSec) / stage.alive + rebuild,
      formula: 'peak ingress x replicas / brokers alive + rebuilding',
    }),
    use('networkOut', context, {
      ...shared,
      used: (load.peakOutBytesPerSec + load.peakReplicationBytesPerSec + rebuild) / stage.alive,
      formula: '(peak ingress x (replicas - 1) + egress of groups, catch-up and replay + rebuilding) / brokers alive',
    }),
  ];
}

/** Bytes a broker writes and reads of its disk, at peak. */
export function volumeBytesPerSec(load: ClusterLoad, stage: Stage): number {
  return (load.peakInBytesPerSec + load.peakReplicationBytesPerSec + load.coldReadBytesPerSec) / stage.alive;
}

function volumeUses(context: Context): readonly ResourceUse[] {
  const { option, load, stage, policy } = context;
  const { volume } = option;
  const throughput =
    volume.throughputMiBps === null
      ? []
      : [
          use('volumeThroughput', context, {
            used: volumeBytesPerSec(load, stage) + rebuildBytesPerSec(context),
            capacity: volume.throughputMiBps * mebibyte,
            ceiling: policy.volumeThroughput,
            unit: 'bytes/s',
            evidence: 'published',
            formula: '(peak ingress x replicas + reads behind the page cache) / brokers alive + rebuilding',
            source: volume.throughputSource,
          }),
        ];
  return [
    ...throughput,
    use('volumeSize', context, {
      used: storedBytesPerBroker(load, stage),
      capacity: volume.sizeGiB * gibibyte,
      ceiling: policy.volumeSize,
      unit: 'bytes',
      evidence: 'guidance',
      formula:
        stage.state === 'normal'
          ? 'higher of retained + buffer and what the disks will hold, / brokers'
          : 'higher of that and the guaranteed records on the brokers left',
      source: 'mskOperations',
    }),
  ];
}

/** Space one broker needs. After a loss nothing moves, but what is guaranteed must fit on the brokers left. */
export function storedBytesPerBroker(load: ClusterLoad, stage: Stage): number {
  const stored = load.storedBytes / stage.brokers;
  if (stage.state === 'normal' || load.guaranteedBytes === 0) return stored;
  return Math.max(stored, load.guaranteedBytes / stage.alive);
}

/** CPU is a heuristic until calibrated; the page cache is the operations guide's rule with the usual heap. */
function computeUses(context: Context): readonly ResourceUse[] {
  const { option, load, stage, policy, calibration } = context;
  const heapGiB = kafkaFacts.heapGiB.value ?? Number.NaN;
  const seconds = kafkaFacts.pageCacheSeconds.value ?? Number.NaN;
  return [
    use('cpu', context, {
      capacity: option.broker.vcpu,
      ceiling: policy.cpu,
      unit: 'vCPU',
      ...cpuUse(load, { alive: stage.alive, instanceType: option.broker.type, calibration }),
    }),
    use('pageCache', context, {
      used: ((load.peakInBytesPerSec + load.peakReplicationBytesPerSec) / stage.alive) * seconds,
      capacity: Math.max(0, option.broker.memoryGiB - heapGiB) * gibibyte,
      ceiling: policy.pageCache,
      unit: 'bytes',
      evidence: 'guidance',
      formula: `${seconds} s of writes, in what a heap of ${heapGiB} GiB leaves`,
      source: 'apacheKafka',
    }),
  ];
}

function countUses(context: Context): readonly ResourceUse[] {
  const { option, load, policy } = context;
  return [
    use('partitions', context, {
      used: Math.ceil(load.partitionReplicas / load.brokers),
      capacity: option.broker.partitions,
      ceiling: policy.partitions,
      unit: 'partition replicas',
      evidence: 'guidance',
      formula: 'partitions x replicas, with the 50 of __consumer_offsets, / brokers',
      source: option.broker.partitionsSource,
    }),
    connectionsUse(context.stage, load, policy),
    ...(option.broker.newConnectionsPerSec === null
      ? []
      : [newConnectionsUse(load, policy, option.broker.newConnectionsPerSec)]),
    ...(option.broker.selfManaged ? [mapAreasUse(context), fileHandlesUse(context)] : []),
  ];
}

/** The operations guide's sum: partitions x (size / segment size) + connections. */
function fileHandlesUse(context: Context): ResourceUse {
  const { load, policy } = context;
  return use('fileHandles', context, {
    used: load.segments / load.brokers + clientConnections(load),
    capacity: kafkaFacts.fileDescriptors.value ?? Number.NaN,
    ceiling: policy.fileHandles,
    unit: 'files',
    evidence: 'guidance',
    formula: 'segments / brokers + connections, of the 100,000 the operations guide starts with',
    source: 'apacheKafka',
  });
}

/** Each segment maps its two index files; it is segments that reach the limit of the system, not partitions. */
function mapAreasUse(context: Context): ResourceUse {
  const { load, policy } = context;
  return use('mapAreas', context, {
    used: ((kafkaFacts.mapAreasPerSegment.value ?? Number.NaN) * load.segments) / load.brokers,
    capacity: kafkaFacts.maxMapCount.value ?? Number.NaN,
    ceiling: policy.mapAreas,
    unit: 'areas',
    evidence: 'published',
    formula: '2 x segments / brokers, of the default vm.max_map_count, which can be raised',
    source: 'apacheKafka',
  });
}
