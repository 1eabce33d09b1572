/** A broker with a disk of its own: what its instance type and its volume offer. */
import type { SourceKey } from '../facts/sources.ts';

export const mebibyte = 1_048_576;
export const gibibyte = 1_073_741_824;
export const bytesPerMegabit = 125_000;

/** What an instance type offers a broker. */
export interface BrokerType {
  readonly type: string;
  readonly vcpu: number;
  readonly memoryGiB: number;
  readonly networkMbps: number;
  readonly networkSource: SourceKey;
  readonly partitions: number;
  readonly partitionsSource: SourceKey;
  /** With IAM, by the quota of AWS; null: none. */
  readonly newConnectionsPerSec: number | null;
  /** The operating system is the user's own, with its defaults. */
  readonly selfManaged: boolean;
}

/** The disk of one broker. */
export interface BrokerVolume {
  readonly kind: 'ebs' | 'gp3' | 'local';
  readonly sizeGiB: number;
  /** The lower of what the volume and the link to it carry; null: not published. */
  readonly throughputMiBps: number | null;
  readonly throughputSource: SourceKey;
  /** Throughput paid for beyond what is included, MiB/s; null: none. */
  readonly provisionedMiBps: number | null;
  /** Data is lost with the instance and must be rebuilt. */
  readonly rebuilt: boolean;
}

export interface BrokerOption {
  readonly broker: BrokerType;
  readonly volume: BrokerVolume;
  readonly tiered: boolean;
}
