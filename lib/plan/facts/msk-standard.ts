/**
 * MSK Standard brokers, one row a type. Throughput figures are those that AWS's own sizing script uses (MiB/s); the
 * network's decimal figure (Mbps) stands beside it because the two disagree by a few per cent for m5.
 */
import type { FactTable } from './fact.ts';

export interface MskStandardBroker {
  readonly type: string;
  readonly vcpu: number;
  readonly memoryGiB: number;
  readonly networkMiBps: number | null;
  readonly networkMbps: number | null;
  /** What the instance can write to its volume, whatever the volume allows. */
  readonly ebsMiBps: number | null;
  /** Leaders and followers of one broker: guidance, not enforced. */
  readonly partitionsRecommended: number;
  /** Above it AWS refuses updates of the configuration, the version and the broker size. */
  readonly partitionsMax: number;
  /** Largest provisioned throughput of its volume; null: the type cannot have it. */
  readonly provisionedThroughputMaxMiBps: number | null;
  readonly ioThreads: number | null;
  readonly networkThreads: number | null;
  readonly replicaFetchers: number | null;
  readonly iamNewConnectionsPerSec: number;
  readonly production: boolean;
  readonly tieredStorage: boolean;
  readonly multiVpc: boolean;
}

const columns = [
  'type',
  'vcpu',
  'memoryGiB',
  'networkMiBps',
  'networkMbps',
  'ebsMiBps',
  'partitionsRecommended',
  'partitionsMax',
  'provisionedThroughputMaxMiBps',
  'ioThreads',
  'networkThreads',
  'replicaFetchers',
  'iamNewConnectionsPerSec',
  'production',
  'tieredStorage',
  'multiVpc',
] as const;

// biome-ignore format: one row a line
const rows: readonly (readonly [
  string, number, number, number | null, number | null, number | null, number, number, number | null, number | null,
  number | null, number | null, number, boolean, boolean, boolean,
])[] = [
  ['kafka.t3.small', 2, 2, null, null, null, 300, 300, null, null, null, null, 4, false, false, false],
  ['kafka.m5.large', 2, 8, 96, 750, 81, 1000, 1500, null, 8, 5, 2, 100, true, true, true],
  ['kafka.m5.xlarge', 4, 16, 160, 1250, 144, 1000, 1500, null, 8, 5, 2, 100, true, true, true],
  ['kafka.m5.2xlarge', 8, 32, 320, 2500, 250, 2000, 3000, null, 8, 5, 2, 100, true, true, true],
  ['kafka.m5.4xlarge', 16, 64, 640, 5000, 593.75, 4000, 6000, 593, 16, 8, 4, 100, true, true, true],
  ['kafka.m5.8xlarge', 32, 128, 1280, 10000, 850, 4000, 6000, 850, 32, 16, 8, 100, true, true, true],
  ['kafka.m5.12xlarge', 48, 192, 1536, 12000, 1000, 4000, 6000, 1000, 48, 24, 14, 100, true, true, true],
  ['kafka.m5.16xlarge', 64, 256, 2560, 20000, 1000, 4000, 6000, 1000, 64, 32, 16, 100, true, true, true],
  ['kafka.m5.24xlarge', 96, 384, 3200, 25000, 1000, 4000, 6000, 1000, 96, 48, 16, 100, true, true, true],
  ['kafka.m7g.large', 2, 8, 117, 937, 78.75, 1000, 1500, null, 8, 5, 2, 100, true, true, true],
  ['kafka.m7g.xlarge', 4, 16, 234, 1876, 156.25, 1000, 1500, null, 8, 5, 2, 100, true, true, true],
  ['kafka.m7g.2xlarge', 8, 32, 469, 3750, 312.5, 2000, 3000, 312.5, 8, 5, 2, 100, true, true, true],
  ['kafka.m7g.4xlarge', 16, 64, 937, 7500, 625, 4000, 6000, 625, 16, 8, null, 100, true, true, true],
  ['kafka.m7g.8xlarge', 32, 128, 1875, 15000, 1000, 4000, 6000, 1000, 32, 16, null, 100, true, true, true],
  ['kafka.m7g.12xlarge', 48, 192, 2812, 22500, 1000, 4000, 6000, 1000, 48, 24, null, 100, true, true, true],
  ['kafka.m7g.16xlarge', 64, 256, 3750, 30000, 1000, 4000, 6000, 1000, 64, 32, null, 100, true, true, true],];

export const mskStandardBrokers: FactTable<MskStandardBroker> = {
  title: 'MSK Standard brokers',
  rows: rows.map(
    (row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])) as unknown as MskStandardBroker,
  ),
  columns: {
    type: { unit: '', source: 'mskBestPractices' },
    vcpu: { unit: '', source: 'karpenterTypes' },
    memoryGiB: { unit: 'GiB', source: 'karpenterTypes' },
    networkMiBps: { unit: 'MiB/s', source: 'mskSizing' },
    networkMbps: { unit: 'Mbit/s', source: 'karpenterTypes' },
    ebsMiBps: { unit: 'MiB/s', source: 'mskSizing' },
    partitionsRecommended: { unit: 'partition replicas', source: 'mskBestPractices' },
    partitionsMax: { unit: 'partition replicas', source: 'mskBestPractices' },
    provisionedThroughputMaxMiBps: { unit: 'MiB/s', source: 'mskProvisionedThroughput' },
    ioThreads: { unit: 'threads', source: 'mskOperations' },
    networkThreads: { unit: 'threads', source: 'mskOperations' },
    replicaFetchers: { unit: 'threads', source: 'mskProvisionedThroughput' },
    iamNewConnectionsPerSec: { unit: 'connections/s', source: 'mskLimits' },
    production: { unit: '', source: 'mskOperations' },
    tieredStorage: { unit: '', source: 'mskOperations' },
    multiVpc: { unit: '', source: 'mskOperations' },
  },
  notes: [
    'kafka.t3.small is for tests only: its CPU is burstable (baseline 20 %), its network and volume throughput were not found.',
    'partitionsMax of kafka.m5.24xlarge: the sizing script says 4000, the documentation 6000; the documentation is taken.',
    'Provisioned throughput: the sizing script and one version of the page allow it from 4xlarge on only; the table of the page, m7g.2xlarge included, is taken.',
    'MSK gives networkMiBps as Gbit/s x 128 for m5 and Gbit/s x 125 for m7g; capacity is computed from the decimal networkMbps, the lower of the two.',
  ],
};

/**
 * Threads that copy from each leader: with the default of 2 the followers cannot use the throughput bought.
 * AWS publishes the number for m5 alone; m7g takes that of the m5 with as many vCPU.
 */
export function replicaFetchers(instanceType: string): number {
  const { rows: types } = mskStandardBrokers;
  const row = types.find(({ type }) => type === instanceType);
  const alike = types.find(({ vcpu, replicaFetchers: threads }) => threads !== null && vcpu === row?.vcpu);
  return row?.replicaFetchers ?? alike?.replicaFetchers ?? 2;
}
