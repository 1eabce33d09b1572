/**
 * Published sizing sums, as published. The capacity model takes the first as guidance; the others stand beside a plan for
 * comparison. MiB is 2^20 bytes, MB is 10^6.
 */
import { awsStandardModel } from '../facts/sizing-rules.ts';

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
