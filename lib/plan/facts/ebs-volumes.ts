/** EBS volume types. A figure that AWS changed since its last published guide carries its own source. */
import { fact } from './fact.ts';

export const gp3 = {
  baselineMiBps: fact(125, 'MiB/s', 'gp3Since2025', 'included in the price of the space'),
  baselineIops: fact(3000, 'IOPS', 'gp3Since2025', 'included in the price of the space'),
  maxMiBps: fact(2000, 'MiB/s', 'gp3Since2025', '1000 before 2025-09'),
  maxIops: fact(80_000, 'IOPS', 'gp3Since2025', '16000 before 2025-09'),
  maxGiB: fact(65_536, 'GiB', 'gp3Since2025', '16384 before 2025-09'),
  miBpsPerIops: fact(0.25, 'MiB/s per IOPS', 'ebsGuide2023'),
  maxIopsPerGiB: fact(500, 'IOPS per GiB', 'ebsGuide2023'),
} as const;

export const gp2 = {
  maxMiBps: fact(250, 'MiB/s', 'ebsGuide2023'),
  minMiBps: fact(128, 'MiB/s', 'mskOperations'),
  miBpsPerGiB: fact(0.75, 'MiB/s per GiB', 'mskOperations', 'min(250, max(128, 0.75 x GiB))'),
  maxIops: fact(16_000, 'IOPS', 'ebsGuide2023'),
} as const;

export const otherVolumes = {
  io1: {
    maxMiBps: fact(1000, 'MiB/s', 'ebsGuide2023'),
    maxIops: fact(64_000, 'IOPS', 'ebsGuide2023'),
    maxGiB: fact(16_384, 'GiB', 'ebsGuide2023'),
  },
  io2: {
    maxMiBps: fact(4000, 'MiB/s', 'ebsGuide2023'),
    maxIops: fact(256_000, 'IOPS', 'ebsGuide2023'),
    maxGiB: fact(65_536, 'GiB', 'ebsGuide2023'),
  },
  st1: {
    maxMiBps: fact(500, 'MiB/s', 'ebsGuide2023'),
    maxIops: fact(500, 'IOPS', 'ebsGuide2023'),
    minGiB: fact(125, 'GiB', 'ebsGuide2023'),
    maxGiB: fact(16_384, 'GiB', 'ebsGuide2023'),
  },
  sc1: {
    maxMiBps: fact(250, 'MiB/s', 'ebsGuide2023'),
    maxIops: fact(250, 'IOPS', 'ebsGuide2023'),
    minGiB: fact(125, 'GiB', 'ebsGuide2023'),
    maxGiB: fact(16_384, 'GiB', 'ebsGuide2023'),
  },
} as const;

/** Throughput of a gp2 volume: it grows with the size between two bounds. */
export function gp2MiBps(sizeGiB: number): number {
  const { minMiBps, maxMiBps, miBpsPerGiB } = gp2;
  return Math.min(maxMiBps.value ?? 0, Math.max(minMiBps.value ?? 0, (miBpsPerGiB.value ?? 0) * sizeGiB));
}
