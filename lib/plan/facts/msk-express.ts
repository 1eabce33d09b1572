/** MSK Express brokers, one row a type. MB is 10^6 bytes. */
import type { FactTable } from './fact.ts';

export interface MskExpressBroker {
  readonly type: string;
  readonly vcpu: number;
  readonly memoryGiB: number;
  /** Size to this; above it performance is not promised. */
  readonly ingressSustainedMBps: number;
  /** Throttled above. */
  readonly ingressMaxMBps: number;
  readonly egressSustainedMBps: number;
  readonly egressMaxMBps: number;
  /** Leaders and followers of one broker. */
  readonly partitionsRecommended: number;
  readonly partitionsMax: number;
}

const columns = [
  'type',
  'vcpu',
  'memoryGiB',
  'ingressSustainedMBps',
  'ingressMaxMBps',
  'egressSustainedMBps',
  'egressMaxMBps',
  'partitionsRecommended',
  'partitionsMax',
] as const;

// biome-ignore format: one row a line
const rows: readonly (readonly [string, number, number, number, number, number, number, number, number])[] = [
  ['express.m7g.large', 2, 8, 15.6, 23.4, 31.2, 58.5, 1000, 1500],
  ['express.m7g.xlarge', 4, 16, 31.2, 46.8, 62.5, 117, 1000, 2000],
  ['express.m7g.2xlarge', 8, 32, 62.5, 93.7, 125, 234.2, 2500, 4000],
  ['express.m7g.4xlarge', 16, 64, 124.9, 187.5, 249.8, 468.7, 6000, 8000],
  ['express.m7g.8xlarge', 32, 128, 250, 375, 500, 937.5, 12000, 16000],
  ['express.m7g.12xlarge', 48, 192, 375, 562.5, 750, 1406.2, 16000, 24000],
  ['express.m7g.16xlarge', 64, 256, 500, 750, 1000, 1875, 20000, 32000],];

export const mskExpressBrokers: FactTable<MskExpressBroker> = {
  title: 'MSK Express brokers',
  rows: rows.map(
    (row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])) as unknown as MskExpressBroker,
  ),
  columns: {
    type: { unit: '', source: 'mskBestPractices' },
    vcpu: { unit: '', source: 'karpenterTypes' },
    memoryGiB: { unit: 'GiB', source: 'karpenterTypes' },
    ingressSustainedMBps: { unit: 'MB/s', source: 'mskLimits' },
    ingressMaxMBps: { unit: 'MB/s', source: 'mskLimits' },
    egressSustainedMBps: { unit: 'MB/s', source: 'mskLimits' },
    egressMaxMBps: { unit: 'MB/s', source: 'mskLimits' },
    partitionsRecommended: { unit: 'partition replicas', source: 'mskBestPractices' },
    partitionsMax: { unit: 'partition replicas', source: 'mskBestPractices' },
  },
  notes: [
    "Egress: AWS's sizing script allows 2.5 x the sustained ingress; the documented sustained egress, 2 x, is taken.",
    'Ingress of 4xlarge: the sizing script says 125.0, the documentation 124.9; the documentation is taken.',
  ],
};
