/**
 * Self-managed Kafka on EC2: brokers with gp3 volumes or with the instance's own disks, and three controllers: of their
 * own, or in the brokers' processes, which then leave them the memory they need.
 */
import { gp3 } from '../facts/ebs-volumes.ts';
import { type Ec2Instance, ec2Instances } from '../facts/ec2-instances.ts';
import { selfManagedFacts } from '../facts/kafka.ts';
import { mskStandardLimits } from '../facts/msk-limits.ts';
import type { PriceTable } from '../facts/prices/price-table.ts';
import { awsStandardModel } from '../facts/sizing-rules.ts';
import { type BrokerOption, gibibyte, mebibyte } from './broker.ts';
import { brokerUses } from './broker-uses.ts';
import { type Attempt, brokerCounts, noneLeft, smallestFitting } from './candidate.ts';
import { type ClusterLoad, clusterLoads } from './cluster-load.ts';
import { ec2Cost } from './costs.ts';
import { bothStages, type StageUses } from './resources.ts';
import { billOf, type Candidates, type SizingInput } from './sizing.ts';
import { neededGiB, neededMiBps } from './volume.ts';

const figure = (fact: { readonly value: number | null }): number => fact.value ?? Number.NaN;
const mebibytesPerMegabit = 125_000 / mebibyte;

export function ec2Candidates(input: SizingInput): Candidates {
  const loads = clusterLoads(input.demand);
  // No quota is published; beyond the largest managed cluster nobody should go unasked.
  const counts = brokerCounts(input.demand, figure(mskStandardLimits.brokersPerClusterKRaft));
  const controller = input.combinedControllers ? null : cheapestController(input.prices);
  const judged = input.localDisk ? withLocalDisk() : withKnownLink();
  return {
    impossible: [],
    candidates: judged.rows.flatMap((row) => {
      const best = smallestFitting(counts, (brokers) => ec2Attempt({ row, controller, load: loads(brokers) }, input));
      return best === null ? [] : [best];
    }),
    excluded: judged.excluded,
  };
}

interface Judged {
  readonly rows: readonly Ec2Instance[];
  readonly excluded: Candidates['excluded'];
}

/** Without the link to its volume nothing can be promised of an instance. */
function withKnownLink(): Judged {
  const withoutDisk = ec2Instances.rows.filter(({ localDiskGB }) => localDiskGB === null);
  const unknown = withoutDisk.filter(({ ebsBaselineMbps }) => ebsBaselineMbps === null);
  return {
    rows: withoutDisk.filter(({ ebsBaselineMbps }) => ebsBaselineMbps !== null),
    excluded: [
      {
        option: `${unknown.length} types of ${familiesOf(unknown)}`,
        reason: 'their EBS baseline was not found, only the burst, on which nothing can be planned',
      },
    ],
  };
}

/** The disks of d3 turn: nothing for the mix of writers and catching-up readers that a broker serves. */
function withLocalDisk(): Judged {
  const rows = ec2Instances.rows.filter(({ localDiskGB }) => localDiskGB !== null);
  return {
    rows: rows.filter(({ type }) => !type.startsWith('d3.')),
    excluded: [{ option: 'd3', reason: 'its disks are magnetic' }],
  };
}

function familiesOf(rows: readonly Ec2Instance[]): string {
  return [...new Set(rows.map(({ type }) => type.split('.')[0] ?? type))].join(', ');
}

const usualController = 'm7g.large';

/** The least instance with the memory of a controller, by price; the usual one where there are no prices. */
export function cheapestController(prices: PriceTable | null): Ec2Instance {
  const enough = ec2Instances.rows.filter(({ memoryGiB }) => memoryGiB > figure(selfManagedFacts.controllerMemoryGiB));
  const priceOf = ({ type }: Ec2Instance): number => prices?.ec2Hour[type] ?? Number.POSITIVE_INFINITY;
  const cheapest = enough.toSorted((a, b) => priceOf(a) - priceOf(b))[0];
  if (cheapest !== undefined && Number.isFinite(priceOf(cheapest))) return cheapest;
  const usual = ec2Instances.rows.find(({ type }) => type === usualController);
  if (usual === undefined) throw new RangeError(`${usualController} is not among the instances`);
  return usual;
}

