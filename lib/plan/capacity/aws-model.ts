/**
 * Published sizing sums, as published. The capacity model uses the first two as guidance; the others are what users
 * compare a plan with. MiB is 2^20 bytes, MB is 10^6.
 */
import { awsExpressModel, awsStandardModel } from '../facts/sizing-rules.ts';

const required = (figure: { readonly value: number | null }): number => figure.value ?? Number.NaN;

export interface StandardIngressInput {
  readonly volumeMiBps: number;
  readonly networkMiBps: number;
  /** Peak egress / peak ingress. */
  readonly fanout: number;
  readonly tiered: boolean;
}

/**
 * What one Standard broker takes in safely, MiB/s: min(volume / 6.5, network / (1.5 x fanout + 5.7)) x 0.5;
 * 8.0 and 7.2 with tiered storage. It already carries the loss of one of three zones, lagging readers and a rebalancing.
 */
export function awsSafeIngressMiBps({ volumeMiBps, networkMiBps, fanout, tiered }: StandardIngressInput): number {
  const model = awsStandardModel;
  const volumeFactor = required(tiered ? model.tieredVolumeBytesPerByteIn : model.volumeBytesPerByteIn);
  const networkFactor = required(tiered ? model.tieredNetworkBytesPerByteIn : model.networkBytesPerByteIn);
  const perVolume = volumeMiBps / volumeFactor;
  const perNetwork = networkMiBps / (required(model.networkBytesPerByteRead) * fanout + networkFactor);
  return Math.min(perVolume, perNetwork) * required(model.utilisation);
}

/** What one Express broker is sized for, MB/s: 75 % of the sustained rates, egress 2 x the sustained ingress. */
export function awsExpressRates(ingressSustainedMBps: number): { ingressMBps: number; egressMBps: number } {
  const ingressMBps = ingressSustainedMBps * required(awsExpressModel.utilisation);
  return { ingressMBps, egressMBps: ingressMBps * required(awsExpressModel.egressPerIngress) };
}

/** Brokers that `demand` needs of `perBroker` each, rounded up to a multiple of the zones. */
export function awsBrokers(demand: number, perBroker: number, zones: number): number {
  return Math.ceil(Math.ceil(demand / perBroker) / zones) * zones;
}

export interface ClusterThroughputInput {
  readonly brokers: number;
  readonly replicas: number;
  readonly groups: number;
  /** Each of one broker, all in the same unit. */
  readonly storage: number;
  readonly volumeLink: number;
  readonly network: number;
}

/**
 * Highest throughput of a cluster by AWS's right-sizing article, equation 1:
 * min(storage x N / r, volume link x N / r, network x N / (groups + r - 1)).
 */
export function clusterThroughput(input: ClusterThroughputInput): { limit: number; binds: string } {
  const { brokers, replicas, groups, storage, volumeLink, network } = input;
  const readers = groups + replicas - 1;
  const limits = [
    { binds: 'storage', limit: (storage * brokers) / replicas },
    { binds: 'volume link', limit: (volumeLink * brokers) / replicas },
    { binds: 'network', limit: readers === 0 ? Number.POSITIVE_INFINITY : (network * brokers) / readers },
  ];
  return limits.reduce((a, b) => (b.limit < a.limit ? b : a));
}

const secondsPerHour = 3600;
const gibPerMib = 1 / 1024;

/** Space of Standard brokers by AWS's script, GiB over all brokers: average in x hours x replicas, filled to half. */
export function awsStorageGiB(averageMiBps: number, hours: number, replicas: number): number {
  return (averageMiBps * hours * secondsPerHour * replicas * gibPerMib) / required(awsStandardModel.volumeFill);
}

/** One copy of what is older than the primary retention, GiB; also the space billed by Express with `primaryHours` 0. */
export function awsTieredGiB(averageMiBps: number, hours: number, primaryHours: number): number {
  return averageMiBps * Math.max(0, hours - primaryHours) * secondsPerHour * gibPerMib;
}

/** Traffic between zones in a month, GiB: 2/3 of what comes in, and of what goes out unless consumers read in their zone. */
export function awsCrossZoneGiB(averageInMiBps: number, averageOutMiBps: number, rackAware: boolean): number {
  const hoursPerMonth = 730;
  const crossing = ((averageInMiBps + (rackAware ? 0 : averageOutMiBps)) * 2) / 3;
  return crossing * secondsPerHour * hoursPerMonth * gibPerMib;
}

/** What the survivors of one of `zones` zones carry, for each byte before: z / (z - 1). */
export function zoneLossFactor(zones: number): number {
  return zones / (zones - 1);
}