function controllerGaps(): readonly string[] {
  return selfManagedFacts.controllerMemoryGiB.value === null
    ? [`the memory that a controller needs was not found: ${usualController} is taken`]
    : [];
}

interface Shape {
  readonly row: Ec2Instance;
  /** Null: the brokers are the controllers. */
  readonly controller: Ec2Instance | null;
  readonly load: ClusterLoad;
}

function ec2Attempt({ row, controller, load }: Shape, input: SizingInput): Attempt {
  const { policy, demand, calibration } = input;
  const volume = input.localDisk ? localVolume(row) : gp3Volume(row, load, input);
  const option: BrokerOption = { broker: brokerOf(row, controller === null), volume, tiered: false };
  const usesOf = (of: ClusterLoad): StageUses =>
    bothStages(of, (stage) => brokerUses({ option, load: of, stage, policy, calibration }));
  const extra = volume.provisionedMiBps === null ? '' : `, gp3 ${volume.provisionedMiBps} MiB/s`;
  return {
    ...usesOf(load),
    faults: load.survivors < 1 ? [noneLeft] : [],
    describe: () => ({
      option: `${load.brokers} x ${row.type}${extra}`,
      instanceType: row.type,
      brokers: load.brokers,
      vcpu: load.brokers * row.vcpu,
      volume,
      gaps: [
        ...controllerGaps(),
        ...(input.localDisk
          ? [`the throughput of the local disks of ${row.type} was not found: measure it before relying on it`]
          : []),
      ],
      under: (grown) => usesOf(clusterLoads(grown)(load.brokers)),
      ...billOf(input, (prices) => ec2Cost({ type: row.type, volume, controller }, load, demand.zones, prices)),
    }),
  };
}

function brokerOf(row: Ec2Instance, isController: boolean): BrokerOption['broker'] {
  return {
    type: row.type,
    vcpu: row.vcpu,
    memoryGiB: row.memoryGiB - (isController ? figure(selfManagedFacts.controllerMemoryGiB) : 0),
    networkMbps: row.networkBaselineMbps,
    networkSource: 'karpenterTypes',
    partitions: figure(selfManagedFacts.partitionsPerBroker),
    partitionsSource: 'mskBestPractices',
    newConnectionsPerSec: null,
    selfManaged: true,
  };
}

/** Whole MiB/s above the 125 included are bought when they are needed and the link to the volume carries them. */
function gp3Volume(row: Ec2Instance, load: ClusterLoad, { policy }: SizingInput): BrokerOption['volume'] {
  const linkMiBps = (row.ebsBaselineMbps ?? Number.NaN) * mebibytesPerMegabit;
  const includedMiBps = figure(gp3.baselineMiBps);
  const wantedMiBps = neededMiBps(load, policy, figure(awsStandardModel.volumeBytesPerByteIn));
  const mostMiBps = Math.floor(Math.min(figure(gp3.maxMiBps), linkMiBps));
  const volumeMiBps = Math.max(includedMiBps, Math.min(mostMiBps, Math.ceil(wantedMiBps)));
  return {
    kind: 'gp3',
    sizeGiB: Math.min(figure(gp3.maxGiB), policy.largestVolumeGiB, Math.max(1, neededGiB(load, policy))),
    throughputMiBps: Math.min(linkMiBps, volumeMiBps),
    throughputSource: 'ebsBaselines',
    provisionedMiBps: volumeMiBps > includedMiBps ? volumeMiBps : null,
    rebuilt: false,
  };
}

function localVolume(row: Ec2Instance): BrokerOption['volume'] {
  return {
    kind: 'local',
    sizeGiB: Math.floor(((row.localDiskGB ?? 0) * 1e9) / gibibyte),
    throughputMiBps: null,
    throughputSource: 'karpenterTypes',
    provisionedMiBps: null,
    rebuilt: true,
  };
}
